"""From compared answers to check results: one for each family of a question, with its fault and the facts of it.

One problem is told at a time, the most basic first: does it run, has it the structure, the shape, finite numbers,
the right numbers, and no side effects. Of the cases that have it, the one is told that teaches most. A family is all
or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.checks.compare import Comparison, gradients_of
from autograder.checks.evidence import Miss, evidence_of, how_telling
from autograder.checks.families import NO_FAMILY, Family, families_of
from autograder.checks.reference import LIMIT, Output, Reference
from autograder.checks.verdicts import count_told_apart, wrong_gradients
from autograder.records import (
    VERDICTS,
    AnswerKey,
    Answers,
    Array,
    Case,
    CaseAnswer,
    CheckResult,
    Deck,
    Forward,
    Outcome,
    Question,
    Reply,
    Value,
    Written,
)

BASIC_FIRST = (
    "time", "memory", "died", "disturbed", "not-called", "raised", "structure", "shape", "not-finite", "values",
    "numbers", "disagrees",
    "argument-changed", "not-restored", "second-call", "kept-result", "remembers",
)  # fmt: skip
"""All faults of a function that was called, in the order in which they are worth knowing."""

STOPPED = frozenset(BASIC_FIRST[:5])

NOT_WRITTEN: Mapping[str, Outcome] = {
    **dict.fromkeys(("stub", "missing", "lookalike", "stub-here", "not-run"), Outcome.NOT_STARTED),
    **dict.fromkeys(("inside-class", "inside-function", "inside-main"), Outcome.NOT_STARTED),
    **dict.fromkeys(("under-magic", "in-text"), Outcome.NOT_STARTED),
    "load-stopped": Outcome.STOPPED,
}
"""How a function ends that was never called. Whatever is not listed is a failure: broken, or undefined."""

RESTORED = 1e-9
"""How far a numeric gradient may leave x from where it was: `x += h; x -= 2 * h; x += h` rounds."""

DIFFERENCED = (1e-12, 1e-8)
"""Scaled errors between these are neither float64's nor float32's: they are those of finite differences."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with the answer to one case; `miss` is the output that is, where it is one of them."""

    name: str
    facts: dict[str, Any]
    miss: Miss | None = None


Found = Sequence[tuple[Case, Fault]]


def check_question(
    question: Question,
    forwards: Mapping[str, Forward],
    deck: Deck,
    reference: Reference,
    answers: Answers,
    comparison: Comparison,
) -> tuple[CheckResult, ...]:
    """One result for each family that has points, in the order of the assignment. Scores are not set here.

    The `forwards` of the assignment say which arguments a wrong number was made of.
    """
    state = answers.written[question.function]
    if state.state != "written":
        return _not_called(question, state)
    judge = Judge(question, forwards, deck, reference, comparison)
    families = families_of(deck, reference).get(question.name, {})
    asked = sorted(number for family in families.values() for number in family.cases)
    results = []
    for family in question.points:
        own = families.get(family, NO_FAMILY)
        if family == VERDICTS:
            results.append(judge.verdicts([(number, deck.cases[number]) for number in asked], answers))
        elif judge.has_no_fault(family, own, answers):
            results.append(CheckResult(family, Outcome.PASSED))
        else:
            numbers = [number for number in asked if judge.may_concern(family, number, answers.cases[number])]
            found = [
                (deck.cases[number], fault)
                for number in numbers
                for fault in judge.faults(number, deck.cases[number], answers.cases[number], family)
            ]
            results.append(judge.result(family, found))
    return tuple(results)


def _not_called(question: Question, state: Written) -> tuple[CheckResult, ...]:
    outcome = NOT_WRITTEN.get(state.state, Outcome.FAILED)
    facts = {"function": question.function, **state.facts}
    return tuple(CheckResult(family, outcome, fault=state.state, facts=facts) for family in question.points)


