"""Honest bodies of frames of every kind, and what may become of one on its way: what the tests of damage share."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from runs import functions_in, line_run, with_training, xor_run

from autograder.answer import answer, answer_case, function_of, quiet
from autograder.exams import Exam
from autograder.learn import training_of
from autograder.records import CaseAnswer, Note
from autograder.sandbox import wire
from autograder.source.cells import UnreadableSource
from autograder.source.extract import extract
from conftest import SOLUTIONS, SUBMISSIONS, functions_of

Random = random.Random


@dataclass(frozen=True)
class Kind:
    """A kind of frame: how its body is decoded, and bodies that an honest worker has sent."""

    name: str
    decode: Callable[[bytes, int], object]
    bodies: tuple[bytes, ...]


ANSWERS = {
    "a tuple": "return grad_out, grad_out",
    "a list": "return [grad_out, grad_out]",
    "one": "return grad_out",
    "nothing": "return None",
    "a dict": "return {}",
    "texts": "return 'spam', 'eggs'",
    "numbers": "return 1, 2.5",
    "complex": "return 1j * grad_out, grad_out",
    "ragged": "return [[1], [1, 2]], grad_out",
    "too many": "return (None,) * 64",
    "an exception": "raise ValueError('spam')",
    "an exception in an expression": "return (grad_out @ a) @ np.ones(99)",
    "not finite": "return grad_out * np.inf, np.nan * grad_out",
    "changed arguments": "a[...] = 7; return grad_out, grad_out",
    "reshaped arguments": "a.shape = (1, *a.shape); return grad_out, grad_out",
}
"""Bodies of a function of two operands: answers of every form."""


def kinds(exam: Exam) -> list[Kind]:
    """Every kind of frame that a worker sends, but DONE, which says nothing."""
    functions = tuple(question.function for question in exam.assignment.questions if question.function)
    forwards = tuple(question.forward for question in exam.assignment.questions if question.function)
    pairs = (
        wire.encode_sealed({}),
        wire.encode_sealed({"landlock": "this kernel has no Landlock", "user": "only root may"}),
    )
    probed = wire.encode_probed({"read a file": "", "open a local socket": "possible", "start a thread": ""})
    places = (
        {},
        {"where": "cell 4", "line": 12, "code": "while True: pass"},
        {"where": "", "line": 1, "code": "é" * 99},
    )
    answers = list(_answers(exam))
    return [
        Kind("SEALED", lambda body, _: wire.decode_sealed(body), pairs),
        Kind("PROBED", lambda body, _: wire.decode_probed(body), (pairs[0], probed)),
        Kind("FINDINGS", lambda body, _: wire.decode_findings(body, functions), tuple(_findings(functions, forwards))),
        Kind("LOADED", lambda body, _: wire.decode_loaded(body, functions), tuple(_loaded(functions))),
        Kind(
            "ANSWER",
            lambda body, number: wire.decode_answer(body, answers[number][0]),
            tuple(wire.encode_answer(one) for _, one in answers),
        ),
        Kind(
            "WHEREABOUTS",
            lambda body, _: wire.decode_whereabouts(body),
            tuple(wire.encode_whereabouts(place) for place in places),
        ),
    ]


def _findings(functions: Sequence[str], forwards: Sequence[str]) -> Any:
    """What is said of every submission of the repository that can be read without risk."""
    folders = [SUBMISSIONS / name for name in ("right", "loading", "flagged")]
    for file in [SOLUTIONS / "solution.py", *(file for folder in folders for file in sorted(folder.iterdir()))]:
        kind = "notebook" if file.suffix == ".ipynb" else "script"
        try:
            kept = extract(file.read_bytes(), kind, functions, forwards)
        except UnreadableSource as error:
            yield wire.encode_findings({}, [], error.note)
        else:
            yield wire.encode_findings(kept.written, kept.notes, None)


def _loaded(functions: Sequence[str]) -> Any:
    place = {"where": "cell 3", "line": 7, "code": "import torch"}
    raised = {**place, "exception": "ModuleNotFoundError", "text": "No module", "module": "torch", "names": "torch"}
    notes = (Note("statement-raised", raised), Note("out-of-order", {**place, "name": "np"}))
    for defined, said in (((), ()), (functions, ()), (functions[:2], notes), (functions, notes * 20)):
        yield wire.encode_loaded(wire.Loaded(frozenset(defined), said))


def _answers(exam: Exam) -> Any:
    """Answers of the solution to all cases, answers of other forms to one, and those of training runs."""
    solution = functions_of(SOLUTIONS / "solution.py")
    yield from zip(exam.deck.cases, answer(solution, exam.deck, exam.assignment).cases)
    case = next(case for case in exam.deck.cases if case.function == "multiply_backward")
    for body in ANSWERS.values():
        functions = functions_in(f"def multiply_backward(grad_out, a, b):\n    {body}")
        with quiet():
            yield case, answer_case(functions["multiply_backward"], case, exam.assignment.forwards)
    yield case, CaseAnswer(stopped="memory")
    training = training_of(with_training(exam).assignment)
    raises = "calls = []\ndef add_backward(*_):\n    calls.append(1)\n    raise ValueError('spam')"
    for functions in (solution, functions_in(raises)):
        for run in (xor_run(steps=3), line_run(), xor_run(steps=3, lr=1e200)):
            with quiet():
                yield run, answer_case(_known(function_of(run, functions, training)), run, exam.assignment.forwards)


def _known(function: Callable[..., Any] | None) -> Callable[..., Any]:
    assert function is not None
    return function


# ---- what may become of a body -----------------------------------------------------------------------------

LENGTHS = (0, 1, 2, 3, 7, 8, 9, 64, 255, 256, 512, 2**16, 2**28, 2**31 - 1, 2**31, 2**32 - 1)


def below(rng: Random, stop: int) -> int:
    """A whole number from 0 on. Ten times as fast as `randrange`."""
    return int(rng.random() * stop)


def damaged(body: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """The body after one to four accidents."""
    hurt = bytearray(body)
    for _ in range(1 + below(rng, 4)):
        ACCIDENTS[below(rng, len(ACCIDENTS))](hurt, below(rng, len(hurt) + 1), others, rng)
    return bytes(hurt)


Accident = Callable[[bytearray, int, Sequence[bytes], Random], None]


def _change(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    hurt[at : at + 1] = bytes([below(rng, 256)])


def _step(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    hurt[at : at + 1] = bytes([(byte + below(rng, 3) - 1) % 256 for byte in hurt[at : at + 1]])


def _change_early(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    """Where counts and lengths are."""
    at = below(rng, 1 + min(at, 24))
    hurt[at : at + 1] = bytes([below(rng, 6)])


def _cut(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    del hurt[at : at + 1 + below(rng, 9)]


def _cut_off(hurt: bytearray, at: int, _: Sequence[bytes], __: Random) -> None:
    del hurt[at:]


def _insert(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    hurt[at:at] = rng.randbytes(1 + below(rng, 9))


def _double(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    hurt[at:at] = hurt[at : at + 1 + below(rng, 40)]


def _lengthen(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    hurt[at : at + 4] = struct.pack("<I", LENGTHS[below(rng, len(LENGTHS))])


def _number(hurt: bytearray, at: int, _: Sequence[bytes], rng: Random) -> None:
    hurt[at : at + 8] = struct.pack("<d", (np.nan, np.inf, -1.0, 0.5, 1e300, 2.0)[below(rng, 6)])


def _splice(hurt: bytearray, at: int, others: Sequence[bytes], rng: Random) -> None:
    other = others[below(rng, len(others))]
    start = below(rng, len(other) + 1)
    hurt[at:] = other[start:] if below(rng, 2) else other[start : start + 40] + hurt[at:]


ACCIDENTS: tuple[Accident, ...] = (
    *(_change, _step, _change_early, _cut, _cut_off),
    *(_insert, _double, _lengthen, _number, _splice),
)


# ---- what comes out of it ----------------------------------------------------------------------------------


def size_of(result: object) -> int:
    """How much a decoded frame holds: characters, bytes, numbers, and one for each thing in a container."""
    if isinstance(result, (str, bytes)):
        return len(result)
    if isinstance(result, np.ndarray):
        return result.nbytes
    if isinstance(result, dict):
        return sum(1 + size_of(key) + size_of(value) for key, value in result.items())
    if isinstance(result, (tuple, list, frozenset)):
        return sum(1 + size_of(one) for one in result)
    return sum(map(size_of, vars(result).values())) if hasattr(result, "__dataclass_fields__") else 1
