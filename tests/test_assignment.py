"""An assignment is refused with file, key, wanted and got, or it can be graded: also with operations of one's own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.checks.cases import make_deck
from autograder.checks.draws import DRAWS
from autograder.checks.reference import make_reference, prove_forwards
from autograder.errors import AssignmentError, UsageError
from autograder.exams import Exam, make_exam, prepare, with_one_question
from autograder.judging import judge
from autograder.load.assignment import load_assignment
from autograder.records import Outcome, Policy, QuestionResult
from autograder.render.feedback import Catalogue
from conftest import ROOT, SOLUTIONS, functions_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Function = Callable[..., Any]

BACKPROP = ROOT / "assignments" / "backprop"
TOML, FORWARD = "assignment.toml", "forward.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of `backprop` to break, in the working directory, so that messages name it by a short path."""
    copy = tmp_path / "backprop"
    shutil.copytree(BACKPROP, copy, ignore=shutil.ignore_patterns("backprop.*", "__pycache__"))
    monkeypatch.chdir(tmp_path)
    return copy


# ---- broken assignments ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """One edit of one file, and what is then said about that file."""

    id: str
    file: str
    old: str
    new: str
    key: str
    wanted: str
    got: str
    hint: str = ""

    @property
    def message(self) -> str:
        where = f"backprop/{self.file}: {self.key}" if self.key else f"backprop/{self.file}"
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{where}\n  wanted  {self.wanted}\n  got     {self.got}{hint}"


