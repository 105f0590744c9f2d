"""What is kept of a submission, and what is said about its functions: never run, only read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sources import F, kept, notebook, notes, script

from autograder.source.extract import extract

# ---- what is kept -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A script, and the first lines of the statements that its function `f` needs."""

    id: str
    source: str
    lines: list[str] = field(default_factory=list)


KEPT = [
    Kept("import", "import numpy as np\nimport os\ndef f(x): return np.exp(x)", ["import numpy as np", "def f(x):"]),
    Kept(
        "import-of-a-part",
        "import numpy.linalg\ndef f(x): return numpy.linalg.inv(x)",
        ["import numpy.linalg", "def f(x):"],
    ),
    Kept("from-import", "from numpy import exp, log\ndef f(x): return exp(x)", ["from numpy import exp", "def f(x):"]),
    Kept(
        "two-imports-in-one-line",
        "import matplotlib.pyplot as plt, numpy as np\ndef f(x): return np.exp(x)",
        ["import numpy as np", "def f(x):"],
    ),
    Kept(
        "a-table-that-is-filled",
        "RULES = []\nRULES.append(1)\nnp.seterr(all='raise')\nother.append(2)\ndef f(x): return RULES[0] + np.pi",
        ["RULES = []", "RULES.append(1)", "def f(x):"],
    ),
    Kept(
        "rules-registered-by-a-decorator",
        "RULES = {}\ndef rule(name):\n    return lambda g: RULES.setdefault(name, g)\n@rule('f')\ndef g(x): return x\n"
        "@cache\ndef h(x): return x\ndef f(x): return RULES['f'](x)",
        ["RULES = {}", "def rule(name):", "@rule('f')", "def f(x):"],
    ),
    Kept("star-import", "from forward import *\ndef f(x): return sigmoid(x)", ["from forward import *", "def f(x):"]),
    Kept(
        "star-import-in-try",
        "try:\n    from forward import *\nexcept ImportError:\n    pass\ndef f(x): return sigmoid(x)",
        ["try:", "def f(x):"],
    ),
    Kept(
        "future-import",
        "from __future__ import annotations\ndef f(x: Tensor): return x",
        ["from __future__ import annotations", "def f(x: Tensor):"],
    ),
    Kept(
        "import-in-try",
        "try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp\ndef f(x): return xp.exp(x)",
        ["try:", "def f(x):"],
    ),
    Kept("import-of-the-function", "from answers import f", ["from answers import f"]),
    Kept("constant", "EPS = 1e-8\nOTHER = 2\ndef f(x): return x + EPS", ["EPS = 1e-08", "def f(x):"]),
    Kept("constant-of-a-constant", "A = 1\nB = A + 1\ndef f(x): return x + B", ["A = 1", "B = A + 1", "def f(x):"]),
    Kept("constant-of-two", "[A, B] = 1, 2\nB = 3\ndef f(x): return x + A", ["[A, B] = (1, 2)", "def f(x):"]),
    Kept("annotated-constant", "EPS: float = 1e-8\ndef f(x): return x + EPS", ["EPS: float = 1e-08", "def f(x):"]),
    Kept("augmented-constant", "N = 1\nN += 2\ndef f(x): return x + N", ["N = 1", "N += 2", "def f(x):"]),
    Kept("walrus", "(N := 3)\ndef f(x): return x + N", ["(N := 3)", "def f(x):"]),
    Kept(
        "entry-of-a-constant",
        'cache = {}\ncache["x"] = 1\ndef f(x): return cache["x"]',
        ["cache = {}", "cache['x'] = 1", "def f(x):"],
    ),
    Kept(
        "entries-set-in-a-loop",
        "table = [0, 0]\nfor i in range(2):\n    table[i] = i\ndef f(x): return table[x]",
        ["table = [0, 0]", "for i in range(2):", "def f(x):"],
    ),
    Kept("attribute-of-a-function", "def f(x): return f.calls\nf.calls = 0", ["def f(x):", "f.calls = 0"]),
    Kept(
        "global-counter",
        "calls = 0\ndef f(x):\n    global calls\n    calls += 1\n    return x",
        ["calls = 0", "def f(x):"],
    ),
    Kept(
        "sum-in-a-loop-for-another-name",
        "s = 0\nfor K in range(3):\n    s += K\ndef f(x): return K",
        ["s = 0", "for K in range(3):", "def f(x):"],
    ),
    Kept("helper", "def g(x): return x\ndef h(x): return x\ndef f(x): return g(x)", ["def g(x):", "def f(x):"]),
    Kept(
        "helper-of-a-helper",
        "K = 1\ndef h(x): return K\ndef g(x): return h(x)\ndef f(x): return g(x)",
        ["K = 1", "def h(x):", "def g(x):", "def f(x):"],
    ),
    Kept("helper-below", "def f(x): return g(x)\ndef g(x): return x", ["def f(x):", "def g(x):"]),
    Kept("mutual-recursion", "def f(x): return g(x)\ndef g(x): return f(x) if x else x", ["def f(x):", "def g(x):"]),
    Kept(
        "helper-in-a-nested-function",
        "def g(x): return x\ndef f(x):\n    def inner(y):\n        return g(y)\n    return inner(x)",
        ["def g(x):", "def f(x):"],
    ),
    Kept(
        "helper-in-a-comprehension",
        "def g(x): return x\ndef f(x): return [g(y) for y in x]",
        ["def g(x):", "def f(x):"],
    ),
    Kept(
        "helper-as-default-argument",
        "def g(x): return x\ndef f(x, how=g): return how(x)",
        ["def g(x):", "def f(x, how=g):"],
    ),
    Kept(
        "closure",
        "def make(k):\n    def inner(x):\n        return k * x\n    return inner\nf = make(2)",
        ["def make(k):", "f = make(2)"],
    ),
    Kept(
        "class",
        "class Node:\n    def value(self): return LIMIT\nLIMIT = 3\ndef f(x): return Node().value()",
        ["class Node:", "LIMIT = 3", "def f(x):"],
    ),
    Kept(
        "method-of-a-class",
        "class Ops:\n    @staticmethod\n    def f(x): return x\nf = Ops.f",
        ["class Ops:", "f = Ops.f"],
    ),
    Kept(
        "decorator",
        "import functools\n@functools.lru_cache\ndef f(x): return x",
        ["import functools", "@functools.lru_cache"],
    ),
    Kept("lambda", "f = lambda x: x", ["f = lambda x: x"]),
    Kept("async", "async def f(x): return x", ["async def f(x):"]),
    Kept(
        "annotations",
        "from numpy import ndarray\ndef f(x: ndarray) -> ndarray: return x",
        ["from numpy import ndarray", "def f(x: ndarray) -> ndarray:"],
    ),
    Kept("if-block", "import sys\nif sys:\n    def f(x): return x\nelse:\n    f = None", ["import sys", "if sys:"]),
    Kept(
        "with-block",
        "import numpy as np\nwith np.errstate(all='ignore'):\n    K = 1\ndef f(x): return K",
        ["import numpy as np", "with np.errstate(all='ignore'):", "def f(x):"],
    ),
    Kept(
        "match",
        "match 1:\n case 1:\n  K = 1\ndef f(x):\n match x:\n  case [first, *rest]: return first + K",
        ["match 1:", "def f(x):"],
    ),
    Kept("unicode-names", "η = 0.1\ndef f(x): return η * x", ["η = 0.1", "def f(x):"]),
    Kept("both-of-two-definitions", "def f(x): return 1\ndef f(x): return 2", ["def f(x):", "def f(x):"]),
    Kept("in-order", "K = 1\ndef f(x): return K\nK = 2", ["K = 1", "def f(x):", "K = 2"]),
    Kept("not-a-training-loop", f"{F}\nw = 0\nfor step in range(10**9):\n    w = w - f(w)", ["def f(x):"]),
    Kept("not-a-while-loop", f"{F}\nwhile True:\n    f(1)", ["def f(x):"]),
    Kept(
        "not-a-plot",
        f"import matplotlib.pyplot as plt\n{F}\nplt.plot([f(1)])\nplt.rcParams['figure.dpi'] = 100",
        ["def f(x):"],
    ),
    Kept("not-input", f"{F}\nname = input()\nprint(f(name))\nassert f(1) == 1", ["def f(x):"]),
    Kept("not-a-global-of-a-parameters-name", f"x = train()\ngrad = train()\n{F}", ["def f(x):"]),
    Kept("not-a-global-of-a-local-name", "y = train()\ndef f(x):\n    y = x\n    return y", ["def f(x):"]),
    Kept("not-a-global-of-a-loop-variable", "i = train()\ndef f(x):\n    return [i for i in x]", ["def f(x):"]),
    Kept("not-a-global-of-an-attributes-name", "shape = train()\ndef f(x): return x.shape", ["def f(x):"]),
    Kept("not-a-deletion", f"{F}\ndel f", ["def f(x):"]),
    Kept("not-the-main-block", f"{F}\nif __name__ == '__main__':\n    f(1)", ["def f(x):"]),
    Kept("not-what-the-main-block-defines", f"K = 2\n{F}\nif '__main__' == __name__:\n    f = K", ["def f(x):"]),
    Kept("nothing-that-is-wanted", "1", []),
]


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.id)
def test_what_a_graded_function_reaches_is_kept_and_nothing_else(case: Kept) -> None:
    """Names are followed from the graded functions; what none of them can reach is not run."""
    extracted = script(case.source)

    assert kept(extracted) == case.lines
    assert [note for note in notes(extracted) if note[0] != "defined-twice"] == []


