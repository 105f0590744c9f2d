"""Every sentence that a student can meet, compared whole, each raised by an example that deserves it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sources import notebook

from autograder.checks.cases import LAYOUT_WORDS
from autograder.checks.draws import DRAWS, LABEL_DRAWS
from autograder.exams import Exam
from autograder.grading import grade
from autograder.judging import error_report
from autograder.load.layouts import MOST_BYTES, Found, load_submission
from autograder.places.reasons import FACTS_OF_REASONS
from autograder.records import Limits, Note, Outcome, Report, Submission
from autograder.render.card import first_problem, render_report
from autograder.render.feedback import Catalogue, load_screen_words
from autograder.sandbox.client import Sandbox
from conftest import ROOT, SUBMISSIONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    quick = replace(exam.assignment, limits=Limits(load=2.0, call=1.0, memory=512))
    with Sandbox(quick) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def exam(exam: Exam) -> Exam:
    """The exam without words for known mistakes, which `test_mistakes.py` looks at: here the facts are told alone."""
    return replace(exam, catalogue=replace(exam.catalogue, language="none"))


def graded(exam: Exam, sandbox: Sandbox, source: str | bytes, kind: str = "script") -> Report:
    return grade(exam, Submission("hw", kind, source.encode() if isinstance(source, str) else source), sandbox)


ADD = "import numpy as np\ndef add_backward(grad_out, a, b):\n    "
SIGMOID = "import numpy as np\ndef sigmoid_backward(grad_out, out):\n    "
SOFTMAX = """\
import numpy as np
def softmax_cross_entropy_backward(grad_out, logits, targets):
    e = np.exp(logits)
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(targets)), targets] -= 1
    return grad_out * p / len(targets)
"""
BUFFER = """\
buffers = {}
def sigmoid_backward(grad_out, out):
    buffer = buffers.setdefault(out.shape, np.zeros(out.shape))
    buffer[...] = grad_out * out * (1 - out)
    return buffer
