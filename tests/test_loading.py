"""What a notebook or script may look like, and what becomes of it: nothing is lost, or what is lost is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.exams import SEED, Exam
from autograder.grading import grade
from autograder.load.layouts import Found, load_submission
from autograder.records import Outcome, Report, ReportOutcome, Submission
from autograder.render.card import first_problem
from autograder.sandbox.client import Sandbox
from conftest import SUBMISSIONS, exam_of_functions

GALLERY = sorted((SUBMISSIONS / "loading").iterdir())

SAID: dict[str, list[str]] = {
    "cells-out-of-order.ipynb": [
        "Code cell 3, line 1, “one = 2 * unit”, needs unit, which is defined further down. It was read after that "
        "here, but “Restart and run all” stops at this line. Move it below the definition of unit.",
        "Code cell 2, line 1, “half = one / 2”, needs one, which is defined further down. It was read after that "
        "here, but “Restart and run all” stops at this line. Move it below the definition of one.",
        "Code cell 2, line 2, “scales = [half]”, needs half, which is defined further down. It was read after that "
        "here, but “Restart and run all” stops at this line. Move it below the definition of half.",
    ],
    "first-try-and-second-try.ipynb": [
        "multiply_backward is defined 2 times (code cell 4, line 1; code cell 5, line 1). The last one counts.",
    ],
    "first-try-that-does-not-parse.ipynb": [
        "Code cell 6, line 1, “def sigmoid_backward(grad_out, out)”: expected ':'. Only what is defined there is lost.",
    ],
    "invisible-characters.ipynb": [
        "Code cell 3, line 2, “return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))”, holds a "
        "character that cannot be seen (U+00A0) and that Python refuses. Such characters come along with pasted code. "
        "They were read as spaces or left out here (count: 4); type them again.",
        "Code cell 5, line 2, “return grad_out��* out * (1.0 - out)”, holds a character that cannot be seen (U+200B) "
        "and that Python refuses. Such characters come along with pasted code. They were read as spaces or left out "
        "here (count: 2); type them again.",
    ],
    "no-code.ipynb": [
        "This file holds no code, only text, comments or empty cells. Is it the file that you worked in?",
    ],
    "not-utf-8.py": [
        "This file is not in UTF-8, and Python itself would refuse it. It was read as Windows-1252; save it as UTF-8.",
    ],
    "notebook-named-py.py": [
        "This file is named like a script, but it is a notebook. It was read as one; name it .ipynb.",
    ],
    "of-another-assignment.ipynb": [
        "None of the functions of this assignment is defined here. This file defines conv_forward, conv_backward, "
        "max_pool and 4 more. Is it the file of another assignment?",
    ],
    "passed-before-but-not-written.ipynb": [
        "An output in this notebook says that a question passed whose function is not written in it: "
        "multiply_backward. Was the notebook saved before it was handed in?",
    ],
    "run-often-but-not-written.ipynb": [
        "The execution counts of this notebook go up to 49, many more than it has cells, but none of the functions is "
        "written in it. Was the notebook saved before it was handed in?",
    ],
    "percent-cells.py": [
        "Line 48, “for step in range(10)”: expected ':'. Only what is defined there is lost.",
    ],
    "scratch-cell-that-does-not-parse.ipynb": [
        "Code cell 8, line 2, “grads = add_backward(np.ones(3), np.ones(3), np.ones(3)”: '(' was never closed. "
        "Only what is defined there is lost.",
    ],
    "script-named-ipynb.ipynb": [
        "This file is named like a notebook, but it is a Python script. It was read as one; name it .py.",
    ],
    "star-import-of-a-missing-module.ipynb": [
        "Code cell 1, line 1, “from pylab import *”, raised ModuleNotFoundError: No module named 'pylab'. "
        "So * could not be defined.",
    ],
    "tabs-and-spaces.py": [
        "Line 24, “return grad_out * slope”: inconsistent use of tabs and spaces in indentation. Only what is defined "
        "there is lost.",
    ],
    "unknown-coding-line.py": [
        "The coding line of this file says utf8mb4, which does not fit the file, and Python itself would refuse it. It "
        "was read as UTF-8; delete that line, and save the file as UTF-8.",
    ],
    "utf-16.py": [
        "This file is not in UTF-8, and Python itself would refuse it. It was read as UTF-16; save it as UTF-8.",
    ],
}
"""The notes of the files that have any."""

FIND = "Then call it {}: the grader finds functions by their names."

LOST: dict[str, dict[str, tuple[str, str]]] = {
    "in-a-markdown-cell.ipynb": {
        "add_backward": (
            "add_backward is not defined in this file. It stands in markdown cell 2, which is text and not code.",
            "Change the type of that cell to Code, and run it.",
        ),
    },
    "inside-a-class.py": {
        "add_backward": (
            "add_backward is defined inside the class Backprop (line 49), where the grader does not look.",
            "Move it to the left margin, outside of the class.",
        ),
    },
    "inside-a-function.py": {
        "add_backward": (
            "add_backward is defined inside the function main (line 48), where the grader does not look.",
            "Move it to the left margin, outside of the function.",
        ),
    },
    "names-of-another-course.py": {
        "add_backward": (
            "add_backward is not defined in this file. d_add is (line 14): is that it?",
            FIND.format("add_backward"),
        ),
        "multiply_backward": (
            "multiply_backward is not defined in this file. mulBackward is (line 18): is that it?",
            FIND.format("multiply_backward"),
        ),
        "sigmoid_backward": (
            "sigmoid_backward is not defined in this file. sigmoid_prime is (line 22): is that it?",
            FIND.format("sigmoid_backward"),
        ),
        "matmul_backward": (
            "matmul_backward is not defined in this file. matmul_bakward is (line 26): is that it?",
            FIND.format("matmul_backward"),
        ),
        "softmax_cross_entropy_backward": (
            "softmax_cross_entropy_backward is not defined in this file. softmax_loss_backward is (line 30): is that "
            "it?",
            FIND.format("softmax_cross_entropy_backward"),
        ),
        "sgd_step": (
            "sgd_step is not defined in this file. sgd_update is (line 37): is that it?",
            FIND.format("sgd_step"),
        ),
        "numeric_gradient": (
            "numeric_gradient is not defined in this file. eval_numerical_gradient is (line 41): is that it?",
            FIND.format("numeric_gradient"),
        ),
    },
    "passed-before-but-not-written.ipynb": {"multiply_backward": ("multiply_backward is not written yet.", "")},
    "tabs-and-spaces.py": {
        "sigmoid_backward": (
            "sigmoid_backward could not be read. Line 24, “return grad_out * slope”: inconsistent use of tabs and "
            "spaces in indentation.",
            "Python stops at this line. Look for a missing bracket, colon or quote there, or in the line above.",
        ),
    },
    "under-the-main-block.py": {
        "add_backward": (
            'add_backward is defined under if __name__ == "__main__" (line 48), which does not run when the file is '
            "graded.",
            "Move it to the left margin, above that line.",
        ),
    },
    "under-writefile.ipynb": {
        "add_backward": (
            "add_backward is not defined in this file. It stands in code cell 3 under %%writefile, which leaves no "
            "definitions behind.",
            "Delete the line %%writefile, or move add_backward to a cell of its own.",
        ),
    },
}
"""The functions that are lost, by file, with what is said of each. All other functions of the file are right."""

NOTHING_TO_GRADE = {"no-code.ipynb", "of-another-assignment.ipynb", "run-often-but-not-written.ipynb"}
"""Files in which no function is written."""

NOT_READ = {
    "cut-off.ipynb": (
        "This notebook is cut off: its end is missing. Save it again in Jupyter, and hand in what that wrote."
    ),
    "empty.ipynb": "This file is empty. Save your work again, look into the file, and hand it in again.",
    "empty.py": "This file is empty. Save your work again, look into the file, and hand it in again.",
    "git-lfs-pointer.ipynb": (
        "This file is a Git LFS pointer, not a notebook: it only says where the notebook is kept. Run git lfs pull, "
        "and hand in the file that it brings."
    ),
    "gzip-archive.py": ("This file is a gzip archive, not a script. Unpack it, and hand in the script itself."),
    "merge-conflict.ipynb": (
        "This notebook holds the marks of a merge conflict (<<<<<<<), and Jupyter itself would refuse it. Resolve the "
        "conflict in Git, save it again in Jupyter, and hand in what that wrote."
    ),
    "only-null-bytes.py": (
        "This file holds nothing but null bytes: what was in it is gone. Hand in your own copy again."
    ),
    "print.ipynb": "This file is a PDF, not a notebook. Hand in the notebook itself, not a print of it.",
    "web-page.ipynb": (
        "This file is a web page, not a notebook: a browser saved the page that shows it. Download the notebook "
        "itself, and hand that in."
    ),
    "zip-archive.ipynb": (
        "This file is a zip archive (or a document of an office program), not a notebook. Unpack it, and hand in the "
        "notebook itself."
    ),
}
"""The files that cannot be read at all, and what is said of each."""


@pytest.fixture(scope="module")
def exam() -> Exam:
    """Without training: what one function does, costs there by intention."""
    return exam_of_functions(SEED)


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    with Sandbox(exam.assignment) as sandbox:
        yield sandbox


def graded(file: Path, exam: Exam, sandbox: Sandbox) -> Report:
    submission = load_submission(Found(file.name, file))
    assert isinstance(submission, Submission)
    return grade(exam, submission, sandbox)


@pytest.mark.parametrize(
    "file", [file for file in GALLERY if file.name not in {*NOT_READ, *NOTHING_TO_GRADE}], ids=lambda file: file.name
)
def test_what_stands_beside_right_functions_costs_nothing(file: Path, exam: Exam, sandbox: Sandbox) -> None:
    """Each file is named after what the loader must survive. All functions are right but those that are lost, and
    what is lost is said."""
    report = graded(file, exam, sandbox)
    lost = LOST.get(file.name, {})

    assert [note.message for note in report.notes] == SAID.get(file.name, [])
    assert report.outcome is ReportOutcome.GRADED
    for question in report.questions:
        problem = first_problem(question)
        told = None if problem is None else (problem.message, problem.hint)
        assert told == lost.get(str(question.function))
        assert question.score == (0 if told else question.max_score)
    if not lost:
        assert report.score == exam.assignment.max_score


@pytest.mark.parametrize("name", sorted(NOTHING_TO_GRADE))
def test_a_file_without_any_work_says_what_it_may_be(name: str, exam: Exam, sandbox: Sandbox) -> None:
    """A zero that comes from handing in the wrong file is told as such."""
    report = graded(SUBMISSIONS / "loading" / name, exam, sandbox)

    assert [note.message for note in report.notes] == SAID[name]
    assert report.outcome is ReportOutcome.GRADED
    assert {question.outcome for question in report.questions} == {Outcome.NOT_STARTED}
    assert report.score == 0


@pytest.mark.parametrize("name", sorted(NOT_READ))
def test_a_file_that_is_something_else_says_what_it_is(name: str, exam: Exam, sandbox: Sandbox) -> None:
    """Whoever hands in a web page reads that it is one."""
    report = graded(SUBMISSIONS / "loading" / name, exam, sandbox)

    assert [note.message for note in report.notes] == [NOT_READ[name]]
    assert report.outcome is ReportOutcome.UNREADABLE


def test_a_notebook_of_ten_megabytes_is_graded_in_full(exam: Exam, sandbox: Sandbox, tmp_path: Path) -> None:
    """Pictures in the outputs are no reason to lose anything."""
    notebook = json.loads((SUBMISSIONS / "loading" / "odd-cells.ipynb").read_text(encoding="utf-8"))
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0K" * (1 << 17)}}
    notebook["cells"] += [{"cell_type": "code", "source": "plot()", "outputs": [picture]}] * 10
    file = tmp_path / "hw.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")

    assert file.stat().st_size > 10_000_000
    assert graded(file, exam, sandbox).score == exam.assignment.max_score


OUT_OF_ORDER = [
    pytest.param(["b = a", "a = 1", "b = 2"], "b", 2, ["out-of-order"], id="and-defined-again-below"),
    pytest.param(["b = a", "b = 2", "a = 1"], "b + 0 * a", 2, ["statement-raised"], id="and-defined-again-before"),
    pytest.param(["b = a", "a = b"], "b + a", None, ["statement-raised", "statement-raised"], id="in-a-circle"),
    pytest.param(["b = a", "a = c", "c = 1"], "b", 1, ["out-of-order", "out-of-order"], id="two-steps"),
    pytest.param(["b = a + c", "a = 1", "c = 1"], "b", 2, ["out-of-order"], id="two-names"),
    pytest.param(["b = a", "a = 1 / 0"], "b", None, ["statement-raised", "statement-raised"], id="that-raises"),
    pytest.param(["b = a"], "b", None, ["statement-raised"], id="that-is-nowhere"),
    pytest.param(["def g(): return a", "b = g()", "a = 3"], "b", 3, ["out-of-order"], id="needed-in-a-call"),
    pytest.param(["t = []", "t.append(a)", "a = 3"], "t[0]", 3, ["out-of-order"], id="put-into-a-table"),
]


@pytest.mark.parametrize(("statements", "value", "result", "faults"), OUT_OF_ORDER)
def test_a_statement_waits_for_the_name_that_it_needs(
    statements: list[str], value: str, result: int | None, faults: list[str]
) -> None:
    """Cells are not always in the order in which they were run; who waits for nothing is told, and it ends."""
    source = "\n".join([*statements, f"def f(): return {value}"])
    code = (
        "import sys\n"
        "from autograder.sandbox.worker import define\n"
        "from autograder.source.extract import extract\n"
        "functions, notes = define(extract(sys.argv[1].encode(), 'script', ['f']), ('f',), {}, {})\n"
        "print(*[note.fault for note in notes])\n"
        "print(functions['f']())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, source], capture_output=True, text=True, check=False)

    said, *returned = done.stdout.splitlines()
    assert said.split() == faults
    assert returned == ([] if result is None else [str(result)])


def test_a_script_out_of_order_is_told_about_python(exam: Exam, sandbox: Sandbox) -> None:
    """Only a notebook has a menu with "Restart and run all"."""
    source = "half = one / 2\none = 1.0\ndef sigmoid_backward(grad_out, out):\n    return grad_out * half\n"
    report = grade(exam, Submission("hw.py", "script", source.encode()), sandbox)

    assert [note.message for note in report.notes] == [
        "Line 1, “half = one / 2”, needs one, which is defined further down. It was read after that here, but Python "
        "stops at this line. Move it below the definition of one."
    ]


def test_all_that_is_said_is_said_of_a_file_of_the_gallery() -> None:
    """A file that is renamed takes its notes along."""
    assert {*SAID, *LOST, *NOT_READ, *NOTHING_TO_GRADE} <= {file.name for file in GALLERY}
