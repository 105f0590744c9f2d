"""A question as a test file of otter: two lines, and no check in them."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from autograder.load.assignment import load_assignment
from autograder.records import Assignment, Question
from autograder.release.test_files import otter_test_file
from conftest import ROOT

BACKPROP = load_assignment(str(ROOT / "assignments" / "backprop"))
EACH = pytest.mark.parametrize("question", BACKPROP.questions, ids=[one.name for one in BACKPROP.questions])


def the_question(name: str) -> Question:
    return next(question for question in BACKPROP.questions if question.name == name)


def written_by(text: str) -> tuple[list[str], dict[str, int | list[int]]]:
    """The names of the cases, and what `cases` is given for each family, read off the text."""
    _, assignment = ast.parse(text).body
    assert isinstance(assignment, ast.Assign)
    (target,) = assignment.targets
    assert isinstance(target, ast.Tuple)
    assert isinstance(assignment.value, ast.Tuple)
    names, call = target.elts[-1], assignment.value.elts[-1]
    assert isinstance(names, ast.Tuple)
    assert isinstance(call, ast.Call)
    worth = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    return [name.id for name in names.elts if isinstance(name, ast.Name)], worth


def test_a_question_of_families_has_a_case_for_each() -> None:
    """Two lines: what is imported, and what is asked, with names and points that can be read."""
    assert otter_test_file(BACKPROP, the_question("multiply")) == (
        "from autograder.otter.cases import cases\n"
        "OK_FORMAT, name, (multiply_runs, multiply_values, multiply_shapes, multiply_pure, multiply_hard) = "
        'False, "multiply", cases("backprop", "multiply", runs=2, values=3, shapes=5, pure=1, hard=1)\n'
    )


def test_a_family_that_earns_a_share_has_a_case_for_each_point() -> None:
    """A case of otter passes or fails, so that only several of them can add up to a share."""
    assert otter_test_file(BACKPROP, the_question("bigram")) == (
        "from autograder.otter.cases import cases\n"
        "OK_FORMAT, name, (bigram_steps_1, bigram_steps_2, bigram_learning_1, bigram_learning_2, bigram_learning_3) = "
        'False, "bigram", cases("backprop", "bigram", steps=[1, 1], learning=[1, 1, 1])\n'
    )


def test_a_question_with_one_case_still_unpacks_it() -> None:
    """A single name needs a comma behind it."""
    question = replace(the_question("multiply"), points={"runs": 4})

    assert otter_test_file(BACKPROP, question).endswith(
        'OK_FORMAT, name, (multiply_runs,) = False, "multiply", cases("backprop", "multiply", runs=4)\n'
    )


def test_a_bonus_has_no_case() -> None:
    """Its points come on top of the maximum, and otter would count them in."""
    with_bonus = replace(the_question("multiply"), points={"runs": 4, "values": 1, "bonus": 2})

    assert written_by(otter_test_file(BACKPROP, with_bonus))[1] == {"runs": 4, "values": 1}


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date", "after_published"])
def test_a_question_that_is_not_visible_has_hidden_cases(visibility: str) -> None:
    """Otter knows hidden or not; what students may see later only is hidden until then."""
    text = otter_test_file(BACKPROP, replace(the_question("sgd_step"), visibility=visibility))

    assert text.endswith('cases("backprop", "sgd_step", runs=1, values=2, pure=1, hidden=True)\n')


@pytest.mark.parametrize("name", ["soft-max", "2nd layer", 'with "quotes"', "größe"])
def test_any_name_of_a_question_gives_names_of_cases(name: str) -> None:
    """An instructor may call a question anything; a case is a variable of Python."""
    names, _ = written_by(otter_test_file(BACKPROP, replace(the_question("multiply"), name=name)))

    assert len(set(names)) == 5


@EACH
def test_the_names_are_unique_and_the_points_are_the_questions(question: Question) -> None:
    """Of two cases with one name, otter drops the first and says nothing."""
    names, worth = written_by(otter_test_file(BACKPROP, question))

    assert len(set(names)) == len(names) == sum(len(p) if isinstance(p, list) else 1 for p in worth.values())
    assert sum(sum(p) if isinstance(p, list) else p for p in worth.values()) == question.max_score


@EACH
def test_a_test_file_is_the_same_whoever_makes_it(question: Question) -> None:
    """It is committed, and compared with what is made anew."""
    again: Assignment = load_assignment(str(ROOT / "assignments" / "backprop"))

    assert otter_test_file(BACKPROP, question) == otter_test_file(again, question)