class Judge:
    """Finds the faults of one question's answers, case by case."""

    def __init__(
        self,
        question: Question,
        forwards: Mapping[str, Forward],
        deck: Deck,
        reference: Reference,
        comparison: Comparison,
    ) -> None:
        self.question = question
        self.forwards = forwards
        self.deck = deck
        self.reference = reference
        self.comparison = comparison
        self.is_right = comparison.is_right

    def has_no_fault(self, family: str, own: Family, answers: Answers) -> bool:
        """True when there is nothing to be found case by case: everything was answered, and all of it is right.

        Where that is not so, there may still be no fault: a plain run need not have the right numbers.
        """
        if family == "pure" or not self.is_right[own.outputs].all():  # what is right has structure and shape
            return False
        return all(_is_whole(answers.cases[number]) for number in own.cases)

    def may_concern(self, family: str, number: int, answer: CaseAnswer | None) -> bool:
        """False where `faults` has none for this family: changed arguments count for another one than the case's."""
        if self.deck.cases[number].family == family:
            return True
        return family == "pure" and answer is not None and answer.arguments != self.reference.argument_bytes[number]

    def result(self, family: str, found: Found) -> CheckResult:
        """The result of a family in which these faults were found: the most basic one, in the case that tells most."""
        if not found:
            return CheckResult(family, Outcome.PASSED)
        name = min((fault.name for _, fault in found), key=BASIC_FIRST.index)
        same = [(case, fault) for case, fault in found if fault.name == name]
        if name in STOPPED:  # what came first stopped the rest
            return CheckResult(family, Outcome.STOPPED, fault=name, facts=same[0][1].facts)
        case, fault = min(same, key=lambda one: how_telling(one[0], one[1].miss))
        return CheckResult(
            family, Outcome.FAILED, fault=name, facts={**fault.facts, **self._evidence(case, fault, same)}
        )

    def _evidence(self, case: Case, fault: Fault, same: Found) -> dict[str, Any]:
        if fault.miss is None:
            return {}
        others = [(one, other.miss) for one, other in same if other is not fault and other.miss is not None]
        try:
            with np.errstate(all="ignore"):  # a student's numbers may overflow anything that is done with them
                return evidence_of(self.question, self.forwards, case, fault.miss, others)
        except Exception:  # a courtesy: where it fails, the student keeps score and facts
            return {}

    def faults(self, number: int, case: Case, answer: CaseAnswer | None, family: str) -> Iterator[Fault]:
        """The faults that the answer to one case has for one family. Changed arguments count in every case."""
        if family == "pure" and case.family != "pure" and answer is not None:
            yield from self._changed_arguments(number, case, answer)
        if family == case.family:
            yield from self._faults(number, case, answer)

    def verdicts(self, asked: Sequence[tuple[int, Case]], answers: Answers) -> CheckResult:
        """How many wrong gradients the answers tell from the right ones. Has points for a share of them, so the facts
        say how many were told apart, whatever else is wrong."""
        told = of = 0
        faults: list[tuple[Case, Fault]] = []
        for number, case in asked:
            (index,) = self.reference.of_call[number][0]
            output = self.reference.outputs[index]
            of += len(wrong_gradients(self.reference, output))
            found = list(self._verdict_faults(number, case, answers.cases[number]))
            faults += [(case, fault) for fault in found]
            if not found:
                got = self.comparison.got[output.start : output.stop]
                told += count_told_apart(self.reference, output, got)
        result = self.result(VERDICTS, faults)
        return result if not faults else replace(result, facts={**result.facts, "told": told, "of": of})

    def _verdict_faults(self, number: int, case: Case, answer: CaseAnswer | None) -> Iterator[Fault]:
        yield from self._faults(number, case, answer)
        if answer is not None and answer.arguments and not self._is_restored(number, case, answer):
            yield Fault("not-restored", {"function": case.function, "case": case.words})

    def _is_restored(self, number: int, case: Case, answer: CaseAnswer) -> bool:
        """Whether x, the last argument, was left as it was, up to rounding."""
        held, x = answer.arguments[0], case.calls[0].arguments[-1].values
        if held is None:
            return False
        left = np.frombuffer(held[len(held) - x.nbytes :], dtype=x.dtype)
        return bool(np.all(np.abs(left - x.reshape(-1)) <= RESTORED * np.max(np.abs(x), initial=1.0)))

    def _faults(self, number: int, case: Case, answer: CaseAnswer | None) -> Iterator[Fault]:
        facts: dict[str, Any] = {"function": case.function, "case": case.words}
        if answer is None:
            yield Fault("not-called", facts)
            return
        if answer.stopped:
            yield Fault(answer.stopped, {**facts, **answer.at})
            return
        raised = next((reply.raised for reply in answer.replies if reply.raised is not None), None)
        if raised is not None:
            yield Fault("raised", {**facts, **raised})
            return
        if case.family == "pure":
            yield from self._side_effects(number, case, answer, facts)
            return
        yield from self._wrong_answer(number, answer.replies[0], facts, with_numbers=case.family != "runs")

    # ---- what came back --------------------------------------------------------------------------------

    def _wrong_answer(self, number: int, reply: Reply, facts: dict[str, Any], with_numbers: bool) -> Iterator[Fault]:
        indices = self.reference.of_call[number][0]
        outputs = [self.reference.outputs[index] for index in indices]
        values = gradients_of(reply, outputs)
        if values is None:
            key = self.deck.cases[number].key
            yield Fault("structure", {**facts, "got": reply_in_words(reply), "wanted": _wanted(key)})
            return
        for index, output, value in zip(indices, outputs, values):
            operand = {**facts, "operand": output.operand, "result": output.result}
            if value.shape != output.shape:
                shapes = {"got": str(value.shape), "expected": str(output.shape)}
                yield Fault("shape", {**operand, **shapes}, self._miss(index, value))
            elif with_numbers and not self.is_right[index]:
                yield self._wrong_numbers(operand, self._miss(index, value))

    def _miss(self, index: int, value: Value) -> Miss:
        output = self.reference.outputs[index]
        place = slice(output.start, output.stop)
        got, expected = self.comparison.got[place], self.reference.expected[place]
        near = output.limit * float(self.reference.scale[index])
        with np.errstate(all="ignore"):
            return Miss(output, value, expected, got, ~(np.abs(got - expected) <= near), near)

    def _wrong_numbers(self, facts: dict[str, Any], miss: Miss) -> Fault:
        name, data = self._wrong_values, miss.value.data
        counted = miss.wrong
        if data is not None and not np.isfinite(data).all():
            name, counted = "not-finite", ~np.isfinite(data)
            miss = replace(miss, wrong=~np.isfinite(miss.got))
        first = int(np.argmax(miss.wrong))
        numbers = {
            "entry": _entry(miss.output, first),
            "got": _number(miss.got[first]),
            "expected": _number(miss.expected[first]),
            "wrong": int(counted.sum()),
            "entries": int(counted.size),
        }
        return Fault(name, {**facts, **numbers}, miss)

    @property
    def _wrong_values(self) -> str:
        """The fault of wrong numbers: there is another next thought for whoever is given no upstream gradient."""
        if "f" in self.question.receives:
            return "disagrees"
        return "values" if "grad_out" in self.question.receives else "numbers"

    # ---- what else happened ----------------------------------------------------------------------------

    def _side_effects(self, number: int, case: Case, answer: CaseAnswer, facts: dict[str, Any]) -> Iterator[Fault]:
        """A wrong function can still be pure: replies are compared with each other, not with the reference."""
        yield from self._changed_arguments(number, case, answer)
        first, again, _between, updated, fresh, _other_upstream = answer.replies
        if not any(value.data is not None for value in first.values):
            yield Fault("structure", {**facts, "got": reply_in_words(first), "wanted": _wanted(case.key)})
        elif not is_same(first, again):
            yield Fault("second-call", facts)
        elif answer.kept is None or not is_same(first, answer.kept):
            yield Fault("kept-result", facts)
        elif not is_same(updated, fresh):
            yield Fault("remembers", facts)
        else:
            of_first, *of_later = filter(None, self.reference.of_call[number])
            later_is_wrong = self._all_right(of_first) and not all(map(self._all_right, of_later))
            if later_is_wrong and self._is_right_on("values"):
                yield Fault("remembers", facts)

    def _is_right_on(self, family: str) -> bool:
        """Whether all ordinary answers are right. If not, one right answer among wrong ones was luck, not memory."""
        outputs = enumerate(self.reference.outputs)
        return self._all_right([index for index, output in outputs if self._family_of(output) == family])

    def _family_of(self, output: Output) -> str | None:
        case = self.deck.cases[output.case]
        return case.family if case.question == self.question.name else None

    def _all_right(self, indices: Sequence[int]) -> bool:
        return all(bool(self.is_right[index]) for index in indices)

    def _changed_arguments(self, number: int, case: Case, answer: CaseAnswer) -> Iterator[Fault]:
        facts = {"function": case.function, "case": case.words}
        for index, (held, expected) in enumerate(zip(answer.arguments, self.reference.argument_bytes[number])):
            if held == expected:
                continue
            yield Fault("argument-changed", {**facts, "arguments": self._changed_names(held, expected, case, index)})
            return

    def _changed_names(self, held: bytes | None, expected: bytes, case: Case, index: int) -> str:
        if held is None:
            return "an argument's shape"
        sizes = [argument.values.nbytes for argument in case.calls[index].arguments]
        changed, start = [], 0
        for name, slot in zip(self.question.arguments or self.question.receives, case.slots):
            size = sum(sizes[: slot.size])
            del sizes[: slot.size]
            if held[start : start + size] != expected[start : start + size]:
                changed.append(name)
            start += size
        return " and ".join(changed)