"""

MESSAGES = [
    (
        "stub", "add", "def add_backward(grad_out, a, b):\n    pass\n", Outcome.NOT_STARTED,
        "add_backward is not written yet.",
        "",
    ),
    (
        "missing", "add", "def sub_backward(grad_out, a, b):\n    return 1\n", Outcome.NOT_STARTED,
        "add_backward is not defined in this file.",
        "If you gave it another name, call it add_backward again: the grader finds functions by their names.",
    ),
    (
        "broken", "add", "def add_backward(grad_out, a, b)\n    return grad_out, grad_out\n", Outcome.FAILED,
        "add_backward could not be read. Line 1, “def add_backward(grad_out, a, b)”: expected ':'.",
        "Python stops at this line. Look for a missing bracket, colon or quote there, or in the line above.",
    ),
    (
        "undefined", "add",
        "import torch\n@torch.no_grad()\ndef add_backward(grad_out, a, b):\n    return grad_out, grad_out\n",
        Outcome.FAILED,
        "add_backward could not be defined, because a line that it needs raised an error. "
        "The notes above name the line.",
        "Restart the kernel and run the notebook from the top: the same error appears.",
    ),
    (
        "raised", "add", ADD + "raise RuntimeError('not sure.')\n", Outcome.FAILED,
        "For a (3, 4), b (3, 4): add_backward raised RuntimeError in line 3, “raise RuntimeError('not sure.')”: not "
        "sure.",
        "Write down the shapes of the arguments in this case and follow them to that line.",
    ),
    (
        "raised", "add", ADD + "return (grad_out @\n        b), grad_out\n", Outcome.FAILED,
        "For a (3, 4), b (3, 4): add_backward raised ValueError in line 3, “return (grad_out @”: for @ the two inner "
        "sizes must be equal; here they are 4 and 3.",
        "Write down the shapes of both sides. Which axis should disappear in this product, and where does it stand?",
    ),
    (
        "structure", "add", ADD + "return grad_out\n", Outcome.FAILED,
        "add_backward returned an array (3, 4), expected the tuple (grad_a, grad_b).",
        "Return what is expected there, in that order, and nothing beside it.",
    ),
    (
        "structure", "sigmoid", SIGMOID + "return 0.5, grad_out * out * (1 - out)\n", Outcome.FAILED,
        "sigmoid_backward returned a tuple of (a number, an array (3, 4)), expected one array, grad_x.",
        "Return what is expected there, in that order, and nothing beside it.",
    ),
    (
        "structure", "sigmoid", SIGMOID + "grad_out * out * (1 - out)\n", Outcome.FAILED,
        "sigmoid_backward returned None, expected one array, grad_x.",
        "Return what is expected there, in that order, and nothing beside it.",
    ),
    (
        "shape", "add", ADD + "return grad_out, grad_out\n", Outcome.FAILED,
        "For a (2, 3), b (1, 3): grad_b has shape (2, 3), expected (1, 3), the shape of b. Axis 0 is too long: it "
        "should have length 1.",
        "Each result has the shape of its operand. Which axis of yours is too many, too long, or gone?",
    ),
    (
        "not-finite", "softmax_cross_entropy", SOFTMAX, Outcome.FAILED,
        "For logits (4, 5) (huge), targets (4,) (least likely): grad_logits[0, 3] is nan, expected ",
        "Something became too large for a float, or 0 was divided by 0. Which step overflows for this input?",
    ),
    (
        "values", "sigmoid", SIGMOID + "return out * (1 - out)\n", Outcome.FAILED,
        "For x (5, 3): grad_x[0, 0] is ",
        "Compute this case by hand for one entry: upstream gradient times local gradient, added up over all paths.",
    ),
    (
        "argument-changed", "sigmoid", SIGMOID + "grad_out *= out * (1 - out)\n    return grad_out.copy()\n",
        Outcome.FAILED,
        "For x (1, 4): sigmoid_backward changed grad_out, which it was only lent.",
        "Other nodes of the graph still need it. An in-place operator such as *= writes into the caller's array.",
    ),
    (
        "structure", "sgd_step",
        "def sgd_step(params, grads, lr):\n    return {i: p - lr * g for i, (p, g) in enumerate(zip(params, grads))}\n",
        Outcome.FAILED,
        "sgd_step returned a dict, expected the list [new params[0], new params[1]].",
        "Return what is expected there, in that order, and nothing beside it.",
    ),
    (
        "structure", "sgd_step",
        "def sgd_step(params, grads, lr):\n    return (p - lr * g for p, g in zip(params, grads))\n",
        Outcome.FAILED,
        "sgd_step returned a generator, expected the list [new params[0], new params[1]].",
        "Return what is expected there, in that order, and nothing beside it.",
    ),
    (
        "structure", "sgd_step",
        "def sgd_step(params, grads, lr):\n    return [p - lr * g for p, g in zip(params, grads)], grads\n",
        Outcome.FAILED,
        "sgd_step returned a tuple of (a list of arrays of different shapes, a list of arrays of different shapes), "
        "expected the list [new params[0], new params[1]].",
        "Return what is expected there, in that order, and nothing beside it.",
    ),
    (
        "shape", "unbroadcast", "def unbroadcast(grad, shape): return grad.sum(axis=0)\n", Outcome.FAILED,
        "For grad (4, 4), shape (4, 4): grad_x has shape (4,), expected (4, 4), the shape of x.",
        "Each result has the shape of its operand. Which axis of yours is too many, too long, or gone?",
    ),
    (
        "numbers", "sgd_step",
        "def sgd_step(params, grads, lr): return [p + lr * g for p, g in zip(params, grads)]\n", Outcome.FAILED,
        "For params [(5,)], grads [(5,)], lr 0.201: new params[0][0] is 0.0182778, expected -0.185204. 5 of 5 numbers "
        "differ.",
        "Compute this case by hand for one entry. Which of your steps gives another number?",
    ),
    (
        "argument-changed", "sgd_step",
        "def sgd_step(params, grads, lr):\n    for i in range(len(params)):\n"
        "        params[i] = params[i] - lr * grads[i]\n    return list(params)\n",
        Outcome.FAILED,
        "For params [(5,)], grads [(5,)], lr 0.201: sgd_step changed params, which it was only lent.",
        "Other nodes of the graph still need it. An in-place operator such as *= writes into the caller's array.",
    ),
    (
        "disagrees", "numeric_gradient",
        "import numpy as np\ndef numeric_gradient(f, x):\n    return np.full(x.shape, (f(x + 1e-6) - f(x)) / 1e-6)\n",
        Outcome.FAILED,
        "For f(x) = sum(w * sigmoid(x)), x (5,): grad_x[0] is -0.0190655, but the slope there is 0.158599. "
        "5 of 5 numbers differ. It tells 9 of 140 wrong gradients from the right one.",
        "Does only one entry of x move at a time? Is the change of f divided by the whole way that x moved?",
    ),
    (
        "not-restored", "numeric_gradient",
        "import numpy as np\ndef numeric_gradient(f, x):\n    grad = np.zeros(x.shape)\n"
        "    for at in np.ndindex(x.shape):\n"
        "        before = f(x)\n        x[at] += 1e-6\n        grad[at] = (f(x) - before) / 1e-6\n    return grad\n",
        Outcome.FAILED,
        "For f(x) = sum(w * sigmoid(x)), x (5,): numeric_gradient left x changed. It was only lent. "
        "It tells 0 of 140 wrong gradients from the right one.",
        "Whoever moves an entry of x to look at f there puts it back before the next one, and after the last.",
    ),
    (
        "second-call", "sigmoid",
        "import numpy as np\ncalls = []\ndef sigmoid_backward(grad_out, out):\n    calls.append(1)\n"
        "    return grad_out * out * (1 - out) * len(calls)\n",
        Outcome.FAILED,
        "For x (5,): called twice with the same arguments, sigmoid_backward returned two different results.",
        "Something is remembered between the calls, or drawn at random.",
    ),
    (
        "kept-result", "sigmoid", "import numpy as np\n" + BUFFER, Outcome.FAILED,
        "For x (5,): a result that sigmoid_backward had returned earlier changed when it was called again.",
        "The caller keeps what you return. Make a new array in each call.",
    ),
    (
        "remembers", "sigmoid",
        "import numpy as np\nseen = {}\ndef sigmoid_backward(grad_out, out):\n    key = out.tobytes()\n"
        "    seen.setdefault(key, grad_out * out * (1 - out))\n    return seen[key].copy()\n",
        Outcome.FAILED,
        "For x (5,): sigmoid_backward was right at first and wrong in a later call: it remembers an earlier one.",
        "A result may depend on nothing but the arguments of its own call.",
    ),
    (
        "time", "sigmoid", SIGMOID + "while True: pass\n", Outcome.STOPPED,
        "For x (3, 4): sigmoid_backward took longer than 2 seconds and was stopped. It was in line 3, “while True: "
        "pass”.",
        "Is there a loop whose condition never changes for this input?",
    ),
    (
        "memory", "sigmoid", SIGMOID + "return np.ones(1 << 30)\n", Outcome.STOPPED,
        "For x (3, 4): sigmoid_backward asked for more than 1024 MiB of memory and was stopped.",
        "The arrays here are tiny. Which array that you make is much larger than its inputs?",
    ),
    (
        "died", "sigmoid", "import os\n" + SIGMOID + "os._exit(0)\n", Outcome.STOPPED,
        "For x (3, 4): sigmoid_backward ended the process that it ran in.",
        "Does it call exit(), or something that ends Python?",
    ),
    (
        "load-stopped", "sigmoid", "import os\nslope = os._exit(0)\n" + SIGMOID + "return grad_out * slope\n",
        Outcome.STOPPED,
        "Reading what sigmoid_backward needs ended the process, so it was never called.",
        "Look at the lines outside of functions that sigmoid_backward depends on. Do they loop, exit, or use much "
        "memory?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "question", "source", "outcome", "message", "hint"),
    MESSAGES,
    ids=[f"{fault}-{question}-{number}" for number, (fault, question, *_) in enumerate(MESSAGES)],
)
def test_what_a_student_is_told(
    exam: Exam, sandbox: Sandbox, fault: str, question: str, source: str, outcome: Outcome, message: str, hint: str
) -> None:
    """The fact and the next thought, apart; messages with drawn numbers are compared up to the first number."""
    result = next(one for one in graded(exam, sandbox, source).questions if one.name == question)
    told = next(check for check in result.checks if check.fault == fault)

    assert result.outcome is outcome
    if fault in ("values", "not-finite"):
        assert told.message.startswith(message)
        assert {"entry", "got", "expected"} <= set(told.facts)
    else:
        assert told.message == message
    assert told.hint == hint


def test_what_is_told_of_a_loop_outside_of_functions(exam: Exam, sandbox: Sandbox) -> None:
    """The line that loops stands in none of the graded functions."""
    source = "n = 0\nslope = [0 for _ in iter(int, 1) if 0]\n" + SIGMOID + "return grad_out * slope\n"
    result = next(one for one in graded(exam, sandbox, source).questions if one.name == "sigmoid")

    assert result.checks[0].message == (
        "Reading what sigmoid_backward needs took too long, so it was never called. It was in line 2, “slope = [0 for "
        "_ in iter(int, 1) if 0]”."
    )


def test_what_is_told_of_a_loop_in_a_helper(exam: Exam, sandbox: Sandbox) -> None:
    """The innermost line of the student's own, in the cell where it is."""
    source = notebook(
        "def count(n):\n    i = 0\n    while i < n: i = 0\n",
        "def sigmoid_backward(grad_out, out):\n    return count(3)\n",
    )
    result = next(one for one in graded(exam, sandbox, source, "notebook").questions if one.name == "sigmoid")

    assert result.checks[0].message == (
        "For x (3, 4): sigmoid_backward took longer than 2 seconds and was stopped. It was in code cell 1, line 3, "
        "“while i < n: i = 0”."
    )


