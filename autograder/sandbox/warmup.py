"""A zygote does once what its workers will do, on a sample of our own: what is then filled in, none of them has to.

Python rewrites its own byte code while it runs, and numpy remembers which loop serves which types. After a fork, each
of these notes costs the copy of a page.
"""

from __future__ import annotations

import contextlib
import linecache
import sys

from autograder.answer import answer_case, function_of, quiet
from autograder.sandbox import wire
from autograder.sandbox.definitions import SCRIPT, STUDENT_MODULE, define
from autograder.sandbox.journal import JournalWriter
from autograder.sandbox.lessons import CasesOfDeck, Lesson
from autograder.source.extract import extract

SAMPLE = '''"""Ordinary steps in no order that means anything."""

import numpy as np
import numpy.linalg

WEIGHTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 1.0, 0.0]])


def with_axes(values, shape=(9, 1)):
    found = []
    for axis in range(values.ndim):
        if values.shape[axis] != 1 or axis < len(shape):
            found.append(values.max(axis=axis, keepdims=True) + np.sum(values, axis=-1, keepdims=True))
    while len(found) > 5:
        found = found[1:]
    return np.reshape(values, shape), values.sum(axis=0), [one.T for one in found], np.mean(values)


def with_numbers(labels=(0, 2, 1)):
    x = WEIGHTS.copy()
    places = np.asarray(labels, dtype=int)
    marks = np.zeros_like(x)
    marks[np.arange(len(places)), places] = -1.0
    larger = np.where(x > 0, x, 0.25)[None, :, :] * np.ones((2, 1, 3))
    logs = np.log(np.exp(x) + np.abs(marks) + 3.0) / x.shape[0] ** 2
    products = np.matmul(logs, marks.T) + x.T @ logs - 0.5 * np.dot(x, x)
    for index in np.ndindex(*x.shape):
        x[index] += float(products[index]) * 1e-5
    x -= np.tanh(x) + np.maximum(x, 1) + np.sqrt(np.abs(x)) / (2 + x * x)
    return with_axes(x), with_axes(larger, (18, 1)), -x


def usual(values):
    with_numbers()
    return tuple(np.ones_like(one) for one in values if isinstance(one, np.ndarray))
'''
"""No formula that is asked for anywhere: a student's code can read it."""

FUNCTION = """

def {name}(*given):
    for one in given:
        if callable(one):
            one(given[-1])
    arrays = [one for one in given if hasattr(one, "shape")]
    return usual(arrays)
"""


def warm_up(lesson: Lesson, deck: CasesOfDeck) -> None:
    """Answer a deck with the sample, and forget the answers. Whatever goes wrong there costs speed and nothing else."""
    with contextlib.suppress(Exception):
        answer_sample(lesson, deck)
    sys.modules.pop(STUDENT_MODULE, None)
    linecache.cache.pop(SCRIPT, None)


def answer_sample(lesson: Lesson, deck: CasesOfDeck) -> None:
    """All that a worker does between its walls and its end. Raises what the sample or the instructor's files raise."""
    ordinary = [number for number, case in enumerate(deck.cases) if case.run is None]
    names = tuple(dict.fromkeys(deck.cases[number].function for number in ordinary))
    source = "".join([SAMPLE, *(FUNCTION.format(name=name) for name in names)]).encode()
    request = wire.decode_request(
        wire.encode_request(wire.Request("script", source, names, names, tuple(ordinary), required=("none",)))
    )
    kept = extract(request.source, request.kind, request.functions, request.forwards)
    wire.encode_findings(kept.written, kept.notes, None)
    functions, notes = define(kept, request.functions, {}, {})
    wire.encode_loaded(wire.Loaded(frozenset(functions), tuple(notes)))
    writer = JournalWriter(deck.layout, memoryview(bytearray(deck.layout.size)))
    with quiet():
        for number in request.cases:
            function = function_of(deck.cases[number], functions, deck.training)
            if function is not None:
                answer = answer_case(function, deck.cases[number], lesson.forwards)
                writer.write(number, answer, deck.argument_bytes[number])