BROKEN = [
    Broken(
        "as-many-argument-names-as-arguments",
        TOML,
        'arguments = ["grad", "shape"]',
        'arguments = ["grad"]',
        key='question "unbroadcast".arguments',
        wanted="one name for each of grad_out, x.shape",
        got='["grad"]',
    ),
    Broken(
        "argument-names-are-names",
        TOML,
        'arguments = ["grad", "shape"]',
        "arguments = [1, 2]",
        key='question "unbroadcast".arguments',
        wanted="a list of names",
        got="[1, 2]",
    ),
    Broken(
        "result-with-other-braces",
        TOML,
        'result = "new {operand}"',
        'result = "new {operands}"',
        key='question "sgd_step".result',
        wanted="a text with {operand} in it, and no other braces",
        got='"new {operands}"',
    ),
    Broken(
        "list-and-shape",
        TOML,
        "operands.params = { list = true }",
        "operands.params = { list = true, shape = [3] }",
        key='question "sgd_step".operands.params.list',
        wanted="true, and neither shape nor classes beside it: a list has its shapes from each case",
        got="true",
    ),
    Broken(
        "list-of-sizes",
        TOML,
        "runs = [{ params = [[3, 4], [4]], grads",
        "runs = [{ params = [3, 4], grads",
        key='question "sgd_step".cases.runs[0].params',
        wanted="a list of shapes, such as [[3, 4], [4]]",
        got="[3, 4]",
    ),
    Broken(
        "list-without-shapes",
        TOML,
        "runs = [{ params = [[3, 4], [4]], grads = [[3, 4], [4]] }]",
        "runs = [{ params = [[3, 4], [4]] }]",
        key='question "sgd_step".cases.runs[0]',
        wanted="shapes for the list grads, such as grads = [[3, 4], [4]]",
        got="params = [[3, 4], [4]]",
    ),
    Broken(
        "numeric-gradient-with-a-forward",
        TOML,
        'receives = ["f", "x"]',
        'receives = ["f", "x"]\nforward = "add"',
        key='question "numeric_gradient".forward',
        wanted="nothing: a question that receives f and x names a forward function in each case",
        got='"add"',
    ),
    Broken(
        "verdicts-of-an-unknown-forward",
        TOML,
        '{ forward = "matmul", wrt = "b", N',
        '{ forward = "matmull", wrt = "b", N',
        key='question "numeric_gradient".cases.verdicts[2].forward',
        wanted="one of descent, softmax_cross_entropy, matmul, sigmoid, multiply, add, broadcast",
        got='"matmull"',
        hint='did you mean "matmul"?',
    ),
    Broken(
        "verdicts-of-lists",
        TOML,
        '{ forward = "matmul", wrt = "b", N = 3, D = 4, H = 4 }',
        '{ forward = "descent", wrt = "lr" }',
        key='question "numeric_gradient".cases.verdicts[2].forward',
        wanted="a forward function of arrays",
        got="descent(), which takes lists",
    ),
    Broken(
        "verdicts-in-an-unknown-operand",
        TOML,
        '{ forward = "softmax_cross_entropy", wrt = "logits", N = 3',
        '{ forward = "softmax_cross_entropy", wrt = "targets", N = 3',
        key='question "numeric_gradient".cases.verdicts[3].wrt',
        wanted="one of logits",
        got='"targets"',
    ),
    Broken(
        "verdicts-of-a-large-x",
        TOML,
        '{ forward = "sigmoid", wrt = "x", x = [5] }',
        '{ forward = "sigmoid", wrt = "x", x = [500] }',
        key='question "numeric_gradient".cases.verdicts',
        wanted="x of at most 100 entries",
        got="x (500,)",
    ),
    Broken(
        "families-of-a-numeric-gradient",
        TOML,
        "points = { verdicts = 8 }",
        "points = { verdicts = 7, runs = 1 }",
        key='question "numeric_gradient".cases.runs',
        wanted="a case: this family is worth 1 points",
        got="none",
    ),
    Broken(
        "unknown-key",
        TOML,
        'title = "Backpropagation by hand"',
        'titel = "Backpropagation by hand"',
        key="titel",
        wanted="one of title, version, language, points, mercy, limits, policy, cases, question, words",
        got='the unknown key "titel"',
        hint='did you mean "title"?',
    ),
    Broken(
        "policy-with-an-unknown-key",
        TOML,
        "[limits]",
        "[policy]\npercent = 10\n\n[limits]",
        key="policy.percent",
        wanted="one of due, grace_days, percent_a_day, most_percent, counts",
        got='the unknown key "percent"',
        hint='did you mean "most_percent"?',
    ),
    Broken(
        "policy-due-in-words",
        TOML,
        "[limits]",
        '[policy]\ndue = "tomorrow"\n\n[limits]',
        key="policy.due",
        wanted="a time with its offset, such as 2026-11-24T23:59:00+01:00",
        got='"tomorrow"',
    ),
    Broken(
        "policy-due-without-an-offset",
        TOML,
        "[limits]",
        "[policy]\ndue = 2026-11-24T23:59:00\n\n[limits]",
        key="policy.due",
        wanted="a time with its offset, such as 2026-11-24T23:59:00+01:00",
        got="2026-11-24 23:59:00",
    ),
    Broken(
        "policy-due-a-number",
        TOML,
        "[limits]",
        "[policy]\ndue = 24\n\n[limits]",
        key="policy.due",
        wanted="a time with its offset, such as 2026-11-24T23:59:00+01:00",
        got="24",
    ),
    Broken(
        "policy-percent-above-100",
        TOML,
        "[limits]",
        "[policy]\npercent_a_day = 120\n\n[limits]",
        key="policy.percent_a_day",
        wanted="a number from 0 to 100",
        got="120",
    ),
    Broken(
        "policy-grace-not-a-number",
        TOML,
        "[limits]",
        "[policy]\ngrace_days = nan\n\n[limits]",
        key="policy.grace_days",
        wanted="a number from 0 to 365",
        got="nan",
    ),
    Broken(
        "policy-counts-the-first",
        TOML,
        "[limits]",
        '[policy]\ncounts = "first"\n\n[limits]',
        key="policy.counts",
        wanted="one of latest, best",
        got='"first"',
    ),
    Broken(
        "missing-key",
        TOML,
        'title = "Backpropagation by hand"\n',
        "",
        key="title",
        wanted="a text",
        got="nothing",
    ),
    Broken(
        "wrong-type",
        TOML,
        'title = "Backpropagation by hand"',
        "title = true",
        key="title",
        wanted="a text",
        got="true",
    ),
    Broken(
        "points-do-not-add-up",
        TOML,
        "points = 100",
        "points = 60",
        key="points",
        wanted="100, the sum of the questions (6 + 8 + 12 + 10 + 14 + 18 + 4 + 8 + 4 + 5 + 5 + 6)",
        got="60",
    ),
    Broken(
        "points-are-no-number",
        TOML,
        "points = 100",
        'points = "100"',
        key="points",
        wanted="a whole number, 0 or more",
        got='"100"',
    ),
    Broken(
        "no-toml",
        TOML,
        "# Backpropagation by hand",
        "= Backpropagation by hand",
        key="",
        wanted="valid TOML",
        got="Invalid statement (at line 1, column 1)",
    ),
    Broken(
        "unknown-limit",
        TOML,
        "memory = 1024",
        "memroy = 1024",
        key="limits.memroy",
        wanted="one of load, call, function, submission, memory",
        got='the unknown key "memroy"',
        hint='did you mean "memory"?',
    ),
    Broken(
        "limit-of-zero-seconds",
        TOML,
        "call = 2.0",
        "call = 0",
        key="limits.call",
        wanted="a number of seconds, more than 0",
        got="0",
    ),
    Broken(
        "too-little-memory",
        TOML,
        "memory = 1024",
        "memory = 8",
        key="limits.memory",
        wanted="a whole number, 64 or more",
        got="8",
    ),
    Broken(
        "limits-are-no-table",
        TOML,
        "[limits]",
        "[[limits]]",
        key="limits",
        wanted="a table",
        got="[a table of load, call, function, submission, memory]",
    ),
    Broken(
        "unknown-question-key",
        TOML,
        'function = "matmul_backward"',
        'function = "matmul_backward"\nfunktion = "mm"',
        key='question "matmul".funktion',
        wanted="one of name, function, forward, receives, arguments, gradients, result, operands, points, cases, "
        "visibility",
        got='the unknown key "funktion"',
        hint='did you mean "function"?',
    ),
    Broken(
        "question-without-name",
        TOML,
        'name = "matmul"\n',
        "",
        key="question[4].name",
        wanted="a text",
        got="nothing",
    ),
    Broken(
        "question-without-function",
        TOML,
        'function = "matmul_backward"\n',
        "",
        key='question "matmul".function',
        wanted="a text",
        got="nothing",
    ),
    Broken(
        "question-twice",
        TOML,
        'name = "multiply"\n',
        'name = "add"\n',
        key="question",
        wanted="a name of its own for each question",
        got='"add" twice',
    ),
    Broken(
        "function-twice",
        TOML,
        'function = "multiply_backward"',
        'function = "add_backward"',
        key="question",
        wanted="a function of its own for each question",
        got='"add_backward" twice',
    ),
    Broken(
        "unknown-forward",
        TOML,
        'forward = "matmul"',
        'forward = "matmull"',
        key='question "matmul".forward',
        wanted="a function of forward.py",
        got='"matmull"',
        hint='did you mean "matmul"?',
    ),
    Broken(
        "unknown-received-name",
        TOML,
        'receives = ["grad_out", "out"]',
        'receives = ["grad_out", "output"]',
        key='question "sigmoid".receives',
        wanted="names out of grad_out, out, x, x.shape",
        got='"output"',
        hint='did you mean "out"?',
    ),
    Broken(
        "received-twice",
        TOML,
        'receives = ["grad_out", "out"]',
        'receives = ["grad_out", "grad_out"]',
        key='question "sigmoid".receives',
        wanted="each name once",
        got='["grad_out", "grad_out"]',
    ),
    Broken(
        "gradient-of-labels",
        TOML,
        'gradients = ["logits"]',
        'gradients = ["logits", "targets"]',
        key='question "softmax_cross_entropy".gradients',
        wanted="names out of logits",
        got='"targets"',
    ),
    Broken(
        "no-gradients",
        TOML,
        'gradients = ["logits"]',
        "gradients = []",
        key='question "softmax_cross_entropy".gradients',
        wanted="at least one operand that has a gradient",
        got="none",
    ),
    Broken(
        "misspelt-family-in-points",
        TOML,
        "points = { runs = 2, values = 6, shapes = 3, hard = 5, pure = 2 }",
        "points = { runs = 2, values = 6, shape = 3, hard = 5, pure = 2 }",
        key='question "softmax_cross_entropy".points.shape',
        wanted="one of runs, values, shapes, pure, hard, verdicts, bonus",
        got='the unknown key "shape"',
        hint='did you mean "shapes"?',
    ),
    Broken(
        "negative-points",
        TOML,
        "points = { runs = 2, values = 6, shapes = 3, hard = 5, pure = 2 }",
        "points = { runs = -2, values = 6, shapes = 3, hard = 5, pure = 2 }",
        key='question "softmax_cross_entropy".points.runs',
        wanted="a whole number, 0 or more",
        got="-2",
    ),
    Broken(
        "no-points",
        TOML,
        "points = { runs = 2, values = 6, shapes = 3, hard = 5, pure = 2 }",
        "points = {}",
        key='question "softmax_cross_entropy".points',
        wanted="points for at least one of runs, values, shapes, pure, hard, verdicts, bonus",
        got="none",
    ),
    Broken(
        "unknown-visibility",
        TOML,
        'forward = "matmul"',
        'forward = "matmul"\nvisibility = "hiden"',
        key='question "matmul".visibility',
        wanted="one of visible, hidden, after_due_date, after_published",
        got='"hiden"',
        hint='did you mean "hidden"?',
    ),
    Broken(
        "unknown-operand",
        TOML,
        "operands.x = {",
        "operands.y = {",
        key='question "sigmoid".operands.y',
        wanted="one of x",
        got='the unknown key "y"',
    ),
    Broken(
        "unknown-operand-key",
        TOML,
        'operands.targets = { shape = ["N"], classes = "V" }',
        'operands.targets = { shape = ["N"], class = "V" }',
        key='question "softmax_cross_entropy".operands.targets.class',
        wanted="one of shape, draw, classes, list",
        got='the unknown key "class"',
        hint='did you mean "classes"?',
    ),
    Broken(
        "shape-is-no-list",
        TOML,
        'operands.a = { shape = ["N", "D"] }',
        'operands.a = { shape = "ND" }',
        key='question "matmul".operands.a.shape',
        wanted="a shape, such as [3, 4]",
        got='"ND"',
    ),
    Broken(
        "classes-are-no-letter",
        TOML,
        'classes = "V"',
        "classes = true",
        key='question "softmax_cross_entropy".operands.targets.classes',
        wanted="a letter or a number",
        got="true",
    ),
    Broken(
        "misspelt-family-in-cases",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        "rums = [{ N = 4, D = 3, H = 5 }]",
        key='question "matmul".cases.rums',
        wanted="one of runs, values, shapes, pure, hard, bonus",
        got='the unknown key "rums"',
        hint='did you mean "runs"?',
    ),
    Broken(
        "family-without-case",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]\n",
        "",
        key='question "matmul".cases.runs',
        wanted="a case: this family is worth 2 points",
        got="none",
    ),
    Broken(
        "family-without-list",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        "runs = { N = 4, D = 3, H = 5 }",
        key='question "matmul".cases.runs',
        wanted="a list of tables, as [[runs]] or runs = [{ … }]",
        got="a table of N, D, H",
    ),
    Broken(
        "unknown-shared-cases",
        TOML,
        'cases = "pairs"',
        'cases = "pears"',
        key='question "add".cases',
        wanted="the name of a table [cases.NAME]",
        got='"pears"',
        hint='did you mean "pairs"?',
    ),
    Broken(
        "neither-shapes-nor-cases",
        TOML,
        'cases = "pairs"\n',
        "",
        key='question "add".operands.a',
        wanted='shapes with letters, such as operands.a = { shape = ["N", "D"] }, or cases',
        got="neither",
    ),
    Broken(
        "unknown-letter",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        "runs = [{ N = 4, D = 3, K = 5 }]",
        key='question "matmul".cases.runs[0].K',
        wanted="one of N, D, H, a, b, draw, dtype, layout, same, then",
        got='the unknown key "K"',
    ),
    Broken(
        "letter-without-size",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        "runs = [{ N = 4, D = 3 }]",
        key='question "matmul".cases.runs[0]',
        wanted="a size for the letter H, such as H = 4",
        got="N = 4, D = 3",
    ),
    Broken(
        "letter-of-size-zero",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        "runs = [{ N = 0, D = 3, H = 5 }]",
        key='question "matmul".cases.runs[0].N',
        wanted="a whole number, 1 or more",
        got="0",
    ),
    Broken(
        "shape-of-size-zero",
        TOML,
        "runs = [{ a = [3, 4], b = [3, 4] }]",
        "runs = [{ a = [3, 0], b = [3, 4] }]",
        key="cases.pairs.runs[0].a",
        wanted="a shape of sizes, 1 or more",
        got="[3, 0]",
    ),
    Broken(
        "operand-without-shape",
        TOML,
        "runs = [{ a = [3, 4], b = [3, 4] }]",
        "runs = [{ a = [3, 4] }]",
        key="cases.pairs.runs[0]",
        wanted="a shape for b, such as b = [3, 4]",
        got="a = [3, 4]",
    ),
    Broken(
        "shapes-do-not-broadcast",
        TOML,
        "runs = [{ a = [3, 4], b = [3, 4] }]",
        "runs = [{ a = [3, 4], b = [3] }]",
        key="cases.pairs.runs[0]",
        wanted="operands that add() in forward.py accepts",
        got="a (3, 4), b (3,): ValueError: operands could not be broadcast together with shapes (3,4) (3,)",
    ),
    Broken(
        "unknown-dtype",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        'runs = [{ N = 4, D = 3, H = 5, dtype = { a = "flaot32" } }]',
        key='question "matmul".cases.runs[0].dtype.a',
        wanted="one of float64, float32, int64, int32, uint8, bool",
        got='"flaot32"',
        hint='did you mean "float32"?',
    ),
    Broken(
        "labels-of-floats",
        TOML,
        "runs = [{ N = 4, V = 5 }]",
        'runs = [{ N = 4, V = 5, dtype = { targets = "float32" } }]',
        key='question "softmax_cross_entropy".cases.runs[0].dtype.targets',
        wanted="one of int64, int32, uint8",
        got='"float32"',
    ),
    Broken(
        "unknown-layout",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        'runs = [{ N = 4, D = 3, H = 5, layout = "stridden" }]',
        key='question "matmul".cases.runs[0].layout',
        wanted="one of C, F, strided, repeated",
        got='"stridden"',
        hint='did you mean "strided"?',
    ),
    Broken(
        "unknown-draw",
        TOML,
        "runs = [{ N = 4, V = 5 }]",
        'runs = [{ N = 4, V = 5, draw = { logits = "hugee" } }]',
        key='question "softmax_cross_entropy".cases.runs[0].draw.logits',
        wanted=f"one of {', '.join(sorted(DRAWS))}",
        got='"hugee"',
        hint='did you mean "huge"?',
    ),
    Broken(
        "unknown-draw-of-labels",
        TOML,
        "runs = [{ N = 4, V = 5 }]",
        'runs = [{ N = 4, V = 5, draw = { targets = "repeeated" } }]',
        key='question "softmax_cross_entropy".cases.runs[0].draw.targets',
        wanted="one of last class absent, least likely, mixed, repeated",
        got='"repeeated"',
        hint='did you mean "repeated"?',
    ),
    Broken(
        "unknown-default-draw",
        TOML,
        'operands.x = { draw = "wide" }',
        'operands.x = { draw = "wyde" }',
        key='question "sigmoid".operands.x.draw',
        wanted=f"one of {', '.join(sorted(DRAWS))}",
        got='"wyde"',
        hint='did you mean "wide"?',
    ),
    Broken(
        "draw-of-unknown-operand",
        TOML,
        "runs = [{ N = 4, V = 5 }]",
        'runs = [{ N = 4, V = 5, draw = { logit = "huge" } }]',
        key='question "softmax_cross_entropy".cases.runs[0].draw.logit',
        wanted="one of logits, targets, grad_out",
        got='the unknown key "logit"',
        hint='did you mean "logits"?',
    ),
    Broken(
        "draw-needs-a-matrix",
        TOML,
        "runs = [{ x = [3, 4] }]",
        'runs = [{ x = [3], draw = { x = "huge" } }]',
        key='question "sigmoid".cases.runs[0]',
        wanted='a matrix with at least two columns for the draw "huge"',
        got="x (3,)",
    ),
    Broken(
        "draw-needs-logits",
        TOML,
        "runs = [{ N = 4, V = 5 }]",
        'runs = [{ N = 4, V = 5, targets = [3], draw = { targets = "least likely" } }]',
        key='question "softmax_cross_entropy".cases.runs[0]',
        wanted="logits of shape (3, 5) before them",
        got="logits (4, 5)",
    ),
    Broken(
        "one-class",
        TOML,
        "runs = [{ N = 4, V = 5 }]",
        "runs = [{ N = 4, V = 1 }]",
        key='question "softmax_cross_entropy".cases.runs[0]',
        wanted="a vector of labels of at least 2 classes",
        got="targets (4,), classes = 1",
    ),
    Broken(
        "same-of-two-shapes",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        'runs = [{ N = 4, D = 3, H = 5, same = ["a", "b"] }]',
        key='question "matmul".cases.runs[0].same',
        wanted="operands of one shape and one dtype, because they are one array",
        got="a (4, 3) float64, b (3, 5) float64",
    ),
    Broken(
        "same-of-one",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        'runs = [{ N = 4, D = 3, H = 5, same = ["a"] }]',
        key='question "matmul".cases.runs[0].same',
        wanted="at least two operands",
        got='["a"]',
    ),
    Broken(
        "then-outside-of-pure",
        TOML,
        "runs = [{ N = 4, D = 3, H = 5 }]",
        "runs = [{ N = 4, D = 3, H = 5, then = { N = 2 } }]",
        key='question "matmul".cases.runs[0].then',
        wanted="`then` in cases of pure only",
        got="a case of runs",
    ),
    Broken(
        "only-zeros",
        TOML,
        "runs = [{ x = [3, 4] }]",
        'runs = [{ x = [1], draw = { x = "saturated" } }]',
        key='question "sigmoid", a case of runs: x (1,) (saturated)',
        wanted="a case in which some gradient is not zero",
        got="only zeros, which cannot tell right from wrong",
    ),
    Broken(
        "words-for-an-unknown-fault",
        TOML,
        "[limits]",
        '[words.shapes]\nmessage = "No."\n\n[limits]',
        key="words.shapes",
        wanted="the id of a message that exists",
        got='"shapes"',
        hint='did you mean "shape"?',
    ),
    Broken(
        "words-with-an-unknown-key",
        TOML,
        "[limits]",
        '[words.shape]\nhints = "No."\n\n[limits]',
        key="words.shape.hints",
        wanted="one of message, hint",
        got='the unknown key "hints"',
        hint='did you mean "hint"?',
    ),
    Broken(
        "words-with-an-unknown-fact",
        TOML,
        "[limits]",
        '[words.shape]\nmessage = "grad_{operant} has another shape."\n\n[limits]',
        key="words.shape.message",
        wanted="nothing in braces but case, expected, function, got, memory, operand, result, seconds",
        got="{operant}",
        hint='did you mean "operand"?',
    ),
    Broken(
        "words-with-a-format",
        TOML,
        "[limits]",
        '[words.values]\nmessage = "{got:.3f} is not {expected}."\n\n[limits]',
        key="words.values.message",
        wanted="nothing in braces but case, entries, entry, expected, function, got, memory, result, seconds, wrong",
        got="{got:.3f}",
        hint='did you mean "got"?',
    ),
    Broken(
        "words-with-a-lone-brace",
        TOML,
        "[limits]",
        '[words.shape]\nhint = "A set is written {1, 2."\n\n[limits]',
        key="words.shape.hint",
        wanted="nothing in braces but case, expected, function, got, memory, operand, result, seconds",
        got="expected '}' before end of string",
        hint="Write {{ and }} for braces themselves.",
    ),
    Broken(
        "unknown-language",
        TOML,
        'version = "1.0"',
        'version = "1.0"\nlanguage = "den"',
        key="language",
        wanted="one of de, en",
        got='"den"',
        hint='did you mean "en"?',
    ),
    Broken(
        "language-that-is-no-text",
        TOML,
        'version = "1.0"',
        'version = "1.0"\nlanguage = ["de"]',
        key="language",
        wanted="a text",
        got='["de"]',
    ),
    Broken(
        "words-for-an-unknown-mistake",
        TOML,
        "[limits]",
        '[words.mistakes.no-upsteam]\nheadline = "No."\nhint1 = "Look."\n\n[limits]',
        key="words.mistakes.no-upsteam",
        wanted="the id of a known mistake, or, for one of your own, all of headline, reason, hint1, hint2, hint3, "
        "idea, concept",
        got='"no-upsteam" without reason, hint2, hint3, idea, concept',
        hint='did you mean "no-upstream"?',
    ),
    Broken(
        "words-for-a-mistake-of-another-question",
        TOML,
        "[limits]",
        '[words.mistakes-of.matmul.tanh-derivative]\nheadline = "No."\n\n[limits]',
        key="words.mistakes-of.matmul.tanh-derivative",
        wanted="the id of a known mistake, or, for one of your own, all of headline, reason, hint1, hint2, hint3, "
        "idea, concept",
        got='"tanh-derivative" without reason, hint1, hint2, hint3, idea, concept',
    ),
    Broken(
        "words-for-a-mistake-with-an-unknown-key",
        TOML,
        "[limits]",
        '[words.mistakes.no-upstream]\nhint = "No."\n\n[limits]',
        key="words.mistakes.no-upstream.hint",
        wanted="one of headline, reason, hint1, hint2, hint3, idea, concept",
        got='the unknown key "hint"',
        hint='did you mean "hint3"?',
    ),
    Broken(
        "words-for-a-mistake-in-an-unknown-question",
        TOML,
        "[limits]",
        '[words.mistakes-of.sigmoit.no-upstream]\nheadline = "No."\n\n[limits]',
        key="words.mistakes-of.sigmoit",
        wanted="one of unbroadcast, add, multiply, sigmoid, matmul, softmax_cross_entropy, sgd_step, numeric_gradient, "
        "graph, bigram, xor, language_model",
        got='the unknown key "sigmoit"',
        hint='did you mean "sigmoid"?',
    ),
    Broken(
        "words-for-a-mistake-with-an-unknown-fact",
        TOML,
        "[limits]",
        '[words.mistakes-of.sigmoid.no-upstream]\nhint2 = "Look at {resolt}."\n\n[limits]',
        key="words.mistakes-of.sigmoid.no-upstream.hint2",
        wanted="nothing in braces but function, operand, result",
        got="{resolt}",
        hint='did you mean "result"?',
    ),
    Broken(
        "forward-that-does-not-parse",
        FORWARD,
        "import numpy as np",
        "import numpy as np\n1 +",
        key="",
        wanted="a Python file that can be run",
        got="SyntaxError: invalid syntax (forward.py, line 8)",
    ),
    Broken(
        "forward-that-raises-on-import",
        FORWARD,
        "import numpy as np",
        "import numpy as np\nnp.aray(3)",
        key="line 8",
        wanted="a Python file that can be run",
        got="AttributeError: module 'numpy' has no attribute 'aray'",
    ),
    Broken(
        "forward-that-exits-on-import",
        FORWARD,
        "import numpy as np",
        'import numpy as np\nraise SystemExit("bye")',
        key="line 8",
        wanted="a Python file that can be run",
        got="SystemExit: bye",
    ),
    Broken(
        "forward-with-a-reserved-name",
        FORWARD,
        "def matmul(a, b):",
        "def matmul(a, b, out=None):",
        key="matmul()",
        wanted='another name for the parameter "out", which has a meaning in assignment.toml',
        got="matmul(a, b, out)",
    ),
    Broken(
        "forward-of-absolute-values",
        FORWARD,
        "return a * b",
        "return np.abs(a) * b",
        key="multiply()",
        wanted="a function that also works on complex numbers (the reference is its complex-step derivative)",
        got="a derivative in a that is off by 1e+02 % of its size",
        hint="Compare real parts (np.real), and use neither abs nor np.maximum nor float().",
    ),
    Broken(
        "forward-that-drops-imaginary-parts",
        FORWARD,
        "return a @ b",
        "return np.asarray(a @ b).astype(float)",
        key="matmul()",
        wanted="a function that also works on complex numbers (the reference is its complex-step derivative)",
        got="ComplexWarning: Casting complex values to real discards the imaginary part",
        hint="Compare real parts (np.real), and use neither abs nor np.maximum nor float().",
    ),
    Broken(
        "forward-that-raises-on-complex-numbers",
        FORWARD,
        "return a @ b",
        'assert not np.iscomplexobj(a), "no complex numbers here"\n    return a @ b',
        key="matmul()",
        wanted="a function that also works on complex numbers (the reference is its complex-step derivative)",
        got="AssertionError: no complex numbers here",
        hint="Compare real parts (np.real), and use neither abs nor np.maximum nor float().",
    ),
    Broken(
        "forward-that-changes-its-argument",
        FORWARD,
        "return a @ b",
        "a *= 2.0\n    return a @ b",
        key="matmul()",
        wanted="a function that leaves its arguments as they are",
        got="it changes a",
    ),
    Broken(
        "forward-that-draws-at-random",
        FORWARD,
        "return a * b",
        "return a * b + np.random.normal()",
        key="multiply()",
        wanted="the same output for the same arguments",
        got="something else in a second call",
    ),
    Broken(
        "forward-without-return",
        FORWARD,
        "return a @ b",
        "a @ b",
        key="matmul()",
        wanted="one array of numbers, or one number",
        got="None, for a (4, 3), b (3, 5)",
    ),
    Broken(
        "forward-that-returns-two-values",
        FORWARD,
        "return a @ b",
        "return a @ b, a",
        key="matmul()",
        wanted="one array of numbers, or one number",
        got="a tuple, for a (4, 3), b (3, 5)",
    ),
    Broken(
        "forward-that-returns-text",
        FORWARD,
        "return a @ b",
        'return np.array("a @ b")',
        key="matmul()",
        wanted="one array of numbers, or one number",
        got="an array of shape () and dtype <U5, for a (4, 3), b (3, 5)",
    ),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.id)