# ---- what a graded function looks like ----------------------------------------------------------------------

DOCSTRING = '"""Returns x."""'

STATES = [
    pytest.param("def f(x): pass", "stub", id="pass"),
    pytest.param("def f(x): ...", "stub", id="dots"),
    pytest.param(f"def f(x):\n    {DOCSTRING}", "stub", id="docstring"),
    pytest.param(f"def f(x):\n    {DOCSTRING}\n    pass", "stub", id="docstring-and-pass"),
    pytest.param("def f(x):\n    # TODO\n    raise NotImplementedError", "stub", id="not-implemented"),
    pytest.param("def f(x): raise NotImplementedError()", "stub", id="not-implemented-called"),
    pytest.param('def f(x): raise NotImplementedError("your turn")', "stub", id="not-implemented-with-message"),
    pytest.param("@staticmethod\ndef f(x): ...", "stub", id="decorated"),
    pytest.param("def f(x): return None", "written", id="return-none"),
    pytest.param("def f(x): return", "written", id="bare-return"),
    pytest.param("def f(x): x", "written", id="expression"),
    pytest.param("def f(x): 0", "written", id="number"),
    pytest.param('def f(x): raise ValueError("your turn")', "written", id="another-error"),
    pytest.param("def f(x): raise", "written", id="bare-raise"),
    pytest.param("def f(x):\n    y = x\n    raise NotImplementedError", "written", id="begun"),
    pytest.param("f = lambda x: None", "written", id="lambda"),
    pytest.param("f = None", "written", id="assigned"),
    pytest.param("def f2(x): return x", "missing", id="another-name"),
    pytest.param("def F(x): return x", "lookalike", id="another-case"),
    pytest.param("def F(x): pass", "missing", id="stub-of-another-case"),
    pytest.param("class C:\n    def f(self, x): return x", "inside-class", id="method"),
    pytest.param("class C:\n    def f(self, x): pass", "missing", id="stub-of-a-method"),
    pytest.param("class C:\n    if True:\n        def f(self, x): return x", "inside-class", id="method-in-if"),
    pytest.param("def g():\n    def f(x): return x", "inside-function", id="nested"),
    pytest.param("if __name__ == '__main__':\n    def f(x): return x", "inside-main", id="main-block"),
    pytest.param("if True:\n    def f(x): return x", "written", id="if"),
    pytest.param("try:\n    def f(x): return x\nfinally:\n    pass", "written", id="try"),
    pytest.param("if __name__ == '__main__':\n    x = 1\nelse:\n    def f(x): return x", "written", id="main-else"),
    pytest.param('"def f(x): return x"', "missing", id="text"),
    pytest.param("f.calls = 0", "missing", id="only-changed"),
    pytest.param("def f(x): pass\nf.calls = 0", "stub", id="stub-and-changed"),
    pytest.param(f"def f(x): pass\n{F}", "written", id="stub-above"),
    pytest.param(f"{F}\ndef f(x): pass", "stub", id="stub-below"),
]


