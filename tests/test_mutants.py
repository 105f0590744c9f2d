"""Wrong answers made out of right ones: what is changed, what is left alone, and that each differs in one place."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from autograder.errors import UsageError
from autograder.exams import Exam
from autograder.verification.mutants import mutants_of
from conftest import SOLUTIONS, SUBMISSIONS, one_in

pytestmark = pytest.mark.once

RIGHT = [SOLUTIONS / "solution.py", *sorted((SUBMISSIONS / "right").glob("*.py"))]

FEWEST = 15
"""The shortest right function, a sigmoid in one line, has 17 mutants."""


@dataclass(frozen=True)
class Changes:
    """A source, and what its function `f` becomes by one kind of change: fragments before and after."""

    id: str
    kind: str
    source: str
    changes: list[tuple[str, str]]


def of(expression: str) -> str:
    return f"import numpy as np\ndef f(x, y):\n    return {expression}\n"


CHANGES = [
    Changes(
        "sum",
        "operator",
        of("x + y"),
        [("return x + y", "return -(x + y)"), ("x + y", "x - y"), ("x + y", "x * y")],
    ),
    Changes(
        "difference",
        "operator",
        of("x - y"),
        [("return x - y", "return -(x - y)"), ("x - y", "x + y"), ("x - y", "y - x")],
    ),
    Changes(
        "product",
        "operator",
        of("x * y"),
        [("return x * y", "return -(x * y)"), ("x * y", "x + y"), ("x * y", "x / y")],
    ),
    Changes(
        "quotient",
        "operator",
        of("x / y"),
        [("return x / y", "return -(x / y)"), ("x / y", "x * y"), ("x / y", "y / x")],
    ),
    Changes(
        "matrix-product",
        "operator",
        of("x @ y"),
        [("return x @ y", "return -(x @ y)"), ("x @ y", "x * y"), ("x @ y", "y @ x")],
    ),
    Changes(
        "power-in-a-product",
        "operator",
        of("[x * y ** 2]"),
        [
            ("return [x * y ** 2]", "return [-(x * y ** 2)]"),
            ("x * y ** 2", "x + y ** 2"),
            ("x * y ** 2", "x / y ** 2"),
            ("y ** 2", "y * 2"),
            ("y ** 2", "2 ** y"),
        ],
    ),
    Changes(
        "whole-division",
        "operator",
        of("g(x // 2, x % 2)"),
        [("return g(x // 2, x % 2)", "return -g(x // 2, x % 2)"), ("x // 2", "x / 2"), ("x % 2", "x // 2")],
    ),
    Changes("signs", "operator", of("[-x, not y, ~x, -1]"), [("-x", "x"), ("not y", "y"), ("~x", "x")]),
    Changes("and-or", "operator", of("[x and y]"), [("x and y", "x or y")]),
    Changes(
        "in-place",
        "operator",
        "def f(x, y):\n    x = x - y\n    x *= y\n    y = x - y\n",
        [
            ("x = x - y", "x -= y"),
            ("x - y", "x + y"),
            ("x - y", "y - x"),
            ("x *= y", "x += y"),
            ("x *= y", "x /= y"),
            ("x - y", "x + y"),
            ("x - y", "y - x"),
        ],
    ),
    Changes("lambda", "operator", "f = lambda x, y: (x, 1)", [("lambda x, y: (x, 1)", "lambda x, y: (-x, 1)")]),
    Changes("equal", "comparison", of("x == 1"), [("x == 1", "x != 1")]),
    Changes(
        "order",
        "comparison",
        of("0 < x <= y"),
        [
            ("0 < x <= y", "0 <= x <= y"),
            ("0 < x <= y", "0 > x <= y"),
            ("0 < x <= y", "0 < x < y"),
            ("0 < x <= y", "0 < x >= y"),
        ],
    ),
    Changes(
        "membership",
        "comparison",
        of("[x in y, x is not None]"),
        [("x in y", "x not in y"), ("x is not None", "x is None")],
    ),
    Changes("whole-number", "constant", of("x + 2"), [("2", "3"), ("2", "1"), ("2", "-2"), ("2", "0"), ("2", "4")]),
    Changes("one", "constant", of("x + 1"), [("1", "2"), ("1", "0"), ("1", "-1")]),
    Changes("negative", "constant", of("x + -1"), [("-1", "0"), ("-1", "-2"), ("-1", "1")]),
    Changes("zero", "constant", of("x + 0"), [("0", "1"), ("0", "-1")]),
    Changes("float", "constant", of("x + 0.5"), [("0.5", "1.5"), ("0.5", "-0.5"), ("0.5", "0.0"), ("0.5", "1.0")]),
    Changes(
        "step",
        "constant",
        "def f(g, x, h=1e-6): return g(x + h)",
        [("1e-06", "0.0"), ("1e-06", "1.0"), ("1e-06", "0.001"), ("1e-06", "1e-09")],
    ),
    Changes("truth", "constant", of("np.array(x, copy=True)"), [("True", "False")]),
    Changes(
        "letters",
        "constant",
        of("np.einsum('nh,dh->nd', x, y)"),
        [
            ("'nh,dh->nd'", "'nh,dh->dn'"),
            ("'nh,dh->nd'", "'nh,dh->n'"),
            ("'nh,dh->nd'", "'hn,dh->nd'"),
            ("'nh,dh->nd'", "'nh,hd->nd'"),
        ],
    ),
    Changes("text", "constant", of("x.astype('float32')"), []),
    Changes(
        "axis",
        "axis",
        of("x.sum(axis=0)"),
        [("x.sum(axis=0)", "x.sum()"), ("axis=0", "axis=1"), ("axis=0", "axis=-1"), ("axis=0", "axis=None")],
    ),
    Changes(
        "last-axis",
        "axis",
        of("np.sum(x, axis=-1, keepdims=True)"),
        [
            ("np.sum(x, axis=-1, keepdims=True)", "np.sum(x, keepdims=True)"),
            ("np.sum(x, axis=-1, keepdims=True)", "np.sum(x, axis=-1)"),
            ("axis=-1", "axis=0"),
            ("axis=-1", "axis=1"),
            ("axis=-1", "axis=None"),
            ("keepdims=True", "keepdims=False"),
        ],
    ),
    Changes(
        "axes",
        "axis",
        of("x.sum(axis=y, keepdims=y)"),
        [
            ("x.sum(axis=y, keepdims=y)", "x.sum(keepdims=y)"),
            ("x.sum(axis=y, keepdims=y)", "x.sum(axis=y)"),
            ("axis=y", "axis=0"),
            ("axis=y", "axis=1"),
            ("axis=y", "axis=-1"),
            ("axis=y", "axis=None"),
            ("keepdims=y", "keepdims=True"),
            ("keepdims=y", "keepdims=False"),
        ],
    ),
    Changes("transpose", "axis", of("x.T @ y"), [("x.T", "x")]),
    Changes(
        "index",
        "axis",
        "def f(x, i): x[i, 0] = x[i]",
        [
            ("x[i, 0]", "x[0, i]"),
            ("x[i, 0]", "x[i + 1, 0]"),
            ("x[i, 0]", "x[i - 1, 0]"),
            ("x[i, 0]", "x[0]"),
            ("x[i, 0]", "x[i]"),
            ("x[i]", "x[i + 1]"),
            ("x[i]", "x[i - 1]"),
            ("x[i]", "x"),
        ],
    ),
    Changes(
        "slice",
        "axis",
        of("x[:y] + x[1:]"),
        [
            ("x[:y]", "x[:y + 1]"),
            ("x[:y]", "x[:y - 1]"),
            ("x[:y]", "x[:]"),
            ("x[:y]", "x"),
            ("x[1:]", "x[:]"),
            ("x[1:]", "x"),
        ],
    ),
    Changes(
        "new-axis",
        "axis",
        of("x[:, None]"),
        [("x[:, None]", "x[None, :]"), ("x[:, None]", "x[None]"), ("x[:, None]", "x[:]"), ("x[:, None]", "x")],
    ),
    Changes(
        "arguments",
        "argument",
        of("g(x, y, 1)"),
        [("g(x, y, 1)", "g(y, x, 1)"), ("g(x, y, 1)", "g(1, y, x)"), ("g(x, y, 1)", "g(x, 1, y)")],
    ),
    Changes("arguments-in-any-order", "argument", of("[max(x, y), np.add(x, y)]"), [("np.add(x, y)", "np.add(x)")]),
    Changes(
        "last-argument",
        "argument",
        of("np.sum(x, 0) + x.max(1)"),
        [("np.sum(x, 0)", "np.sum(0, x)"), ("np.sum(x, 0)", "np.sum(x)"), ("x.max(1)", "x.max()")],
    ),
    Changes("shape", "argument", of("g((x, y))"), [("(x, y)", "(y, x)")]),
    Changes(
        "range",
        "argument",
        of("[range(x), range(3), range(1, x, 2)]"),
        [
            ("range(x)", "range(x - 1)"),
            ("range(x)", "range(1, x)"),
            ("range(3)", "range(2)"),
            ("range(3)", "range(1, 3)"),
            ("range(1, x, 2)", "range(x, 1, 2)"),
            ("range(1, x, 2)", "range(2, x, 1)"),
            ("range(1, x, 2)", "range(1, 2, x)"),
            ("range(1, x, 2)", "range(1, x - 1, 2)"),
            ("range(1, x, 2)", "range(2, x, 2)"),
        ],
    ),
    Changes("parameters", "name-swap", of("[y(x).shape, z]"), [("x", "y")]),
    Changes(
        "parameters-of-the-function-around",
        "name-swap",
        "def f(a, b):\n    g = lambda c, d: a * c\n    return g\n",
        [("a", "b"), ("c", "d")],
    ),
    Changes("self", "name-swap", "class f:\n    def g(self, a, *, b): self.a = a\n", [("a", "b")]),
    Changes("function", "call", of("np.exp(x)"), [("np.exp(x)", "x"), ("np.exp", "np.expm1")]),
    Changes(
        "method",
        "call",
        of("np.square(x).sum(axis=0)"),
        [
            ("np.square(x).sum(axis=0)", "np.square(x)"),
            ("np.square(x).sum", "np.square(x).mean"),
            ("np.square(x)", "x"),
            ("np.square", "np.sqrt"),
        ],
    ),
    Changes(
        "function-of-a-function",
        "call",
        of("np.add.reduce(x, axis=0)"),
        [("np.add.reduce(x, axis=0)", "x"), ("np.add", "np.subtract")],
    ),
    Changes(
        "builtin",
        "call",
        of("[max(len(x), sum(y)), range(x)]"),
        [("max(len(x), sum(y))", "len(x)"), ("max", "min"), ("sum(y)", "y")],
    ),
    Changes(
        "statement",
        "call",
        "def f(x):\n    g(x)\n    return np.zeros(x)\n",
        [("np.zeros(x)", "np"), ("np.zeros", "np.ones")],
    ),
    Changes(
        "type", "keyword", of("np.zeros(3, dtype=int, **y)"), [("np.zeros(3, dtype=int, **y)", "np.zeros(3, **y)")]
    ),
    Changes(
        "pair",
        "result",
        of("x, y"),
        [("return (x, y)", "return (y, x)"), ("return (x, y)", "return (x, x)"), ("return (x, y)", "return (y, y)")],
    ),
    Changes("one-result", "result", of("x"), []),
    Changes(
        "result-of-a-lambda",
        "result",
        "f = lambda x, y: [x, y]",
        [
            ("lambda x, y: [x, y]", "lambda x, y: [y, x]"),
            ("lambda x, y: [x, y]", "lambda x, y: [x, x]"),
            ("lambda x, y: [x, y]", "lambda x, y: [y, y]"),
        ],
    ),
    Changes(
        "statements",
        "deletion",
        "def f(x):\n    '''Doc.'''\n    y = x\n    y += 1\n    y.fill(0)\n    return y\n",
        [
            ("y = x", "pass"),
            ("y += 1", "pass"),
            ("y += 1", "y = 1"),
            ("y.fill(0)", "pass"),
            ("return y", "return None"),
        ],
    ),
    Changes("alone", "deletion", "def f(x):\n    '''Doc.'''\n    x[0] = 1\n", []),
    Changes(
        "condition",
        "deletion",
        "def f(x):\n    if x > 1:\n        return\n    elif x:\n        del x\n",
        [("x > 1", "True"), ("x > 1", "False"), ("x", "True"), ("x", "False")],
    ),
    Changes(
        "loop",
        "deletion",
        "def f(x):\n    for n in range(3):\n        g(n)\n",
        [("for n in range(3):", "pass"), ("range(3)", "list(range(3))[:1]")],
    ),
    Changes(
        "loop-with-a-condition",
        "deletion",
        "def f(x):\n    while (x > 1):\n        g()\n",
        [("while x > 1:", "pass"), ("while x > 1:", "if x > 1:")],
    ),
    Changes(
        "loop-that-is-left",
        "deletion",
        "def f(x):\n    while x:\n        g()\n        break\n",
        [("while x:", "pass"), ("g()", "pass"), ("break", "pass")],
    ),
    Changes(
        "operands",
        "deletion",
        of("x * y - 1"),
        [
            ("return x * y - 1", "return None"),
            ("x * y - 1", "x * y"),
            ("x * y - 1", "1"),
            ("x * y", "x"),
            ("x * y", "y"),
        ],
    ),
    Changes(
        "conditions",
        "deletion",
        of("x and y or x"),
        [
            ("return x and y or x", "return None"),
            ("x and y or x", "x"),
            ("x and y or x", "x and y"),
            ("x and y", "y"),
            ("x and y", "x"),
        ],
    ),
    Changes(
        "choice",
        "deletion",
        of("x if x else y"),
        [("return x if x else y", "return None"), ("x if x else y", "x"), ("x if x else y", "y")],
    ),
    Changes(
        "filter",
        "deletion",
        of("[n for n in x if n if y]"),
        [
            ("return [n for n in x if n if y]", "return None"),
            ("[n for n in x if n if y]", "[n for n in x if y]"),
            ("[n for n in x if n if y]", "[n for n in x if n]"),
        ],
    ),
]


@pytest.mark.parametrize("example", CHANGES, ids=lambda example: example.id)
def test_a_kind_of_change_makes_exactly_these(example: Changes) -> None:
    """Each kind is a small mistake that a student could make, and the same ones are made every time."""
    mutants = mutants_of(example.source, "f")

    assert [(mutant.before, mutant.after) for mutant in mutants if mutant.kind == example.kind] == example.changes


# ---- what is changed and what is left alone ----------------------------------------------------------------


@dataclass(frozen=True)
class Reached:
    """A source, and the lines of it that are changed when `f` is asked for."""

    id: str
    source: str
    lines: list[int]


REACHED = [
    Reached("alone", "def g(x): return x + 1\ndef f(x): return x + 1\nh = 1", [2]),
    Reached("helper", "def g(x): return x + 1\ndef h(x): return g(x) * 2\ndef f(x): return h(x)", [1, 2, 3]),
    Reached("constant", "EPS = 1e-8\nOTHER = 2\ndef f(x): return x + EPS", [1, 3]),
    Reached("class", "class A:\n    def go(self): return 1\ndef f(x): return A().go()", [2, 3]),
    Reached("lambda", "g = lambda x: x + 1\nf = lambda x: g(x)", [1, 2]),
    Reached("factory", "def make(n):\n    def g(x): return x + n\n    return g\nf = make(3)", [2, 3, 4]),
    Reached("local-of-the-same-name", "g = 1\ndef f(x):\n    g = x + 1\n    return g", [3, 4]),
    Reached("parameter-of-the-same-name", "g = 1\ndef f(g): return g", [2]),
    Reached("defined-twice", "def f(x): return x + 1\ndef f(x): return x + 2", [2]),
    Reached("wrapped", "def g(x): return x + 1\nf = g\nf = abs(f)", [1, 3]),
    Reached("one-of-two", "try: f = 1\nexcept NameError: f = 2", [1, 2]),
    Reached("table", "RULES = {}\nRULES['f'] = 1\nRULES.update(g=2)\ndef f(): return RULES['f']", [2, 3, 4]),
    Reached("library", "import numpy as np\nnp.random.seed(1)\nx = np.exp(1)\ndef f(): return np.exp(2)", [4]),
    Reached("recursion", "def f(x): return g(x - 1)\ndef g(x): return f(x) + 1", [1, 2]),
    Reached("docstring", "def f(x):\n    'Add 1.'\n    ...\n    return 1", [4]),
    Reached("annotations", "def f(x: g(1) = 2) -> g(2):\n    y: g(3) = 4\n    z: g(5)\n    return y", [1, 2, 4]),
    Reached("decorator", "@g(1)\ndef f(x):\n    return x", [3]),
    Reached("assertion", "def f(x):\n    assert x > 1, 'x ' + 'is small'\n    return x", [3]),
    Reached("error", "def f(x):\n    if x:\n        raise ValueError(x + 1)\n    return x", [2, 4]),
    Reached("import", "def f(x):\n    import math, os\n    from a import b\n    return math.pi", [4]),
    Reached("text-with-numbers", "def f(x):\n    return f'{x + 1}'", [2]),
    Reached("bases", "class f(g(1), metaclass=g):\n    x = 1", [2]),
    Reached("defaults", "def f(x, *, h=2):\n    return [1]", [1, 2]),
]


@pytest.mark.parametrize("example", REACHED, ids=lambda example: example.id)
def test_what_the_function_reaches_is_changed_and_nothing_else(example: Reached) -> None:
    """A change that the function never meets could not be noticed, and would count against the checks."""
    lines = {mutant.line for mutant in mutants_of(example.source, "f")}

    assert sorted(lines) == example.lines


TEXTS = [
    (
        "the-rest-of-the-text-stays",
        "# Ünïcode\n\ndef f(x):  # why\n    y = 'é' ; return (x   +   # left\n        1)  # end\n\nx  =  ( 1 )\n",
        "x + 1",
        "x - 1",
        "# Ünïcode\n\ndef f(x):  # why\n    y = 'é' ; return x - 1  # end\n\nx  =  ( 1 )\n",
    ),
    (
        "the-head-of-a-loop",
        "def f(x):\n    for n in (x  [1:]):  # all but one\n        print( n )\n",
        "x[1:]",
        "x",
        "def f(x):\n    for n in (x):  # all but one\n        print( n )\n",
    ),
    (
        "a-whole-loop",
        "def f(x):\n    while (x):\n        # body\n        x.pop()\n    return x\n",
        "while x:",
        "pass",
        "def f(x):\n    pass\n    return x\n",
    ),
    (
        "a-loop-once",
        "def f(x):\n    while (x):\n        # body\n        x.pop()\n    return x\n",
        "while x:",
        "if x:",
        "def f(x):\n    if (x):\n        # body\n        x.pop()\n    return x\n",
    ),
    ("a-default", "def f(x, h = 1e-5 ): return x\n", "1e-05", "1.0", "def f(x, h = 1.0 ): return x\n"),
    (
        "parentheses-where-they-are-needed",
        "def f(x):\n    return x * (x - 1) ** 2\n",
        "(x - 1) ** 2",
        "(x - 1) * 2",
        "def f(x):\n    return x * ((x - 1) * 2)\n",
    ),
    (
        "ends-of-lines",
        "def f(x):\r\n    x += 1\r\n    return x\r\n",
        "x += 1",
        "pass",
        "def f(x):\r\n    pass\r\n    return x\r\n",
    ),
]


@pytest.mark.parametrize(
    ("source", "before", "after", "changed"), [text[1:] for text in TEXTS], ids=[text[0] for text in TEXTS]
)
def test_only_the_statement_around_a_change_is_written_anew(source: str, before: str, after: str, changed: str) -> None:
    """A person who compares the two files sees the change, and not a new layout."""
    (mutant,) = [one for one in mutants_of(source, "f") if (one.before, one.after) == (before, after)]

    assert mutant.source == changed


def test_mutants_come_by_line_and_column() -> None:
    """A list of what nobody noticed is read beside the source."""
    source = dedent(
        """\
        STEP = 2

        def f(x):
            return x[0] - STEP
        """
    )

    assert [(mutant.line, mutant.kind, mutant.before, mutant.after) for mutant in mutants_of(source, "f")] == [
        (1, "constant", "2", "3"),
        (1, "constant", "2", "1"),
        (1, "constant", "2", "-2"),
        (1, "constant", "2", "0"),
        (1, "constant", "2", "4"),
        (4, "deletion", "return x[0] - STEP", "return None"),
        (4, "operator", "return x[0] - STEP", "return -(x[0] - STEP)"),
        (4, "axis", "x[0]", "x"),
        (4, "deletion", "x[0] - STEP", "x[0]"),
        (4, "deletion", "x[0] - STEP", "STEP"),
        (4, "operator", "x[0] - STEP", "x[0] + STEP"),
        (4, "operator", "x[0] - STEP", "STEP - x[0]"),
        (4, "constant", "0", "1"),
        (4, "constant", "0", "-1"),
    ]


@pytest.mark.parametrize("file", one_in(2, RIGHT), ids=lambda file: file.stem)
def test_the_mutants_of_every_right_submission_differ_in_one_statement(exam: Exam, file: Path) -> None:
    """In any style: there are enough of them, each is Python and says something else than all the others."""
    source = file.read_text(encoding="utf-8")
    right = statements(source)
    for question in (one for one in exam.assignment.questions if one.function):
        mutants = mutants_of(source, question.function)
        codes = [statements(mutant.source) for mutant in mutants]

        assert len(mutants) >= FEWEST
        assert mutants == mutants_of(source, question.function)
        assert len(set(codes)) == len(codes)
        for mutant, code in zip(mutants, codes):
            assert len(code) == len(right)
            assert sum(one != other for one, other in zip(code, right)) == 1, mutant
            above = start_of_statement(source, mutant.line) - 1
            assert mutant.source.splitlines()[:above] == source.splitlines()[:above]


def start_of_statement(source: str, line: int) -> int:
    """The first line of the innermost statement that a line belongs to."""
    return max(node.lineno for node in statement_nodes(source) if node.lineno <= line <= (node.end_lineno or 0))


@cache
def statement_nodes(source: str) -> list[ast.stmt]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]


def statements(source: str) -> tuple[str, ...]:
    """The top-level statements, as Python would write them."""
    lines = source.splitlines()
    return tuple(
        as_python_writes("\n".join(lines[node.lineno - 1 : node.end_lineno])) for node in ast.parse(source).body
    )


@cache
def as_python_writes(text: str) -> str:
    return ast.unparse(ast.parse(text))


# ---- what cannot be changed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def add_backwards(): pass", 'did you mean "add_backwards"?'),
        ("def g(): pass\nh, k = 1, 2\nimport numpy as np\ndef i():\n    def f(): pass", "it defines g, h, i, k."),
        ("from helpers import add_backward", "it defines nothing."),
        ("", "it defines nothing."),
    ],
    ids=["misspelled", "another-name", "imported", "empty"],
)
def test_a_function_that_is_not_there_is_an_error_and_not_an_empty_list(source: str, words: str) -> None:
    """No mutants at all would read as: every one of them was noticed."""
    with pytest.raises(UsageError) as error:
        mutants_of(source, "add_backward")

    assert str(error.value) == f"This source has no function add_backward at its top level: {words}"