def test_a_broken_assignment_is_told_by_file_key_wanted_and_got(broken: Broken, folder: Path) -> None:
    """Whoever mistypes one line is told which line it is, what was wanted and what is there."""
    file = folder / broken.file
    text = file.read_text(encoding="utf-8")
    assert broken.old in text
    file.write_text(text.replace(broken.old, broken.new, 1), encoding="utf-8")

    with pytest.raises(AssignmentError) as raised:
        prepare("backprop")

    assert str(raised.value) == broken.message
    assert raised.value.exit_code == 2


def test_forward_functions_are_not_optional(folder: Path) -> None:
    """An assignment without its answer key is refused."""
    (folder / FORWARD).unlink()

    with pytest.raises(AssignmentError) as raised:
        prepare("backprop")

    assert str(raised.value) == "backprop/forward.py\n  wanted  the forward functions\n  got     no such file"


@dataclass(frozen=True)
class Unfit:
    """A question that an instructor adds, with its forward function, and why it cannot be graded."""

    id: str
    forward: str
    question: str
    message: str


UNFIT = [
    Unfit(
        "class-letter-without-size",
        "def own(x, targets):\n    return x[targets]",
        'operands.targets = { shape = [4], classes = "V" }\ncases = { runs = [{ x = [4] }], hard = [{ x = [4] }] }',
        'backprop/assignment.toml: question "own".cases.runs[0]\n'
        "  wanted  a size for the letter V, such as V = 4\n"
        "  got     x = [4]",
    ),
    Unfit(
        "not-defined-for-random-normals",
        "def own(x):\n    return np.log(x)",
        'operands.x = { shape = ["N", "D"] }',
        'backprop/assignment.toml: question "own".usual.runs[0]\n'
        "  wanted  operands for which own() in forward.py is finite\n"
        "  got     nan or inf, for x (3, 4)",
    ),
    Unfit(
        "overflows-in-the-derivative",
        "def own(x):\n    return 1 / (1 + np.exp(-x))",
        'cases = { runs = [{ x = [3], draw = { x = "saturated" } }], hard = [{ x = [3] }] }',
        "backprop/forward.py: own()\n"
        "  wanted  a function whose derivative is finite wherever the function is\n"
        "  got     a derivative in x that is nan or inf\n"
        "  Does a step overflow? Complex numbers overflow where real ones only become 0.",
    ),
    Unfit(
        "overflows-in-one-case",
        "def own(x):\n    return 1 / (1 + np.exp(-x))",
        'cases.runs = [{ x = [3] }]\ncases.hard = [{ x = [3], draw = { x = "saturated" } }]',
        'backprop/assignment.toml: question "own", a case of hard: x (3,) (saturated)\n'
        "  wanted  a case in which the gradient of x is finite\n"
        "  got     nan or inf",
    ),
    Unfit(
        "no-upstream-for-an-array",
        "def own(x):\n    return x * x",
        'receives = ["x"]\ncases = { runs = [{ x = [3] }], hard = [{ x = [3] }] }',
        'backprop/assignment.toml: question "own".receives\n'
        "  wanted  grad_out in receives, because own() does not return one number\n"
        "  got     x",
    ),
    Unfit(
        "always-zero-in-the-usual-cases",
        "def own(x):\n    return np.round(np.real(x))",
        'operands.x = { shape = ["N", "D"] }',
        'backprop/assignment.toml: question "own", a case of runs: x (3, 4)\n'
        "  wanted  a case in which some gradient is not zero\n"
        "  got     only zeros, which cannot tell right from wrong\n"
        "  This is one of the usual cases. List cases of your own for this question.",
    ),
]