@pytest.mark.parametrize(("source", "state"), STATES)
def test_a_function_is_written_a_stub_or_missing(source: str, state: str) -> None:
    """A body that says nothing is not started; anything else is an answer, and the last definition counts."""
    assert script(source).written["f"].state == state


# ---- what a person should know ------------------------------------------------------------------------------


def test_a_second_definition_is_told_with_both_places() -> None:
    """The last definition counts, also where it is the stub: whoever wrote above it must learn that."""
    extracted = extract(notebook(F, "", "y = 1\ndef f(x):\n    pass"), "notebook", ["f"])

    assert notes(extracted) == [
        ("defined-twice", {"function": "f", "times": 2, "places": "code cell 1, line 1; code cell 3, line 2"})
    ]


def test_a_function_that_is_wrapped_below_is_defined_once() -> None:
    """`f = timed(f)` uses the first definition; a recursive function defined anew does not."""
    timed = "def timed(function): return function"

    assert notes(script(f"{timed}\n{F}\nf = timed(f)")) == []
    assert "defined-twice" in [fault for fault, _ in notes(script(f"{F}\ndef f(x): return f(x - 1) if x else 1"))]


REMARKS = [
    pytest.param("def f(x): return (g(x + 1e-20j)).imag", ["complex-numbers"], id="complex-step"),
    pytest.param("def f(x): return complex(x)", ["complex-numbers"], id="complex"),
    pytest.param("def f(x): return x.astype(np.complex128)", ["complex-numbers"], id="complex-dtype"),
    pytest.param("def f(x): return \U0001d41complex(x)", ["complex-numbers"], id="complex-in-bold"),
    pytest.param("def f(x): return x * 1_0.J", ["complex-numbers"], id="complex-number-without-a-digit-before-it"),
    pytest.param("def f(x): return x.real", [], id="real"),
    pytest.param("def f(x): return 'complex', x[1:].join  # 1j", [], id="complex-in-words-only"),
    pytest.param("def sigmoid(x): return x\ndef f(x): return sigmoid(x + 1e-6)", ["calls-forward"], id="own-forward"),
    pytest.param(
        "import forward\ndef f(x): return forward.sigmoid(x)", ["calls-forward"], id="own-forward-of-a-module"
    ),
    pytest.param("from forward import *\ndef f(x): return sigmoid(x)", ["calls-forward"], id="own-forward-by-a-star"),
    pytest.param("from numpy import *\ndef f(x): return sigmoid(x)", [], id="a-name-that-a-star-may-bring"),
    pytest.param(
        "def sigmoid(x): return x\ndef f(x): return \U0001d42cigmoid(x)", ["calls-forward"], id="own-forward-in-bold"
    ),
    pytest.param("def sigmoid(x): return x\ndef f(x): return sigmoids(x)  # sigmoid()", [], id="a-longer-name"),
    pytest.param("def sigmoid(x): return x\ndef f(x): return Ops.sigmoid(x)", [], id="a-method-of-that-name"),
    pytest.param("def f(x): return np.sigmoid(x)", [], id="numpy-function-of-that-name"),
    pytest.param("def f(x): return sigmoid", [], id="forward-not-called"),
    pytest.param("def f(x): return add(x, x)", [], id="another-forward"),
    pytest.param("def f(x): pass", [], id="stub"),
]