def _wanted(key: AnswerKey) -> str:
    """What should have come back, by name, as Python writes it: `grad_a, grad_b`, or `[new params[0]]` for a list."""
    names = ", ".join(key.results)
    return f"[{names}]" if any(key.lists) else names


def is_same(one: Reply, other: Reply) -> bool:
    """True when two replies hold the same numbers, up to the rounding of another memory layout. NaN equals NaN."""
    if one.container != other.container or len(one.values) != len(other.values):
        return False
    return all(_is_same_value(a, b) for a, b in zip(one.values, other.values))


def _is_same_value(one: Value, other: Value) -> bool:
    if one.data is None or other.data is None:
        return one.kind == other.kind and one.shape == other.shape and (one.data is None) == (other.data is None)
    if one.shape != other.shape:
        return False
    if one.data.tobytes() == other.data.tobytes():
        return True
    finite = one.data[np.isfinite(one.data)]
    scale = float(np.max(np.abs(finite), initial=0.0))
    with np.errstate(all="ignore"):
        is_close = np.abs(one.data - other.data) <= LIMIT * scale
    is_equal = (one.data == other.data) | (np.isnan(one.data) & np.isnan(other.data))
    return bool(np.all(is_close | is_equal))


def _is_whole(answer: CaseAnswer | None) -> bool:
    return answer is not None and not answer.stopped and all(reply.raised is None for reply in answer.replies)