@pytest.mark.parametrize("unfit", UNFIT, ids=lambda unfit: unfit.id)
def test_a_question_that_cannot_be_graded_is_refused(unfit: Unfit, folder: Path) -> None:
    """A case without a finite gradient that is not zero everywhere would accuse the right or pass the wrong."""
    question = f"""
[[question]]
name = "own"
function = "own_backward"
points = {{ runs = 1, hard = 1 }}
{unfit.question}
"""
    extend(folder, unfit.forward, question, points=2)

    with pytest.raises(AssignmentError) as raised:
        prepare("backprop")

    assert str(raised.value) == unfit.message


def test_a_question_of_hard_cases_only_is_proved_on_those(folder: Path) -> None:
    """A forward function that drops imaginary parts is found out whatever families it has."""
    question = """
[[question]]
name = "own"
function = "own_backward"
points = { hard = 1 }
cases.hard = [{ x = [3, 4], y = [4] }]
"""
    extend(folder, "def own(x, y):\n    return np.abs(x) + y", question, points=1)

    with pytest.raises(AssignmentError, match=r"own\(\)\n  wanted  a function that also works on complex numbers"):
        prepare("backprop")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param("backprob", 'backprob: no assignment of this name. Did you mean "backprop"?', id="close"),
        pytest.param(
            "nand", "nand: no assignment of this name. Known: backprop, or the path of a folder.", id="not-close"
        ),
        pytest.param("empty", "empty: no assignment.toml in this folder.", id="folder-without-toml"),
    ],
)
def test_an_unknown_assignment_is_told_what_is_known(
    given: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name or a folder that is no assignment is a wrong use of the command."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError) as raised:
        load_assignment(given)

    assert str(raised.value) == message
    assert raised.value.exit_code == 2


def test_a_question_that_does_not_exist_is_told_which_do(folder: Path) -> None:
    """A misspelt question of the command line is answered like a misspelt key."""
    with pytest.raises(UsageError) as raised:
        make_exam(with_one_question(load_assignment("backprop"), "multipli"))

    assert str(raised.value) == 'backprop has no question multipli: did you mean "multiply"?'


# ---- where an assignment is found --------------------------------------------------------------------------


def test_an_assignment_has_a_name_and_two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name, the public folder and its twin under `solutions/` all mean the same assignment."""
    monkeypatch.chdir(tmp_path)

    found = {load_assignment(given).folder for given in ("backprop", str(BACKPROP), str(SOLUTIONS))}

    assert found == {BACKPROP}


def test_an_assignment_has_its_folders_name_also_from_inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.` is a folder like any other, and no name."""
    monkeypatch.chdir(folder)

    assert load_assignment(".").name == "backprop"


def test_a_folder_of_submissions_does_not_hide_the_assignment_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class's answers often lie in a folder that is called like the assignment."""
    (tmp_path / "backprop").mkdir()
    monkeypatch.chdir(tmp_path)

    assert load_assignment("backprop").folder == BACKPROP


# ---- words of one's own ------------------------------------------------------------------------------------


def test_an_assignment_may_override_words(folder: Path) -> None:
    """A sentence may be replaced, and may name all that the shipped one names, the limits, and a literal brace."""
    text = (folder / TOML).read_text(encoding="utf-8")
    own = '\n[words.values]\nmessage = "{function}, {case}: {got} {{not}} {expected} within {seconds} s"\n'
    (folder / TOML).write_text(text + own, encoding="utf-8")
    facts = {"function": "add_backward", "case": "a (2,)", "got": 1.0, "expected": 2.0}

    said = Catalogue.load(load_assignment("backprop")).say("values", "message", facts)

    assert said == "add_backward, a (2,): 1 {not} 2 within 2 s"


OWN_MISTAKE = """
[words.mistakes.left-right]
headline = "{function} reads from the right."
reason = "We read from the left."
hint1 = "Where do you begin?"
hint2 = "Begin at the left."
hint3 = "`x[0]` comes first."
idea = "Read aloud."
concept = "order"

[words.mistakes-of.add.left-right]
hint1 = "Where does a sum begin?"

[words.mistakes.no-upstream]
hint1 = "Look at page 12."
concept = "lecture 3"

[words.mistakes-of.sigmoid.no-upstream]
hint1 = "Look at page 20, on {result}."
"""


@pytest.mark.parametrize(
    ("question", "id", "own"),
    [
        ("add", "no-upstream", {"hint1": "Look at page 12.", "concept": "lecture 3"}),
        ("sigmoid", "no-upstream", {"hint1": "Look at page 20, on {result}.", "concept": "lecture 3"}),
        ("sigmoid", "sign", {}),
    ],
    ids=["in any question", "in one question", "another mistake"],
)
def test_an_assignment_may_override_single_words_of_a_mistake(
    folder: Path, question: str, id: str, own: dict[str, str]
) -> None:
    """One sentence is replaced, in all questions or in one; the others of that mistake stay."""
    usual = Catalogue.load(load_assignment("backprop")).words_of_mistake(id, question)
    (folder / TOML).write_text((folder / TOML).read_text(encoding="utf-8") + OWN_MISTAKE, encoding="utf-8")

    words = Catalogue.load(load_assignment("backprop")).words_of_mistake(id, question)

    assert usual is not None
    assert words == {**usual, **own}


def test_an_assignment_may_bring_all_the_words_of_a_mistake_of_its_own(folder: Path) -> None:
    """Whoever adds an operation may name the mistakes that people make in it."""
    (folder / TOML).write_text((folder / TOML).read_text(encoding="utf-8") + OWN_MISTAKE, encoding="utf-8")
    catalogue = Catalogue.load(load_assignment("backprop"))

    words = {
        "headline": "{function} reads from the right.",
        "reason": "We read from the left.",
        "hint1": "Where do you begin?",
        "hint2": "Begin at the left.",
        "hint3": "`x[0]` comes first.",
        "idea": "Read aloud.",
        "concept": "order",
    }
    assert catalogue.words_of_mistake("left-right", "matmul") == words
    assert catalogue.words_of_mistake("left-right", "add") == {**words, "hint1": "Where does a sum begin?"}


# ---- operations of one's own -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """What an instructor adds: a forward function, a few lines of TOML without any case. `right` is a right answer."""

    name: str
    forward: str
    question: str
    right: str


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation(
            "tanh",
            """
def tanh(x):
    return np.tanh(x)
""",
            """
receives = ["grad_out", "out"]
operands.x = { shape = ["N", "D"] }
""",
            """
def tanh_backward(grad_out, out):
    return grad_out * (1.0 - out**2)
""",
        ),
        Operation(
            "relu",
            """
def relu(x):
    return np.where(np.real(x) > 0, x, 0.0)
""",
            """
operands.x = { shape = ["N", "D"] }
""",
            """
def relu_backward(grad_out, x):
    return grad_out * (x > 0)
""",
        ),
        Operation(
            "softmax",
            """
def softmax(x):
    powers = np.exp(x - np.max(np.real(x)))
    return powers / np.sum(powers)
""",
            """
receives = ["grad_out", "out"]
operands.x = { shape = ["V"] }
""",
            """
def softmax_backward(grad_out, out):
    return out * (grad_out - (grad_out * out).sum())
""",
        ),
        Operation(
            "linear",
            """
def linear(x, w, b):
    return x @ w + b
""",
            """
receives = ["grad_out", "x", "w"]
operands.x = { shape = ["N", "D"] }
operands.w = { shape = ["D", "H"] }
operands.b = { shape = ["H"] }
""",
            """
def linear_backward(grad_out, x, w):
    return grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)
""",
        ),
        Operation(
            "layer_norm",
            """
def layer_norm(x, gamma, beta):
    centred = x - np.mean(x, axis=1, keepdims=True)
    return gamma * centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + 1e-5) + beta
""",
            """
operands.x = { shape = ["N", "D"] }
operands.gamma = { shape = ["D"] }
operands.beta = { shape = ["D"] }
""",
            """
def layer_norm_backward(grad_out, x, gamma, beta):
    centred = x - x.mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    x_hat = centred / size
    grad_x_hat = grad_out * gamma
    through_mean = grad_x_hat.mean(axis=1, keepdims=True)
    through_size = x_hat * (grad_x_hat * x_hat).mean(axis=1, keepdims=True)
    return (grad_x_hat - through_mean - through_size) / size, (grad_out * x_hat).sum(axis=0), grad_out.sum(axis=0)
""",
        ),
        Operation(
            "nll",
            """
def nll(log_probs, targets):
    return -np.mean(log_probs[np.arange(len(targets)), targets])
""",
            """
operands.log_probs = { shape = ["N", "V"] }
operands.targets = { shape = ["N"], classes = "V" }
""",
            """
def nll_backward(grad_out, log_probs, targets):
    grad = np.zeros(log_probs.shape)
    grad[np.arange(len(targets)), targets] = -grad_out / len(targets)
    return grad
""",
        ),
    )
}