@pytest.mark.parametrize(("source", "faults"), REMARKS)
def test_ways_around_a_formula_are_remarked(source: str, faults: list[str]) -> None:
    """Complex numbers, and a backward function that calls its own forward, are what a person looks at."""
    assert [fault for fault, _ in notes(script(source, forwards=("sigmoid",)))] == faults


WHOLE = [
    pytest.param([], [("no-code", {})], id="no-cells"),
    pytest.param(["# f", ""], [("no-code", {})], id="comments"),
    pytest.param(["%%bash\nls"], [], id="another-language"),
    pytest.param(
        ["x = ("],
        [("syntax-error", {"where": "code cell 1", "line": 1, "text": "'(' was never closed", "code": "x = ("})],
        id="broken",
    ),
    pytest.param(["def a(): return 1"], [("other-assignment", {"names": "a"})], id="one-other-function"),
    pytest.param(["def a(): return 1\ndef b(): return 1"], [("other-assignment", {"names": "a and b"})], id="two"),
    pytest.param(
        ["\n".join(f"def {name}(): return 1" for name in "abcde")],
        [("other-assignment", {"names": "a, b, c and 2 more"})],
        id="five",
    ),
    pytest.param(["def add(): return 1"], [], id="given-functions"),
    pytest.param(["def a(): pass"], [], id="stubs"),
    pytest.param(["def a(): return 1\ndef f(): pass"], [], id="a-stub-of-ours"),
    pytest.param(["def a(): return 1\ndef F(): return 1"], [], id="a-lookalike-of-ours"),
]