def is_numerically_differentiated(question: Question, deck: Deck, reference: Reference, comparison: Comparison) -> bool:
    """True when most answers on ordinary inputs carry the error of finite differences: a flag, not a verdict."""
    low, high = DIFFERENCED
    families = families_of(deck, reference).get(question.name, {})
    ordinary = np.concatenate([families.get(name, NO_FAMILY).outputs for name in ("runs", "values", "shapes")])
    errors = comparison.error[ordinary]
    outputs = (reference.outputs[index] for index in ordinary[(low < errors) & (errors < high)])
    suspicious = sum(not _fits_float32(comparison.got[output.start : output.stop]) for output in outputs)
    return suspicious * 2 > len(ordinary)


def _fits_float32(numbers: Array) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.all(numbers.astype(np.float32).astype(np.float64) == numbers))


# ---- facts -------------------------------------------------------------------------------------------------


def reply_in_words(reply: Reply) -> str:
    """`a tuple of (array (3, 4), None)`"""
    if reply.container == "one":
        return _value_in_words(reply.values[0])
    if not reply.values:
        return f"a {reply.container}"
    return f"a {reply.container} of ({', '.join(_value_in_words(value) for value in reply.values[:4])})"


def _value_in_words(value: Value) -> str:
    if value.kind not in ("array", "complex"):
        return value.kind
    if not value.shape:
        return "a number" if value.kind == "array" else "a complex number"
    return f"{'an array' if value.kind == 'array' else 'a complex array'} {value.shape}"


def _entry(output: Output, flat: int) -> str:
    """`[1, 2]`, or nothing for a gradient that is a single number."""
    if output.entries is not None:
        if flat >= len(output.entries):
            return ""
        flat = int(output.entries[flat])
    at = np.unravel_index(flat, output.shape) if output.shape else ()
    return f"[{', '.join(str(int(index)) for index in at)}]" if at else ""


def _number(number: float) -> float | str:
    """JSON has no word for infinity."""
    return float(number) if math.isfinite(number) else str(float(number))
