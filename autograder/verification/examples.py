"""Wrong examples, each one function: do they lose what they promise, and are they called by their names?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.checks.misconceptions.table import known_ids
from autograder.exams import Exam
from autograder.judging import judge, make_report
from autograder.records import Answers, Gap, Question, Tally
from autograder.verification.mutation import lost_families
from autograder.verification.rehearsal import rehearse

PROMISE = "# loses:"
"""Mark of the comment that says which families a wrong example loses."""


def prove_examples(exam: Exam, question: Question, files: Sequence[Path]) -> tuple[Tally, Tally, list[Gap]]:
    """How many wrong examples lose what they promise, how many are called by the name of their file, and the rest."""
    known = known_ids(question.forward)
    gaps: list[Gap] = []
    caught = named = to_name = 0
    for file in files:
        where = f"wrong/{question.name}/{file.name}"
        source = file.read_text(encoding="utf-8", errors="replace")
        answers = rehearse(source, exam.assignment, exam.deck)
        not_run = _not_run(question, answers, where)
        if not_run:
            gaps.append(not_run)
            continue
        results = judge(exam, answers)
        slipped = _slipped(question, lost_families(results), _promised(source), where)
        gaps += slipped
        caught += not slipped
        id = file.stem.partition("--")[0]
        if id in known:
            (result,) = make_report(exam, file.name, answers, results).questions
            is_named = id in result.misconceptions
            named += is_named
            to_name += 1
            if not (slipped or is_named):
                gaps.append(_misnamed(id, result.misconceptions, where))
    return Tally(caught, len(files)), Tally(named, to_name), gaps


def _promised(source: str) -> list[str]:
    """The families that a wrong example says it loses, among the comments at its top."""
    head = [line for line in source.splitlines()[:5] if line.startswith(PROMISE)]
    return head[0].removeprefix(PROMISE).split() if head else []


def _not_run(question: Question, answers: Answers, where: str) -> Gap | None:
    written = answers.written[question.function]
    if written.state == "written":
        return None
    reason = written.facts.get("text", f"it does not define {question.function}")
    return Gap(f"{where} could not be run: {reason}.", "Each file defines one wrong function, and all that it needs.")


def _slipped(question: Question, lost: Collection[str], promised: Sequence[str], where: str) -> list[Gap]:
    missing = [family for family in promised if family not in lost]
    if not lost:
        message = f"{where} still earns {question.max_score} of {question.max_score}."
        return [Gap(message, f"Add a case that shows the mistake to the cases of {question.name}.")]
    if missing:
        message = f"{where} promises to lose {' '.join(missing)}, but loses {' '.join(lost)} only."
        return [Gap(message, f"Add a case to that family, or correct the line `{PROMISE}`.")]
    return []


def _misnamed(id: str, names: Sequence[str], where: str) -> Gap:
    said = f"is called {' and '.join(names)}" if names else "gets no name"
    return Gap(f"{where} {said}, not {id}.", "Name the file after the mistake that it shows.")
