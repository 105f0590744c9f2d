"""What every deck must have, whatever the seed: the inputs decide what a check can see."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from autograder.checks.cases import make_deck
from autograder.checks.draws import DRAWS
from autograder.exams import Exam
from autograder.records import Call, Case, Deck

SEEDS = range(20)


@pytest.fixture(scope="module")
def decks(exam: Exam) -> list[Deck]:
    return [make_deck(exam.assignment, seed) for seed in SEEDS]


def calls(decks: list[Deck], *families: str) -> list[tuple[Case, Call]]:
    return [(case, call) for deck in decks for case in deck.cases if case.family in families for call in case.calls]


def test_an_upstream_gradient_is_never_ones_and_has_both_signs(decks: list[Deck]) -> None:
    """An upstream of ones hides whoever forgets to multiply by it."""
    for case, call in calls(decks, "runs", "values", "shapes", "verdicts"):
        if case.question == "sgd_step":  # is told no upstream
            continue
        grad_out = call.grad_out
        assert np.max(np.abs(grad_out)) > 1
        assert np.all(np.abs(grad_out - 1) > 0) or grad_out.size > 1
        if grad_out.size > 1:
            assert grad_out.min() < 0 < grad_out.max()


def test_drawn_numbers_fit_into_float32(decks: list[Deck]) -> None:
    """A student who computes in float32 sees the very numbers that the reference sees."""
    for _, call in calls(decks, "runs", "values", "shapes", "hard", "pure"):
        for values in (*call.operands, call.grad_out):
            assert np.array_equal(values.astype(np.float32).astype(np.float64), values)


def test_no_two_calls_of_a_deck_are_equal(decks: list[Deck]) -> None:
    """A table of answers, or an accidental cache, helps nobody."""
    for deck in decks:
        fresh = [
            (case.function, *(argument.values.tobytes() for argument in call.arguments))
            for case in deck.cases
            for call in case.calls
            if call.arrays == "fresh"
        ]
        repeated = [count for count in Counter(fresh).values() if count > 1]
        updated = sum(call.arrays == "updated" for case in deck.cases for call in case.calls)
        assert not repeated, f"{len(repeated)} calls are asked twice, beside {updated} on purpose"


def test_square_and_not_square_shapes_are_both_there(decks: list[Deck]) -> None:
    """Square shapes alone hide a missing transpose; without them a left-aligned sum slips through."""
    for name in ("add", "multiply", "matmul", "softmax_cross_entropy"):
        shapes = {call.operands[0].shape for case in decks[0].cases if case.question == name for call in case.calls}
        assert {len(set(shape)) == 1 for shape in shapes if len(shape) == 2} == {True, False}, name


def test_a_batch_of_one_is_there_for_every_question(decks: list[Deck]) -> None:
    """The axis of length one is where sums and squeezes go wrong."""
    for question in {case.question for case in decks[0].cases if case.family == "shapes"}:
        firsts = {call.operands[0].shape[:1] for case in decks[0].cases if case.question == question
                  for call in case.calls}  # fmt: skip
        assert (1,) in firsts, question


def test_labels_cover_what_softmax_students_get_wrong(decks: list[Deck]) -> None:
    """Repeated targets, an absent last class, and a target whose probability is exactly 0."""
    for deck in decks:
        labelled = [case for case in deck.cases if case.question == "softmax_cross_entropy"]
        targets = [(call.operands[1], call.operands[0].shape[1]) for case in labelled for call in case.calls]
        assert any(len(set(labels)) < len(labels) for labels, _ in targets)
        assert any(labels.max() < classes - 1 for labels, classes in targets)
        gaps = [
            np.max(call.operands[0].max(axis=1) - np.take_along_axis(call.operands[0], call.operands[1][:, None], 1).T)
            for case in labelled
            for call in case.calls
        ]
        assert max(gaps) > 750


@pytest.mark.parametrize("name", sorted(DRAWS))
def test_a_draw_is_the_same_for_the_same_seed_and_another_for_another(name: str) -> None:
    """Regrading repeats exactly; two seeds have nothing in common."""
    one, again, other = (DRAWS[name](np.random.default_rng(seed), (4, 5)) for seed in (1, 1, 2))

    assert one.shape == (4, 5)
    assert np.array_equal(one, again)
    assert name == "zeros" or not np.array_equal(one, other)


def test_a_new_case_changes_no_other_case(exam: Exam) -> None:
    """Each case has a generator of its own, so that an instructor can add one in the middle of a term."""
    assignment = exam.assignment
    fewer = [case for case in make_deck(assignment, 7).cases if case.question != "add"]
    from dataclasses import replace

    without_add = replace(assignment, questions=tuple(q for q in assignment.questions if q.name != "add"))
    for one, other in zip(fewer, make_deck(without_add, 7).cases):
        assert one.words == other.words
        assert one.calls[0].grad_out.tobytes() == other.calls[0].grad_out.tobytes()
