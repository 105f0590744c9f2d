"""`grader grade --out`: a class into a folder, and what its instructor sees of that."""

from __future__ import annotations

import shlex
import signal
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from autograder.errors import UsageError
from autograder.gradebook import Gradebook
from autograder.grades.folder import RESULTS, open_folder
from autograder.grades.outputs import write_outputs
from autograder.grades.reading import read_gradebook
from autograder.grades.regrade import compare, is_compared, previous, set_aside
from autograder.grades.run import Course, Workers, grade_into, how_far, make_plan
from autograder.records import Results
from grader_cli.changes import print_changes
from grader_cli.console import by_state, is_coloured, printable, terminal_width, with_progress
from grader_cli.layouts import layout_line

LABEL = 12
PAGE = "report.html"
CHOSEN = ("chosen-newest", "chosen-last", "chosen-kind")
"""Notes that say which of several files is graded."""

MOST_COMMAND = 160
"""Letters of a command that is worth repeating. `grader grade *.ipynb` may have thousands."""


def grade_into_folder(out: Path, course: Course, workers: Workers, is_resumed: bool, is_regraded: bool) -> Results:
    """Grade the class into a folder, print what came of it, and return it. Ends the process when it is told to stop."""
    if is_resumed and is_regraded:
        raise UsageError("--resume grades what is left, --regrade all anew. Choose one of them.")
    with open_folder(out) as folder:
        _refuse_results(folder, is_resumed or is_regraded)
        with _stopped_gently(folder, len(course.export.handins)):
            if is_regraded:
                set_aside(folder)
            return _grade(folder, course, workers)


def _refuse_results(folder: Path, is_expected: bool) -> None:
    file = folder / RESULTS
    if not is_expected and file.exists() and file.stat().st_size:
        raise UsageError(
            f"{folder}: there are results already. --resume grades what is new or was not finished, "
            "--regrade grades all anew and tells who changes."
        )


@contextmanager
def _stopped_gently(folder: Path, handins: int) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the run with a sentence on what is kept, and how to go on."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would only take the sentence away
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        click.echo(f"\nStopped. {how_far(folder, handins)}\nGo on with  {_going_on()}", err=True)
        raise click.exceptions.Exit(130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _going_on() -> str:
    words = [word for word in sys.argv[1:] if word not in ("--regrade", "--resume")]
    command = printable(shlex.join(["grader", *words, "--resume"]))
    return command if len(command) <= MOST_COMMAND else "the same command and --resume"


def _grade(folder: Path, course: Course, workers: Workers) -> Results:
    assignment, export = course.assignment, course.export
    count = len(export.handins)
    say("Layout", layout_line(export).removeprefix("Layout").strip())
    say("Assignment", f"{assignment.name} {assignment.version} · {assignment.max_score} points · seed {course.seed}")
    for remark in (*export.remarks, *_on_several_files(course)):
        say("Note", remark)
    plan = make_plan(folder, course)
    for remark in plan.remarks:
        say("Note", remark)
    if plan.done:
        say("Resumed", f"{plan.done} of {count} are graded already")
    started = time.monotonic()
    kept = grade_into(folder, course, plan, workers, with_progress)
    seconds = time.monotonic() - started
    written = write_outputs(folder)
    gradebook = read_gradebook(folder)
    results = Results(
        gradebook.assignment,
        gradebook.version,
        gradebook.seed,
        gradebook.layers,
        round(seconds, 1),
        tuple(entry.report for entry in gradebook.entries),
    )
    say("Isolation", by_state(gradebook.layers))
    say("Graded", f"{len(plan.todo)} submission{'' if len(plan.todo) == 1 else 's'} in {seconds:.1f} s")
    click.echo()
    _print_class(results, gradebook)
    older = previous(folder)
    if older is not None:
        print_changes(older.name, tuple(compare(older, folder / RESULTS)), terminal_width(), is_coloured())
    is_compared(folder)
    for remark in gradebook.remarks:
        if remark not in export.remarks:  # those were said at the beginning
            say("Note", remark)
    if kept:
        say("Note", f"Results that are not of this class any more are kept in {folder / kept}.")
    say("Wrote", "   ".join(f"{folder / name}" for name in (RESULTS, *written)))
    return results


def _on_several_files(course: Course) -> Iterator[str]:
    chosen = sum(any(note.fault in CHOSEN for note in handin.notes) for handin in course.export.handins)
    if chosen:
        many = "1 hand-in has" if chosen == 1 else f"{chosen} hand-ins have"
        yield f"{many} several files. One of each is graded, the newest notebook: {PAGE} lists which, and which not."


def _print_class(results: Results, gradebook: Gradebook) -> None:
    from autograder.render.terminal import render_class

    names = names_on_screen(gradebook)
    click.echo(render_class(results, terminal_width(), is_coloured(), names))
    missing = [printable(grade.student.shown) for grade in gradebook.grades if grade.entry is None]
    if missing:
        say("Missing", f"{len(missing)} handed in nothing: {_listed(missing)}")
    kinds = Counter(one.kind for grade in gradebook.grades for one in grade.adjustments if one.points)
    if kinds:
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        say("Adjusted", f"{told}: grades that are not what the checks gave. The reasons stand in grades.csv.")


def names_on_screen(gradebook: Gradebook) -> dict[str, str]:
    """Whose each hand-in is, by its name; two students of one name, and two attempts of one student, are told apart."""
    told = {
        entry.handin.name: ", ".join(printable(student.shown) for student in entry.handin.students)
        for entry in gradebook.entries
    }
    counts = Counter(told.values())
    return {name: shown if counts[shown] == 1 else f"{shown} ({name})" for name, shown in told.items()}


def _listed(names: Iterable[str], most: int = 12) -> str:
    names = list(names)
    return ", ".join([*names[:most], *([f"and {len(names) - most} more"] if len(names) > most else [])])


def say(label: str, text: str) -> None:
    """`Layout      Canvas · 42 submissions`, further lines below the beginning of the text."""
    head, rest = f"{label:{LABEL}}", " " * LABEL
    lines = textwrap.wrap(
        printable(text),
        terminal_width(),
        initial_indent=head,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    click.echo("\n".join(lines))