POINTS = "{ runs = 1, values = 2, shapes = 4, hard = 8, pure = 16 }"
"""Powers of two, so that a score says which families were lost."""


@pytest.fixture
def extended(folder: Path) -> Path:
    """`backprop` and six operations more, without a line changed in the grader."""
    forwards = "".join(operation.forward for operation in OPERATIONS.values())
    questions = "".join(
        f'\n[[question]]\nname = "{name}"\nfunction = "{name}_backward"\npoints = {POINTS}{operation.question}'
        for name, operation in OPERATIONS.items()
    )
    extend(folder, forwards, questions, points=31 * len(OPERATIONS))
    return folder


def extend(folder: Path, forwards: str, questions: str, points: int) -> None:
    """Add forward functions and questions, and their points to the total."""
    forward, toml = folder / FORWARD, folder / TOML
    forward.write_text(f"{forward.read_text(encoding='utf-8')}\n{forwards}\n", encoding="utf-8")
    text = toml.read_text(encoding="utf-8")
    total = tomllib.loads(text)["points"]
    text = text.replace(f"\npoints = {total}\n", f"\npoints = {total + points}\n", 1)
    toml.write_text(text + questions, encoding="utf-8")


def lost_families(exam: Exam, source: str, wrap: Callable[[Function], Function]) -> list[str]:
    """The families that the functions of a source lose, of the one question of the exam."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    (question,) = exam.assignment.questions
    function = wrap(namespace[question.function])
    (result,) = judge(exam, answer({question.function: function}, exam.deck, exam.assignment))
    return [check.name for check in result.checks if check.outcome is not Outcome.PASSED]


def as_it_is(function: Function) -> Function:
    return function


def in_float32(function: Function) -> Function:
    """The same function for a student who computes in float32, as deep-learning libraries do."""

    def rounded(*arguments: Any) -> Any:
        floats = [a.astype(np.float32) if a.dtype.kind == "f" else a for a in map(np.asarray, arguments)]
        grads = function(*floats)
        return tuple(map(np.float32, grads)) if isinstance(grads, tuple) else np.float32(grads)

    return rounded


@pytest.mark.parametrize("name", OPERATIONS)
def test_right_code_of_a_new_operation_passes_the_usual_cases(name: str, extended: Path) -> None:
    """An instructor who lists no cases accuses nobody wrongly, in either precision, whatever the seed."""
    first = make_exam(with_one_question(load_assignment("backprop"), name))
    for seed in range(50):
        exam = with_seed(first, seed)

        assert lost_families(exam, OPERATIONS[name].right, as_it_is) == [], f"float64, seed {seed}"
        assert lost_families(exam, OPERATIONS[name].right, in_float32) == [], f"float32, seed {seed}"


BATCHED = """
def matmul_backward(grad_out, a, b):
    def summed(grad, shape):
        grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
        return grad.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1 and grad.shape[i] > 1), keepdims=True)
    return summed(grad_out @ np.swapaxes(b, -1, -2), a.shape), summed(np.swapaxes(a, -1, -2) @ grad_out, b.shape)