@pytest.mark.parametrize(("cells", "said"), WHOLE)
def test_a_file_with_nothing_to_grade_says_what_it_may_be(cells: list[str], said: list[tuple[str, Any]]) -> None:
    """An empty notebook can be read; whoever handed in the wrong file should learn it before the deadline."""
    assert notes(extract(notebook(*cells), "notebook", ["f", "h"], ["add", "multiply"])) == said


STUBS = "def f_backward(): pass\ndef h_backward(): pass"
PASSED = "✓ f   Passed   8 / 8"


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


UNSAVED = [
    pytest.param(STUBS, None, [], [], id="outputs-cleared"),
    pytest.param(STUBS, 9, [], [], id="run-a-few-times"),
    pytest.param(STUBS, 30, [], [("unsaved-edits", {"times": 30})], id="run-often"),
    pytest.param(STUBS, True, [], [], id="odd-count"),
    pytest.param("def f_backward(): return 1\n" + STUBS[-22:], 30, [], [], id="half-written"),
    pytest.param(STUBS, None, [stream(PASSED)], [("unsaved-function", {"names": "f_backward"})], id="passed"),
    pytest.param(
        STUBS, None, [{"data": {"text/plain": [PASSED]}}], [("unsaved-function", {"names": "f_backward"})], id="result"
    ),
    pytest.param(
        STUBS, None, [{"output_type": "pyout", "text": ["x\n", PASSED]}],
        [("unsaved-function", {"names": "f_backward"})], id="old-result",
    ),
    pytest.param(
        STUBS, None, [stream(f"\x1b[32m{PASSED}\x1b[0m\n✓ h   Passed")],
        [("unsaved-function", {"names": "f_backward, h_backward"})], id="coloured",
    ),
    pytest.param(STUBS, None, [stream("✗ f   Not yet   3 / 8\n✓ f_ba   Passed")], [], id="not-passed"),
    pytest.param("def f_backward(): return 1\n" + STUBS[-22:], None, [stream(PASSED)], [], id="written"),
    pytest.param(STUBS, None, [7, {"data": 7, "text": 7}, {"text": [7]}], [], id="odd-outputs"),
    pytest.param(STUBS, None, {}, [], id="no-list-of-outputs"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "count", "outputs", "said"), UNSAVED)