def test_what_is_told_of_a_function_that_is_not_called_again(exam: Exam, sandbox: Sandbox) -> None:
    """An endless loop in the first case leaves the other cases without a call."""
    result = next(
        one for one in graded(exam, sandbox, SIGMOID + "while True: pass\n").questions if one.name == "sigmoid"
    )

    assert [check.fault for check in result.checks] == ["time", *["not-called"] * 4]
    assert result.checks[1].message == (
        "Not called for x (5, 3): sigmoid_backward had been stopped before, or the time for the whole file was up."
    )


def test_what_is_told_when_the_channel_is_disturbed(exam: Exam, sandbox: Sandbox) -> None:
    """Bytes of the student's own on the way back make everything that came back worthless."""
    source = (SUBMISSIONS / "hostile" / "writes-garbage-everywhere.py").read_text(encoding="utf-8")
    result = next(one for one in graded(exam, sandbox, source).questions if one.name == "multiply")

    assert result.checks[0].message == (
        "For a (3, 4), b (3, 4): while multiply_backward ran, something else than its result came back, so nothing it "
        "returned counts."
    )
    assert result.checks[0].hint == (
        "A backward function computes and returns. It opens no files and writes to no descriptors."
    )


def test_what_is_told_when_reading_a_file_ends_the_process(exam: Exam) -> None:
    """Python 3.10's parser can be crashed by a long sum; the file then has no functions to speak of."""
    assert exam.catalogue.say("reading-stopped", "message", {"why": "died"}) == (
        "Reading this file ended the process, so nothing in it could be graded."
    )