"""


def test_a_bonus_comes_on_top_of_the_maximum_and_its_loss_is_no_mistake(folder: Path) -> None:
    """Batched matmul is worth nothing until an instructor says so; then three points above the maximum."""
    toml = folder / TOML
    toml.write_text(toml.read_text(encoding="utf-8").replace("bonus = 0", "bonus = 3"), encoding="utf-8")
    exam = make_exam(with_one_question(load_assignment("backprop"), "matmul"))
    plain = functions_of(SOLUTIONS / "solution.py")["matmul_backward"]
    namespace: dict[str, Any] = {"np": np}
    exec(BATCHED, namespace)

    def result_of(function: Function) -> QuestionResult:
        answers = answer({"matmul_backward": function}, exam.deck, exam.assignment)
        (result,) = judge(exam, answers)
        return result

    assert exam.assignment.max_score == 14
    with_bonus, without = result_of(namespace["matmul_backward"]), result_of(plain)
    assert (with_bonus.outcome, with_bonus.score, with_bonus.max_score) == (Outcome.PASSED, 17, 14)
    assert (without.outcome, without.score, without.max_score) == (Outcome.PASSED, 14, 14)
    assert [check.name for check in without.checks if check.fault] == ["bonus"]


def test_a_bonus_is_off_by_default(exam: Exam) -> None:
    """Nobody loses time or sleep over points that their course does not give."""
    assert not [case for case in exam.deck.cases if case.family == "bonus"]


def with_seed(exam: Exam, seed: int) -> Exam:
    """The same exam, drawn anew."""
    deck = make_deck(exam.assignment, seed)
    prove_forwards(exam.assignment, deck)
    return replace(exam, deck=deck, reference=make_reference(exam.assignment, deck))


@dataclass(frozen=True)
class Wrong:
    """One edit of the right answer, and the families that it costs."""

    operation: str
    id: str
    old: str
    new: str
    lost: str


WRONG = [
    Wrong("tanh", "no-upstream", "grad_out * (1.0 - out**2)", "1.0 - out**2", "values shapes hard"),
    Wrong("tanh", "not-local", "1.0 - out**2", "1.0 - out", "values shapes hard"),
    Wrong("tanh", "tanh-of-out", "1.0 - out**2", "1.0 - np.tanh(out)**2", "values shapes hard"),
    Wrong("relu", "no-upstream", "grad_out * (x > 0)", "1.0 * (x > 0)", "values shapes hard"),
    Wrong("relu", "times-x", "(x > 0)", "np.maximum(x, 0)", "values shapes hard"),
    Wrong("relu", "mask-of-upstream", "(x > 0)", "(grad_out > 0)", "values shapes hard"),
    Wrong(
        "softmax", "diagonal-only", "(grad_out - (grad_out * out).sum())", "(1 - out) * grad_out", "values shapes hard"
    ),
    Wrong("softmax", "mean-for-sum", ".sum()", ".mean()", "values shapes hard"),
    Wrong("linear", "wrong-axis", "grad_out.sum(axis=0)", "grad_out.sum(axis=1)", "runs values shapes hard"),
    Wrong("linear", "mean-over-batch", "grad_out.sum(axis=0)", "grad_out.mean(axis=0)", "values shapes hard"),
    Wrong("linear", "transposed", "x.T @ grad_out", "(x.T @ grad_out).T", "runs values shapes hard"),
    Wrong("linear", "bias-not-summed", "grad_out.sum(axis=0)", "grad_out", "runs values shapes hard"),
    Wrong(
        "layer_norm", "no-upstream", "grad_x_hat = grad_out * gamma", "grad_x_hat = gamma + 0 * x", "values shapes hard"
    ),
    Wrong("layer_norm", "no-path-through-the-mean", " - through_mean", "", "values shapes hard"),
    Wrong("layer_norm", "no-path-through-the-size", " - through_size", "", "values shapes hard"),
    Wrong("layer_norm", "wrong-axis", "grad_out.sum(axis=0)", "grad_out.sum(axis=1)", "runs values shapes hard"),
    Wrong("layer_norm", "over-the-batch", "axis=1", "axis=0", "values shapes hard"),
    Wrong("layer_norm", "beta-forgets-the-batch", "grad_out.sum(axis=0)", "grad_out[0]", "values shapes hard"),
    Wrong(
        "layer_norm", "writes-into-x", "centred = x - x", "x -= x.mean(axis=1, keepdims=True); centred = x - x", "pure"
    ),
    Wrong("nll", "no-upstream", "-grad_out", "-1", "values shapes hard"),
    Wrong("nll", "sum-for-mean", " / len(targets)", "", "values shapes hard"),
    Wrong("nll", "mean-over-classes", "/ len(targets)", "/ log_probs.shape[1]", "values shapes hard"),
    Wrong("nll", "mean-over-entries", "/ len(targets)", "/ log_probs.size", "values shapes hard"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.operation}-{wrong.id}")
def test_wrong_code_of_a_new_operation_loses_points(wrong: Wrong, extended: Path) -> None:
    """The usual cases tell the usual mistakes from a right answer, whatever the seed."""
    source = OPERATIONS[wrong.operation].right
    assert wrong.old in source
    first = make_exam(with_one_question(load_assignment("backprop"), wrong.operation))
    for seed in range(5):
        lost = lost_families(with_seed(first, seed), source.replace(wrong.old, wrong.new), as_it_is)

        assert lost == wrong.lost.split(), f"seed {seed}"


def test_the_usual_labels_leave_out_the_last_class_once(extended: Path) -> None:
    """Whoever counts the classes in the labels meets a case in which the last one does not occur."""
    wrong = OPERATIONS["nll"].right.replace("log_probs.shape", "(len(targets), targets.max() + 1)")

    assert "values" in lost_families(make_exam(with_one_question(load_assignment("backprop"), "nll")), wrong, as_it_is)


def test_all_of_an_extended_assignment_is_graded_together(extended: Path) -> None:
    """New questions stand beside the old ones: the whole is worth their sum, and each is judged by its own answer."""
    exam = prepare("backprop")
    functions = functions_of(SOLUTIONS / "solution.py")
    namespace: dict[str, Any] = {"np": np}
    for operation in OPERATIONS.values():
        exec(operation.right, namespace)
    own = {f"{name}_backward": namespace[f"{name}_backward"] for name in OPERATIONS}

    results = judge(exam, answer({**functions, **own}, exam.deck, exam.assignment))

    assert sum(result.score for result in results) == exam.assignment.max_score
    assert exam.assignment.max_score == load_assignment(str(BACKPROP)).max_score + 31 * len(OPERATIONS)


@pytest.mark.parametrize(
    ("plan", "name"),
    [
        pytest.param('{ x = [3, 4], dtype = { mask = "bool" } }', "mask", id="mask"),
        pytest.param('{ x = [3, 4], dtype = { mask = "uint8" } }', "mask", id="unsigned"),
        pytest.param('{ x = [3, 4], dtype = { mask = "float32" } }', "mask", id="float32"),
    ],
)
def test_an_operand_that_has_no_gradient_may_have_any_dtype(plan: str, name: str, folder: Path) -> None:
    """A mask is drawn from what its dtype can hold: the student sees the very numbers that the reference sees."""
    question = f"""