def test_a_notebook_that_was_worked_in_but_holds_no_work_is_told(
    source: str, count: Any, outputs: Any, said: list[tuple[str, Any]]
) -> None:
    """Counts and outputs are saved with the code: where they know of work that is not there, the wrong state came."""
    cells = [{"cell_type": "code", "source": source, "execution_count": count, "outputs": outputs}]
    extracted = extract(notebook(cells=cells), "notebook", ["f_backward", "h_backward"])

    assert notes(extracted) == said


def test_one_question_of_several_is_no_reason_to_doubt_the_file() -> None:
    """Who checks a single question has perhaps written others, which nobody has asked for here."""
    cells = [{"cell_type": "code", "source": "def f(): pass\ndef g(): return 1", "execution_count": 99}]

    assert notes(extract(notebook(cells=cells), "notebook", ["f"])) == []
    assert notes(extract(notebook(cells=cells), "notebook", ["h"])) == []


NOT_CODE = [
    pytest.param("code", f"%%writefile hw.py\n{F}", "under-magic", id="under-a-magic"),
    pytest.param("markdown", f"```\n{F}\n```", "in-text", id="markdown"),
    pytest.param("raw", F, "in-text", id="raw"),
    pytest.param("code", "%%html\n<b>def f</b>", "missing", id="mentioned"),
]


@pytest.mark.parametrize(("cell_type", "source", "state"), NOT_CODE)
def test_a_function_in_a_cell_that_is_not_run_is_found(cell_type: str, source: str, state: str) -> None:
    """The student sees the function in the notebook, and is told why Python does not."""
    cells = [{"cell_type": cell_type, "source": source}, {"cell_type": "code", "source": "1"}]

    assert extract(notebook(cells=cells), "notebook", ["f"]).written["f"].state == state


# ---- who calls whom ----------------------------------------------------------------------------------------

G = "def g(x):\n    return x"

CALLS = {
    "by name": (f"{G}\ndef f(x): return g(x)", {"f": ("g",), "g": ()}),
    "before it is defined": (f"def f(x): return g(x)\n{G}", {"f": ("g",), "g": ()}),
    "through a helper": (f"{G}\ndef helper(x): return g(x)\ndef f(x): return helper(x)", {"f": ("g",), "g": ()}),
    "through a table": (f"{G}\nrules = {{'g': g}}\ndef f(x): return rules['g'](x)", {"f": ("g",), "g": ()}),
    "each other": ("def g(x): return f(x)\ndef f(x): return g(x)", {"f": ("g",), "g": ("f",)}),
    "itself": (f"{G}\ndef f(x): return f(x)", {"f": (), "g": ()}),
    "not at all": (f"{G}\n{F}", {"f": (), "g": ()}),
    "a name of its own": (f"{G}\ndef f(x):\n    def g(x): return x\n    return g(x)", {"f": (), "g": ()}),
    "a stub": ("def g(x): pass\ndef f(x): return g(x)", {"f": (), "g": ()}),
    "nothing": ("def f(x): return g(x)", {"f": (), "g": ()}),
}


@pytest.mark.parametrize(("source", "calls"), CALLS.values(), ids=CALLS)
def test_a_function_tells_whom_it_calls(source: str, calls: dict[str, tuple[str, ...]]) -> None:
    """Of the graded functions that are written: only these can be blamed, or be given."""
    written = script(source, ("f", "g"), ("of_f", "of_g")).written

    assert {name: what.calls for name, what in written.items()} == calls