def test_an_exception_text_holds_nothing_that_changes_from_run_to_run(exam: Exam, sandbox: Sandbox) -> None:
    """Addresses of objects would make two reports of one submission differ."""
    report = graded(exam, sandbox, SIGMOID + "raise ValueError(object())\n")
    raised = next(check for one in report.questions for check in one.checks if check.fault == "raised")

    assert raised.facts["text"] == "<object object at 0x…>"


def test_numbers_that_overflow_are_wrong_and_nothing_else(exam: Exam, sandbox: Sandbox) -> None:
    """The largest floats, in turn positive and negative, break no sum of ours."""
    source = SIGMOID + "return np.where(np.arange(out.size) % 2, 1.7e308, -1.7e308).reshape(out.shape)\n"
    result = next(one for one in graded(exam, sandbox, source).questions if one.name == "sigmoid")

    assert [check.fault for check in result.checks] == [None, "values", "values", None, "values"]


def test_the_most_basic_problem_is_told_first(exam: Exam, sandbox: Sandbox) -> None:
    """Who returns the wrong structure does not read about float32."""
    report = graded(exam, sandbox, ADD + "return grad_out\n")
    problem = first_problem(next(question for question in report.questions if question.name == "add"))

    assert problem is not None
    assert (problem.name, problem.fault) == ("runs", "structure")