[[question]]
name = "dropout"
function = "dropout_backward"
receives = ["grad_out", "{name}"]
gradients = ["x"]
points = {{ values = 1 }}
operands.mask = {{ shape = [3, 4] }}
cases.values = [{plan}]
"""
    extend(folder, "def dropout(x, mask):\n    return x * mask * 2.0", question, points=1)
    exam = make_exam(with_one_question(load_assignment("backprop"), "dropout"))

    assert (
        lost_families(exam, "def dropout_backward(grad_out, mask):\n    return grad_out * mask * 2.0", as_it_is) == []
    )


@pytest.mark.parametrize(
    "due", ["2026-11-24T23:59:00+01:00", '"2026-11-24T23:59:00+01:00"'], ids=["a time of TOML", "a text"]
)
def test_a_policy_is_data_of_the_assignment(due: str, folder: Path) -> None:
    """All of it may be left out; then nothing is late and the latest attempt counts."""
    assert load_assignment("backprop").policy == Policy()

    file = folder / "assignment.toml"
    table = f'[policy]\ndue = {due}\ngrace_days = 2\npercent_a_day = 10\nmost_percent = 50\ncounts = "best"\n'
    file.write_text(file.read_text(encoding="utf-8") + table, encoding="utf-8")

    policy = Policy("2026-11-24T23:59:00+01:00", grace_days=2, percent_a_day=10, most_percent=50, counts="best")
    assert load_assignment(str(folder)).policy == policy
