"""In a notebook of otter: `grader.check`, `check_all` and `export` as its users know them, with our sentences."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from otter_runs import BACKPROP, SOLUTION, grader_grade, with_solution
from sources import notebook

from autograder.load.assignment import load_assignment
from autograder.notebook import Notebook
from autograder.release.test_files import otter_test_file
from conftest import ROOT, SOLUTIONS

pytestmark = [pytest.mark.notebook, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

WRONG = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
NO_SUM = "import numpy as np\n\ndef multiply_backward(grad_out, a, b):\n    return grad_out * b, grad_out * a\n"
EXITS = "import sys\n\ndef sigmoid_backward(grad_out, out):\n    sys.exit(0)\n"


def defined(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "example"}
    exec(compile(source, "hw.py", "exec"), namespace)
    return namespace


@pytest.fixture
def grader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Otter's own `Notebook`, in a folder with a notebook and our test files."""
    import otter

    (tmp_path / "tests").mkdir()
    for question in BACKPROP.questions:
        text = otter_test_file(BACKPROP, question)
        (tmp_path / "tests" / f"{question.name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "hw.ipynb").write_bytes(notebook(SOLUTION, nbformat_minor=4))
    monkeypatch.chdir(tmp_path)
    return otter.Notebook("hw.ipynb")


def said(result: Any) -> dict[str, str]:
    """What each case that did not pass says, without what otter puts above it."""
    return {
        one.test_case.name: one.message.partition("AssertionError: ")[2]
        for one in result.test_case_results
        if not one.passed
    }


def test_a_right_function_passes_all_cases(grader: Any) -> None:
    """Otter's own words, and its own points."""
    result = grader.check("multiply", defined(SOLUTION))

    assert result.summary() == "multiply results: All test cases passed!"
    assert result.score == result.possible == 12


def test_the_first_problem_is_the_whole_card_and_the_others_are_short(grader: Any) -> None:
    """The sentence on the mistake where it shows first; after it, what is new, or that nothing is."""
    texts = said(grader.check("multiply", defined(with_solution(NO_SUM))))

    assert list(texts) == ["multiply - shapes", "multiply - hard"]
    assert texts["multiply - shapes"].startswith(
        "✗ multiply   Not yet   6 / 12\n"
        "    What broadcasting repeated was not added up in grad_b. A value that\n"
        "    is used several times adds its gradients, so the gradient ends with\n"
        "    the shape of its operand. For a (2, 3), b (1, 3): grad_b has shape\n"
        "    (2, 3), expected (1, 3), the shape of b. Axis 0 is too long: it\n"
        "    should have length 1.\n"
        "    Next  Compare the shape of b with that of grad_b. How often was each\n"
        "          entry of b used?\n"
        "    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1\n"
        "\n"
        "    expected (1, 3)               yours (2, 3)\n"
    )
    assert texts["multiply - hard"] == (
        "✗ multiply - hard   Not yet   0 / 1\n"
        "    For a (4, 3), b (3,), grad_out is int64: grad_b has shape (4, 3),\n"
        "    expected (3,), the shape of b. It has one axis too many, axis 0.\n"
        "    Next  Each result has the shape of its operand. Which axis of yours\n"
        "          is too many, too long, or gone?\n"
        "    hard 0/1"
    )


def test_what_is_not_there_is_said_once(grader: Any) -> None:
    """Five cases, and one thing to do."""
    texts = said(grader.check("multiply", defined("x = 1\n")))

    assert texts == {
        "multiply - runs": (
            "○ multiply   Not started   0 / 12\n"
            "    multiply_backward is not defined in this notebook yet.\n"
            "    Next  Run the cell that defines it, and then this one again."
        ),
        **{f"multiply - {family}": "The same as for runs." for family in ("values", "shapes", "pure", "hard")},
    }


def test_an_exit_in_one_function_costs_that_question_alone(grader: Any) -> None:
    """Otter catches Exception only: what leaves a function of a student must not leave ours."""
    namespace = defined(with_solution(EXITS))

    texts = said(grader.check("sigmoid", namespace))

    assert texts["sigmoid - runs"].startswith(
        "✗ sigmoid   Not yet   0 / 10\n    For x (3, 4): sigmoid_backward raised SystemExit"
    )
    assert texts["sigmoid - values"] == "The same as for runs."
    assert grader.check("add", namespace).score == 8


def test_five_families_cost_one_check(grader: Any) -> None:
    """The student's function is called as often as by one check in our own notebook."""
    calls: list[int] = []
    namespace = defined(SOLUTION)
    multiply_backward = namespace["multiply_backward"]

    def counted(*args: Any) -> Any:
        calls.append(1)
        return multiply_backward(*args)

    namespace["multiply_backward"] = counted
    Notebook("backprop", namespace=namespace).report(["multiply"])
    once = len(calls)
    grader.check("multiply", namespace)

    assert once > 0
    assert len(calls) == 2 * once


def test_the_next_check_sees_what_was_written_meanwhile(grader: Any) -> None:
    """The same names in the same notebook, and another function."""
    namespace = defined(with_solution(NO_SUM))
    before = grader.check("multiply", namespace).score
    exec(SOLUTION, namespace)

    assert (before, grader.check("multiply", namespace).score) == (6, 12)


def test_a_test_file_that_is_run_again_checks_again() -> None:
    """Whoever keeps the cases, and not the file that makes them, gets no old answer."""
    from autograder.otter.cases import cases

    runs, *_ = cases("backprop", "multiply", runs=2, values=3)
    namespace = defined("x = 1\n")
    with pytest.raises(AssertionError, match="Not started"):
        runs.call_func(namespace)
    exec(SOLUTION, namespace)

    runs.call_func(namespace)


def test_a_test_file_of_another_version_says_that_it_is_not_the_students_fault() -> None:
    """A question that the installed grader does not have."""
    from autograder.otter.cases import cases

    (case,) = cases("backprop", "multiplyy", runs=2)

    with pytest.raises(AssertionError) as raised:
        case.call_func(defined(SOLUTION))

    assert str(raised.value) == (
        "The grader failed here, and not your answer. Please tell your instructor: "
        'UsageError: backprop has no question multiplyy: did you mean "multiply"?'
    )


def test_cases_of_a_hidden_question_are_hidden() -> None:
    """Otter shows them to nobody before their time."""
    from autograder.otter.cases import cases

    assert [case.hidden for case in cases("backprop", "sgd_step", runs=1, values=2, hidden=True)] == [True, True]


def test_check_all_adds_up_to_our_score(grader: Any) -> None:
    """All questions of a right notebook, and their points. Otter takes the globals of whoever calls."""
    namespace = defined(with_solution(NO_SUM))
    namespace["grader"] = grader
    exec("results = grader.check_all()", namespace)

    assert (namespace["results"].total, namespace["results"].possible) == (93, 100)


def test_an_export_of_otter_can_be_handed_in(grader: Any, tmp_path: Path) -> None:
    """Its zip holds its log, too, and is graded as it is."""
    grader.check("multiply", defined(SOLUTION))
    grader.export(export_path="hw.zip", pdf=False, display_link=False)

    with zipfile.ZipFile(tmp_path / "hw.zip") as packed:
        assert {"hw.ipynb", ".OTTER_LOG"} <= set(packed.namelist())
    here = load_assignment(str(ROOT / "assignments" / "backprop"))  # its folder, seen from this one
    assert grader_grade(tmp_path / "hw.zip", here).score == 100


def assert_same_points(file: Path, grader: Any) -> None:
    """Of the cases of a question, and of the check in our own notebook: in every question, all functions defined."""
    namespace = defined(with_solution(file.read_text(encoding="utf-8")))
    report = Notebook("backprop", namespace=namespace).report()

    assert {question.name: grader.check(question.name, namespace).score for question in report.questions} == {
        question.name: question.score for question in report.questions
    }


@pytest.mark.parametrize("file", WRONG[::60], ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_cases_of_a_question_earn_what_it_earns(file: Path, grader: Any) -> None:
    """Families that earn a share as well. `make proof` looks at the whole gallery."""
    assert_same_points(file, grader)


@pytest.mark.proof
@pytest.mark.parametrize("file", WRONG, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_cases_of_a_question_earn_what_it_earns_in_the_whole_gallery(file: Path, grader: Any) -> None:
    """Every wrong function among right ones."""
    assert_same_points(file, grader)