NOTES = [
    (
        "syntax-error", "script", "x = (1\ndef add_backward(grad_out, a, b):\n    return grad_out, grad_out\n",
        "Line 1, “x = (1”: '(' was never closed. Only what is defined there is lost.",
    ),
    (
        "defined-twice", "script",
        "def add_backward(grad_out, a, b):\n    return 0\ndef add_backward(grad_out, a, b):\n"
        "    return grad_out, grad_out\n",
        "add_backward is defined 2 times (line 1; line 3). The last one counts.",
    ),
    (
        "statement-raised", "script",
        "import torch\ndef add_backward(grad_out, a, b):\n    return torch.add(grad_out), grad_out\n",
        "Line 1, “import torch”, raised ModuleNotFoundError: No module named 'torch'. So torch could not be defined.",
    ),
    (
        "complex-numbers", "script", "def add_backward(grad_out, a, b):\n    return (a + 1j).imag, grad_out\n",
        "add_backward uses complex numbers. A person will look at it: a direct formula is asked for.",
    ),
    (
        "calls-forward", "script",
        "def add(a, b):\n    return a + b\ndef add_backward(grad_out, a, b):\n    return add(a, b), grad_out\n",
        "add_backward calls add(). That is no mistake, but a person will look whether it differentiates by "
        "differences.",
    ),
    (
        "null-bytes", "script", b"a = 1\x00",
        "This file holds bytes that no Python file has. It may be damaged, or not a Python file at all.",
    ),
    (
        "not-a-notebook", "notebook", b'{"nbformat" 4, "cells": [1, 2, 3]}',
        "This file is no notebook that can be read: Expecting ':' delimiter: line 1 column 13 (char 12). Save it again "
        "in Jupyter, and hand in what that wrote.",
    ),
    (
        "not-a-notebook", "notebook", b"[]",
        "This file is no notebook that can be read: it has no notebook format number. Save it again in Jupyter, and "
        "hand in what that wrote.",
    ),
    (
        "notebook-too-deep", "notebook", b"[" * 100_000,
        "This notebook is nested more deeply than any notebook is. Save it again in Jupyter, and hand in what that "
        "wrote.",
    ),
    (
        "notebook-format", "notebook", b'{"nbformat": 5, "worksheets": []}',
        "This notebook has format 5; only formats 2, 3 and 4 can be read. Open it in Jupyter and save it again.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "kind", "source", "message"), NOTES, ids=[f"{note[0]}-{number}" for number, note in enumerate(NOTES)]
)
def test_what_is_said_of_a_whole_file(
    exam: Exam, sandbox: Sandbox, fault: str, kind: str, source: str | bytes, message: str
) -> None:
    """Notes stand above the questions; where the file cannot be read at all, the note is the reason."""
    report = graded(exam, sandbox, source, kind)

    assert [note.message for note in report.notes if note.fault == fault] == [message]


def test_a_file_that_is_too_large_is_not_read(exam: Exam, tmp_path: Path) -> None:
    """Sixteen megabytes are more than any homework has."""
    file = tmp_path / "hw.ipynb"
    with file.open("wb") as large:
        large.truncate(MOST_BYTES + 1)

    note = load_submission(Found("hw.ipynb", file))

    assert isinstance(note, Note)
    assert exam.catalogue.say(note.fault, "message", note.facts) == (
        "This file has more than the 16 MB that are read. Clear the outputs and save it again."
    )


def test_a_file_that_vanishes_is_told(exam: Exam, tmp_path: Path) -> None:
    """Between listing and reading a file may be gone."""
    note = load_submission(Found("hw.py", tmp_path / "hw.py"))

    assert isinstance(note, Note)
    assert exam.catalogue.say(note.fault, "message", note.facts) == (
        "This file could not be opened: No such file or directory."
    )


def test_a_fault_of_ours_says_that_it_is_ours(exam: Exam) -> None:
    """Nobody's student is blamed for our bug."""
    report = error_report(exam, "ada.py", Note("grader-fault", {"text": "ZeroDivisionError: division by zero"}))

    assert report.notes[0].message == (
        "The grader failed on this submission: ZeroDivisionError: division by zero. This is our fault, not the "
        "student's. It has no score; grade it again."
    )


def test_every_sentence_of_the_catalogue_has_an_example(exam: Exam) -> None:
    """A message that was never seen is decoration. What other modules' tests show is named here."""
    shown = {fault for fault, *_ in (*MESSAGES, *NOTES)}
    own_test = {
        "told-apart",
        "stopped-at",
        *("stub-here", "zip-unreadable", "zip-nothing", "zip-several", "several-files", "no-file", "nothing-handed-in"),
        "not-run",
        "disturbed",
        "not-called",
        "reading-stopped",
        "too-large",
        "cannot-open",
        "grader-fault",
    }
    of_patterns = {id for id in exam.catalogue.words if id.startswith("pattern-")}
    of_loading = {
        *("lookalike", "inside-class", "inside-function", "inside-main", "under-magic", "in-text"),
        *("out-of-order", "invisible-characters", "not-utf-8", "wrong-coding-line", "notebook-as-script"),
        *("script-as-notebook", "no-code", "other-assignment", "unsaved-function", "unsaved-edits"),
        *("empty", "only-null-bytes", "is-zip", "is-gzip", "is-pdf", "is-web-page", "is-lfs-pointer"),
        *("merge-conflict", "cut-off"),
    }
    of_layouts = {"folder", "dangling-link", "link", "chosen-newest", "chosen-last", "chosen-kind"}
    of_training = {id for id in exam.catalogue.words if id.startswith("run-")} | {
        "needs",
        "steps-share",
        "mercy",
        "given",
    }
    of_exceptions = {"shapes-there", "raised-bare", *(f"raised-{reason}" for reason in FACTS_OF_REASONS)}

    elsewhere = of_loading | of_layouts | of_exceptions | of_patterns | of_training
    assert set(exam.catalogue.words) == shown | own_test | elsewhere


def test_no_hint_holds_a_formula_and_no_sentence_blames(exam: Exam) -> None:
    """The formula never stands in the first hint, and nobody is told that they failed."""
    for words in exam.catalogue.words.values():
        assert not any(sign in words["hint"] for sign in ("grad_out *", "@", ".T", "1 -", ".sum("))
        assert not any(word in words["message"].lower() for word in ("fail!", "wrong!", "incorrect", "stupid"))


# ---- other languages ---------------------------------------------------------------------------------------

FOLDER = ROOT / "autograder" / "render" / "words"
LANGUAGES = sorted(file.stem for file in FOLDER.glob("*.toml"))
FORMULA = ("grad_out *", "@", ".T", "1 -", ".sum(")


def texts_of(file: Path) -> dict[tuple[str, ...], str]:
    """All texts of a file, by the path of keys that leads to each. The terms of a language are its own."""

    def walk(table: Mapping[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
        for key, value in table.items():
            if (*path, key) == ("terms",):
                continue
            yield from walk(value, *path, key) if isinstance(value, Mapping) else [((*path, key), value)]

    return dict(walk(tomllib.loads(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", [FOLDER, FOLDER / "phrases"], ids=["sentences", "phrases"])
def test_every_language_has_all_the_texts_of_english(folder: Path, language: str) -> None:
    """The same ids and keys, nothing left empty, and nothing in braces that the English text does not have."""
    english, other = texts_of(folder / "en.toml"), texts_of(folder / f"{language}.toml")

    assert {key for key, text in other.items() if text} == {key for key, text in english.items() if text}
    assert set(other) == set(english)
    for key, text in other.items():
        assert set(re.findall(r"{.*?}", text)) <= set(re.findall(r"{.*?}", english[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_hint_of_any_language_holds_a_formula_and_no_sentence_blames(language: str) -> None:
    """The formula never stands in the hint of a fault, and nobody is told that they failed."""
    for (fault, key), text in texts_of(FOLDER / f"{language}.toml").items():
        assert key != "hint" or not any(sign in text for sign in FORMULA), fault
        assert not re.search(r"you failed|wrong!|incorrect|stupid|durchgefallen|versagt|falsch!", text.lower()), fault


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_every_term_of_a_case_is_there(language: str) -> None:
    """How numbers are drawn and laid out is said in each line on a case."""
    phrases = tomllib.loads((FOLDER / "phrases" / f"{language}.toml").read_text(encoding="utf-8"))
    draws = {f"({name})" for name in (*DRAWS, *LABEL_DRAWS)}

    assert draws | set(LAYOUT_WORDS.values()) <= set(phrases["terms"]["case"])


GERMAN_NOTEBOOK = [
    "import numpy as np\nimport torch",
    "def add_backward(grad_out, a, b):\n    return grad_out",
    "def multiply_backward(grad_out, a, b):\n    return grad_out * b, grad_out * a",
    "def sigmoid_backward(grad_out, out):\n    return out * (1 - out)",
    "def matmul_backward(grad_out, a, b):\n    return [a, b, grad_out]",
    "def softmax_cross_entropy_backward(grad_out, logits, targets):\n    while True: pass",
    "def sgd_step(params, grads, lr):\n    for p, g in zip(params, grads): p -= lr * g\n    return list(params)",
    "@torch.no_grad()\ndef numeric_gradient(f, x):\n    return x",
    "def sgd_step(params, grads, lr):\n    for p, g in zip(params, grads): p -= lr * g\n    return list(params)",
]
GERMAN = """\
hw   16 / 100

Hinweis  sgd_step ist 2-mal definiert (Codezelle 7, Zeile 1; Codezelle 9, Zeile 1). Die letzte
         Definition zählt.

Hinweis  Codezelle 1, Zeile 2, „import torch“, hat ModuleNotFoundError ausgelöst: No module named
         'torch'. Nicht definiert ist deshalb: torch.

Hinweis  Codezelle 8, Zeile 2, „def numeric_gradient(f, x):“, hat NameError ausgelöst: name 'torch'
         is not defined. Nicht definiert ist deshalb: numeric_gradient.

○ unbroadcast   Nicht begonnen   0 / 6
    unbroadcast ist in dieser Datei nicht definiert.
    Weiter  Hast du der Funktion einen anderen Namen gegeben? Nenne sie wieder unbroadcast: Der
            Grader findet Funktionen am Namen.

✗ add   Noch nicht   1 / 8
    add_backward gibt ein einziges Array zurück, obwohl es mehrere Operanden gibt. Jeder Operand hat
    seinen eigenen Gradienten, und weiter hinten werden alle gebraucht. add_backward gibt ein Array
    (3, 4) zurück, erwartet ist das Tupel (grad_a, grad_b).
    Weiter  Wie viele Operanden hat die Operation?
    runs 0/1 · values 0/2 · shapes 0/3 · pure 1/1 · hard 0/1

✗ multiply   Noch nicht   6 / 12
    Was Broadcasting wiederholt hat, ist in grad_b nicht aufsummiert. Ein mehrfach benutzter Wert
    addiert seine Gradienten; so bekommt der Gradient am Ende die Form seines Operanden. Für a (2,
    3), b (1, 3): grad_b hat die Form (2, 3), erwartet ist (1, 3), die Form von b. Achse 0 ist zu
    lang: sie müsste die Länge 1 haben.
    Weiter  Vergleiche die Form von b mit der von grad_b. Wie oft wurde jeder Eintrag von b benutzt?
    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1

✗ sigmoid   Noch nicht   2 / 10
    Der Upstream-Gradient hat keinen Einfluss auf grad_x. Die Kettenregel multipliziert den lokalen
    Gradienten mit dem Upstream-Gradienten; hier ist der lokale schon die ganze Antwort. Für x (5,
    3): grad_x[0, 0] ist 0.186851, erwartet ist 0.106448. 15 von 15 Zahlen weichen ab.
    Weiter  Verdopple grad_out. Was geschieht mit deinem Ergebnis, und was müsste geschehen?
    runs 1/1 · values 0/4 · shapes 0/2 · pure 1/1 · hard 0/2

✗ matmul   Noch nicht   2 / 14
    matmul_backward gibt mehr Werte zurück, als es Operanden gibt. Der Aufrufer packt genau einen
    Gradienten für jeden Operanden aus, in ihrer Reihenfolge. matmul_backward gibt eine Liste (ein
    Array (4, 3), ein Array (3, 5), ein Array (4, 5)) zurück, erwartet ist das Tupel (grad_a,
    grad_b).
    Weiter  Zähle die Operanden und die Werte, die zurückkommen.
    runs 0/2 · values 0/5 · shapes 0/3 · pure 2/2 · hard 0/2

◷ softmax_cross_entropy   Abgebrochen   0 / 18
    Für logits (4, 5), targets (4,): softmax_cross_entropy_backward hat länger als 2 Sekunden
    gebraucht und wurde abgebrochen. Sie war gerade in Codezelle 6, Zeile 2, „while True: pass“.
    Weiter  Gibt es eine Schleife, deren Bedingung sich bei dieser Eingabe nie ändert?
    runs 0/2 · values 0/6 · shapes 0/3 · pure 0/2 · hard 0/5

✗ sgd_step   Noch nicht   3 / 4
    sgd_step verändert die übergebenen Arrays. Der Aufrufer benutzt sie noch: Dasselbe Array kann in
    einen anderen Zweig des Graphen eingehen. Für params [(5,)], grads [(5,)], lr 0.201: sgd_step
    hat params verändert. Argumente sind nur geliehen.
    Weiter  Gib ein Argument vor und nach dem Aufruf aus.
    runs 1/1 · values 2/2 · pure 0/1

✗ numeric_gradient   Noch nicht   0 / 8
    numeric_gradient ließ sich nicht definieren, weil eine Zeile, die dafür nötig ist, eine Ausnahme
    ausgelöst hat. Welche, steht oben in den Hinweisen.
    Weiter  Starte den Kernel neu und führe das Notebook von oben aus: Dann erscheint dieselbe
            Ausnahme.
    verdicts 0/8

✗ graph   Noch nicht   2 / 4
    add_backward gibt eine Zahl zurück, erwartet ist das Tupel (grad_a, grad_b). 3 von 5 Schritten
    stimmen; die falschen sind die von add_backward.
    Weiter  add_backward hat eine eigene Aufgabe. Stimmt die Funktion dort? Dort ist der Fehler
            leichter zu sehen.
    steps 2/4

◷ bigram   Abgebrochen   0 / 5
    erwartet  3.03 █▃▁▁▁▁▁▁▁▁▁▁▁▁▁▁ 2.13
    Nicht aufgerufen für bigram model, step 0, softmax_cross_entropy(logits (44, 5), targets (44,)):
    softmax_cross_entropy_backward war schon abgebrochen worden, oder die Zeit für die ganze Datei
    war um. 2 von 6 Schritten stimmen; die falschen sind die von softmax_cross_entropy_backward,
    matmul_backward.
    Weiter  softmax_cross_entropy_backward hat eine eigene Aufgabe. Stimmt die Funktion dort? Dort
            ist der Fehler leichter zu sehen.
    steps 0/2 · learning 0/3

◷ xor   Abgebrochen   0 / 5
    erwartet  0.693 █▇▆▆▅▅▄▄▃▃▃▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁ 0.0853
    Nicht aufgerufen für exclusive or, step 0, softmax_cross_entropy(logits (8, 2), targets (8,)):
    softmax_cross_entropy_backward war schon abgebrochen worden, oder die Zeit für die ganze Datei
    war um. 0 von 12 Schritten stimmen; die falschen sind die von softmax_cross_entropy_backward,
    add_backward, matmul_backward, sigmoid_backward.
    Weiter  softmax_cross_entropy_backward hat eine eigene Aufgabe. Stimmt die Funktion dort? Dort
            ist der Fehler leichter zu sehen.
    steps 0/2 · learning 0/3

◷ language_model   Abgebrochen   0 / 6
    erwartet  2.97 █▆▆▅▅▄▄▄▃▃▂▂▁▁▁ 1.11
    Nicht aufgerufen für neural language model, step 0, softmax_cross_entropy(logits (20, 12),
    targets (20,)): softmax_cross_entropy_backward war schon abgebrochen worden, oder die Zeit für
    die ganze Datei war um. 0 von 22 Schritten stimmen; die falschen sind die von
    softmax_cross_entropy_backward, add_backward, matmul_backward, multiply_backward,
    sigmoid_backward.
    Weiter  softmax_cross_entropy_backward hat eine eigene Aufgabe. Stimmt die Funktion dort? Dort
            ist der Fehler leichter zu sehen.
    steps 0/3 · learning 0/3
"""


@pytest.fixture(scope="module")
def german(exam: Exam) -> Exam:
    return replace(exam, catalogue=Catalogue.load(replace(exam.assignment, language="de")))


def test_a_whole_submission_in_german(german: Exam, sandbox: Sandbox) -> None:
    """Notes, names of mistakes, facts, hints, and what stands around them: nothing is left in English but code, names
    and Python's own words."""
    cells = [
        {"cell_type": "code", "source": source, "outputs": [], "execution_count": None, "metadata": {}}
        for source in GERMAN_NOTEBOOK
    ]
    notebook = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})

    report = graded(german, sandbox, notebook, "notebook")

    assert render_report(report, load_screen_words("de"), width=100) == GERMAN


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        (b"%PDF-1.4", "notebook", "Diese Datei ist ein PDF, kein Notebook. Gib das Notebook selbst ab, keinen Ausdruck "
         "davon."),
        (b"[]", "notebook", "Diese Datei ist kein lesbares Notebook: Ihr fehlt die Formatnummer eines Notebooks. "
         "Speichere sie noch einmal in Jupyter und gib ab, was dabei entsteht."),
        (b"def f(x): return 1\ndef g(x): return 2\ndef h(x): return 3\ndef k(x): return 4\n", "script",
         "Keine der Funktionen dieser Aufgabe ist hier definiert. Diese Datei definiert f, g, h und 1 weitere. Gehört "
         "sie zu einer anderen Aufgabe?"),
    ],
    ids=["the kind of a file", "a text of ours", "names"],
)  # fmt: skip
def test_what_is_said_of_a_whole_file_in_german(
    german: Exam, sandbox: Sandbox, source: bytes, kind: str, message: str
) -> None:
    """The English terms in facts are said in German, too."""
    assert [note.message for note in graded(german, sandbox, source, kind).notes] == [message]


@pytest.mark.parametrize(
    ("fault", "facts", "message"),
    [
        ("structure", {"function": "f", "got": "a tuple of (a number, an array (3, 4))", "wanted": "grad_x"},
         "f gibt ein Tupel (eine Zahl, ein Array (3, 4)) zurück, erwartet ist ein Array, grad_x."),
        ("argument-changed", {"function": "f", "case": "a (2,), b (2,), a and b are one array", "arguments": "a and b"},
         "Für a (2,), b (2,), a und b sind dasselbe Array: f hat a und b verändert. Argumente sind nur geliehen."),
        ("argument-changed", {"function": "f", "case": "a (2,), a is in Fortran order", "arguments":
         "an argument's shape"},
         "Für a (2,), a ist spaltenweise im Speicher: f hat die Form eines Arguments verändert. Argumente sind nur "
         "geliehen."),
        ("values", {"function": "f", "case": "logits (4, 5) (huge and close), targets (4,) (least likely)",
                    "result": "grad_logits", "entry": "[0]", "got": -0.0, "expected": 1.0, "wrong": 1, "entries": 4},
         "Für logits (4, 5) (riesig und nah beieinander), targets (4,) (unwahrscheinlichste Klasse): grad_logits[0] "
         "ist 0, erwartet ist 1. 1 von 4 Zahlen weichen ab."),
        ("defined-twice", {"function": "f", "times": 2, "places": "code cell 2, line 1; code cell 3, line 4"},
         "f ist 2-mal definiert (Codezelle 2, Zeile 1; Codezelle 3, Zeile 4). Die letzte Definition zählt."),
        ("in-text", {"function": "f", "where": "markdown cell 2", "line": 1, "code": "def f():"},
         "f ist in dieser Datei nicht definiert. Die Funktion steht in Textzelle 2, und die enthält Text und keinen "
         "Code."),
        ("lookalike", {"function": "add_backward", "found": "line", "where": "", "line": 3, "code": "x"},
         "add_backward ist in dieser Datei nicht definiert. Dafür gibt es line (Zeile 3): Ist das die Funktion?"),
        ("out-of-order", {"where": "code cell 1", "line": 2, "code": "y = x", "name": "x"},
         "Codezelle 1, Zeile 2, „y = x“, braucht x, und das wird erst weiter unten definiert. Hier wurde die Stelle "
         "danach gelesen, aber „Restart and run all“ hält dort an. Verschiebe sie unter die Definition von x."),
    ],
    ids=["containers", "one array", "layout", "draws and -0", "places", "cells", "a name that is a term", "runner"],
)  # fmt: skip
def test_the_terms_of_facts_in_german(german: Exam, fault: str, facts: dict[str, Any], message: str) -> None:
    """Only what the grader itself says is translated, never a student's name or code."""
    assert german.catalogue.say(fault, "message", facts) == message
