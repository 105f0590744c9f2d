"""Files that nobody would write: whatever bytes come, a report comes out, and never a traceback of ours.

`extract` in this process is given small inputs only: what crashes Python's parser is the business of the worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from autograder.exams import Exam, make_exam, with_one_question
from autograder.grading import grade
from autograder.records import Limits, Note, ReportOutcome, Submission
from autograder.sandbox import wire
from autograder.sandbox.client import Sandbox
from autograder.source.cells import UnreadableSource
from autograder.source.extract import extract
from conftest import ROOT, SUBMISSIONS

pytestmark = pytest.mark.once

LARGEST = 200_000
"""Bytes of an input that is parsed in this process."""

CHUNKS, EXAMPLES = 10, 1000
GRADED_CHUNKS, GRADED_EXAMPLES = 4, 1000
"""With --proof: so many runs of so many examples, each a test of its own, so that they spread over processors."""

FILES = [
    *sorted(path for path in SUBMISSIONS.rglob("*") if path.is_file()),
    *sorted(path for path in (ROOT / "assignments" / "backprop").glob("backprop.*")),
]

FRAGMENTS = (
    *("import numpy as np", "from forward import *", "from __future__ import annotations", "K = 1", "K = L\nL = 2"),
    *("def add_backward(grad_out, a, b):", "    return grad_out, grad_out", "    raise NotImplementedError", "    ..."),
    *("def multiply_backward(grad_out, a, b): return b, a", "def dAdd(a): return a", "def add(a, b): return a + b"),
    *("class Ops:", "    def add_backward(self, g, a, b):", "        return 1"),
    *("add_backward = lambda g, a, b: (g, g)", "add_backward = 1", "add_backward.calls = 0", "add_backward += 1"),
    *('if __name__ == "__main__":', "if True:", "else:", "try:", "except:", "with a as b:", "for i in range(3):"),
    *("async def f(): await g", "await x", "match x:", " case [1, *_]: pass", "@rule", "global x", "del x"),
    *("%%time", "%%bash", "%%writefile hw.py", "%%", "%matplotlib inline", "!ls \\", "x = !ls", "np.exp?", "??x"),
    *("/f x", ",f a b", ";f a", "?", "# é", '"""', "'''", "'", '"', "\\", "(", ")", "[", "]", "{", "}", ":"),
    *("\t", "    ", "\x0c", "nonlocal y", "\u00a0", "\u200b", "\ufeff", "\ud800", "\x00", "\r", "1j", "0777"),
    *("f'{x!r:>{y}}'", "print 'x'", "x := 1", "é = 1", "<<<<<<< HEAD", "=======", ">>>>>>> theirs"),
    *("# coding: klingon", "x = " + "(" * 150, "-" * 500 + "1", "lambda: " * 50),
)

lines = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=12)
sources = st.builds(str.join, st.sampled_from(["\n", "\n", "\n", "\r\n", " ", ""]), lines)
oddities = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({})
)
outputs = st.lists(
    st.one_of(
        oddities,
        st.fixed_dictionaries({}, optional={"text": oddities | st.just("✓ add   Passed   8 / 8"), "data": oddities}),
        st.fixed_dictionaries({"data": st.fixed_dictionaries({"text/plain": st.lists(sources, max_size=2)})}),
    ),
    max_size=2,
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "code", "code", "markdown", "raw", "heading"]) | oddities,
        "source": sources | st.lists(sources | oddities, max_size=3) | oddities,
        "input": sources,
        "execution_count": st.integers(0, 99) | oddities,
        "outputs": outputs | oddities,
    },
)
cell_lists = st.lists(cells | oddities, max_size=6)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3, 2]) | oddities},
    optional={
        "cells": cell_lists,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": cell_lists}) | oddities, max_size=2) | oddities,
    },
)
encodings = st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252", "utf-7"])


