"""One master → everything that students and graders need of an assignment, or an error that names the cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.records import Assignment
from autograder.release.graders import OURS, WHEEL, HandoutGrader
from autograder.release.handout import HandoutCell, notebook_text, script_of
from autograder.release.leaked_lines import refuse_answers, refuse_leaks
from autograder.release.lint import lint_master
from autograder.release.master import find_master, read_master
from autograder.release.otter_assign import Assigned, need_otter, run_otter_assign
from autograder.release.pictures import with_pictures
from autograder.release.solved import solution_of
from autograder.release.student_zip import pack, public_files
from autograder.release.test_files import otter_test_file
from autograder.render.feedback import load_handout_words

_CALL = re.compile(r"^grader\.(?:check|check_all|hint)\(.*\)$", re.MULTILINE)
_MAGIC = re.compile(r"^[%!].*$", re.MULTILINE)
_EXPORT = re.compile(r"^grader\.export\(.*\)$", re.MULTILINE)


@dataclass(frozen=True)
class Build:
    """What a master becomes, by the names of files. `handout` is made for students, and `solution` is not.

    `beside` are the files that come with the handout in a zip: a README, and the public files of the assignment.
    """

    handout: Mapping[str, bytes]
    beside: Mapping[str, bytes]
    solution: bytes


def build_handout(assignment: Assignment, grader: HandoutGrader = OURS) -> Build:
    """The notebook, the script, the test files, a README and the solution, made from the assignment's master.

    The same bytes for the same master, assignment and otter. Raises UsageError where there is no master, or no otter,
    and BuildError when something is wrong with the master, or the handout would hold a line of a solution.
    """
    file = find_master(assignment)
    need_otter()
    master = read_master(file)
    lint_master(master, assignment)
    assigned = run_otter_assign(file)
    functions = [question.function for question in assignment.questions if question.function]
    solution = solution_of(assigned.solved, assignment.name, functions, str(file))

    words = load_handout_words(assignment.language)
    name = assignment.name
    student = grader.put_into(assigned.student, assignment, words)
    metadata = {"otter": assigned.metadata} if grader.is_otters and assigned.metadata else {}
    notebook = notebook_text(with_pictures(student, file.parent), metadata)
    refuse_answers(notebook, master, functions)
    handout = {
        f"{name}.ipynb": notebook,
        f"{name}.py": script_of([_for_a_script(cell, words, name) for cell in student]),
        **_test_files(assignment, assigned),
    }
    readme = words["readme"].format(title=assignment.title, name=name, wheel=WHEEL, also=grader.also)
    built = Build(
        handout={path: text.encode() for path, text in handout.items()},
        beside={**public_files(assignment), "README.md": readme.encode()},
        solution=solution.encode(),
    )
    refuse_leaks({**built.handout, **built.beside}, master, assignment)
    return built


def student_zip(assignment: Assignment, build: Build, wheel: tuple[str, bytes]) -> bytes:
    """The zip for students: the handout, the assignment's public files, and the grader's wheel."""
    name, data = wheel
    return pack(assignment.name, {**build.beside, **build.handout, name: data})


def solution_file(assignment: Assignment) -> Path:
    """Where the solution is written: beside the master, never where the handout goes."""
    return find_master(assignment).with_name("solution.py")


def _for_a_script(cell: HandoutCell, words: Mapping[str, str], name: str) -> HandoutCell:
    """A script shows nothing by itself: what the grader says is printed. It is handed in as it is, and what only a
    notebook understands is a comment in it."""
    if cell.kind != "code":
        return cell
    text = _CALL.sub(lambda call: f"print({call[0]})", cell.text)
    text = _MAGIC.sub(lambda line: f"# {line[0]}", text)
    return HandoutCell("code", _EXPORT.sub(f"# {words['hand_in'].format(file=f'{name}.py')}", text))


# ---- test files --------------------------------------------------------------------------------------------


def _test_files(assignment: Assignment, assigned: Assigned) -> dict[str, str]:
    """One for each question: our checks, and below them the test cells of the master, which are worth no points."""
    files = {}
    for question in assignment.questions:
        own = assigned.tests.get(question.name, "")
        files[f"tests/{question.name}.py"] = otter_test_file(assignment, question) + _without_points(own)
    return files


def _without_points(own: str) -> str:
    """The functions of a test file that otter has made; its first lines are ours to say."""
    start = own.find("@test_case")
    if start < 0:
        return ""
    cases = re.sub(r"^(@test_case\(points=)[^,]*", r"\g<1>0", own[start:], flags=re.MULTILINE).rstrip()
    return f"\n\nfrom otter.test_files import test_case\n\n\n{cases}\n"