def in_bytes(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf-") and encoding != "utf-7" else "replace")


made_files = st.builds(in_bytes, st.one_of(sources, notebooks.map(json.dumps)), encodings)


@st.composite
def mutated_files(draw: st.DrawFn) -> bytes:
    """A real file after some accidents: bytes flipped, lost, doubled, cut off, or from another file."""
    data = draw(st.sampled_from(FILES)).read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.sampled_from([1, 1, 2, 10, 100, 1000]))
        accident = draw(st.sampled_from(["flip", "lose", "double", "cut", "splice", "insert"]))
        if accident == "flip":
            data = data[:at] + bytes(byte ^ draw(st.integers(1, 255)) for byte in data[at : at + 1]) + data[at + 1 :]
        elif accident == "lose":
            data = data[:at] + data[at + size :]
        elif accident == "double":
            data = data[: at + size] + data[at:]
        elif accident == "cut":
            data = data[:at] if draw(st.booleans()) else data[at:]
        elif accident == "splice":
            other = draw(st.sampled_from(FILES)).read_bytes()
            start = draw(st.integers(0, len(other)))
            data = data[:at] + other[start : start + size] + data[at:]
        else:
            data = data[:at] + draw(st.sampled_from(FRAGMENTS)).encode("utf-8", "surrogatepass") + data[at:]
    return data[:LARGEST]


files = st.one_of(made_files, mutated_files())
kinds = st.sampled_from(["notebook", "script"])


def unhurried(examples: int) -> Any:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


def check_extract(exam: Exam, source: bytes, kind: str) -> None:
    functions = [question.function for question in exam.assignment.questions if question.function]
    forwards = [question.forward for question in exam.assignment.questions if question.function]
    try:
        kept = extract(source, kind, functions, forwards)
        body = wire.encode_findings(kept.written, kept.notes, None)
    except UnreadableSource as error:
        body = wire.encode_findings({}, [], error.note)
    written, notes, unreadable = wire.decode_findings(body, functions)

    said = list(notes if unreadable is None else [unreadable])
    said += [Note(what.state, {"function": name, **what.facts}) for name, what in written.items()]
    for note in said:
        if note.fault != "written":
            assert exam.catalogue.say(note.fault, "message", note.facts)
            assert exam.catalogue.say(note.fault, "hint", note.facts) is not None


@unhurried(60)
@given(files, kinds)
def test_whatever_the_bytes_are_they_are_read_or_refused_in_words(exam: Exam, source: bytes, kind: str) -> None:
    """A file is read or is unreadable; both travel, and for both there are sentences."""
    check_extract(exam, source, kind)


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_ten_thousand_files_are_read_or_refused_in_words(chunk: int, exam: Exam) -> None:
    """The same, for as long as it takes to meet what is rare."""

    @seed(chunk)
    @unhurried(EXAMPLES)
    @given(files, kinds)
    def run(source: bytes, kind: str) -> None:
        check_extract(exam, source, kind)

    run()


@pytest.fixture(scope="module")
def quick(exam: Exam) -> Exam:
    """One question, and little patience for what loops."""
    limits = Limits(load=2.0, call=0.5, function=1.0, submission=5.0, memory=512)
    return make_exam(replace(with_one_question(exam.assignment, "add"), limits=limits))


@pytest.fixture(scope="module")
def sandbox(quick: Exam) -> Iterator[Sandbox]:
    with Sandbox(quick.assignment) as sandbox:
        yield sandbox


def check_report(quick: Exam, sandbox: Sandbox, source: bytes, kind: str) -> None:
    report = grade(quick, Submission("hw", kind, source), sandbox)

    assert report.outcome in (ReportOutcome.GRADED, ReportOutcome.UNREADABLE)
    assert report.score is not None
    assert 0 <= report.score <= report.max_score
    assert all(note.message for note in report.notes)
    assert all(check.message for one in report.questions for check in one.checks if check.fault is not None)


@unhurried(12)
@given(files, kinds)
def test_whatever_the_bytes_are_there_is_a_report(quick: Exam, sandbox: Sandbox, source: bytes, kind: str) -> None:
    """From bytes to sentences, through a worker; what loops or crashes there is stopped there."""
    check_report(quick, sandbox, source, kind)


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(GRADED_CHUNKS))
def test_for_thousands_of_files_there_is_a_report(chunk: int, quick: Exam, sandbox: Sandbox) -> None:
    """The same, for as long as it takes."""

    @seed(chunk)
    @unhurried(GRADED_EXAMPLES)
    @given(files, kinds)
    def run(source: bytes, kind: str) -> None:
        check_report(quick, sandbox, source, kind)

    run()
