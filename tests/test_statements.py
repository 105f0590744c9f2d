"""How cells become statements: what a notebook understands beside Python, and what nobody understands."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest
from sources import F, kept, notebook, notes, script

from autograder.source.cells import Cell
from autograder.source.extract import extract
from autograder.source.statements import read_statements

# ---- magics -------------------------------------------------------------------------------------------------

CELLS = [
    pytest.param([F], ["def f(x):"], id="one-cell"),
    pytest.param(
        ["import numpy as np", "def f(x): return np.exp(x)"], ["import numpy as np", "def f(x):"], id="two-cells"
    ),
    pytest.param([f"%matplotlib inline\n{F}"], ["def f(x):"], id="line-magic"),
    pytest.param([f"{F}\n%matplotlib inline"], ["def f(x):"], id="line-magic-below"),
    pytest.param([f"!pip install numpy\n{F}"], ["def f(x):"], id="shell-command"),
    pytest.param([f"!pip install \\\n    numpy\n{F}"], ["def f(x):"], id="shell-command-of-two-lines"),
    pytest.param([f"files = !ls 'it\nwhere = %pwd\n{F}"], ["def f(x):"], id="assigned-magic"),
    pytest.param([f"np.exp?\n{F}\nf??\n?f\n%time?"], ["def f(x):"], id="help"),
    pytest.param(["if True:\n    %matplotlib inline\n    def f(x): return x"], ["if True:"], id="indented-magic"),
    pytest.param([f"%%time\n{F}"], ["def f(x):"], id="timed-cell"),
    pytest.param([f"\n%%capture out\n{F}"], ["def f(x):"], id="captured-cell"),
    pytest.param([f"# first\n%%time\n{F}"], ["def f(x):"], id="timed-below-a-comment"),
    pytest.param(["%%bash\nrm -rf *", F], ["def f(x):"], id="bash-cell"),
    pytest.param(["%%html\n<b>def f(x):</b>", F], ["def f(x):"], id="html-cell"),
    pytest.param(["", "\n\n", F], ["def f(x):"], id="empty-cells"),
    pytest.param([f"np.linalg.norm??\nx[0].shape?\n??np.exp\nnp.*load*?\n%time??\n{F}"], ["def f(x):"], id="more-help"),
    pytest.param([f"/print x\n,print a b\n;print it's\n{F}"], ["def f(x):"], id="calls-without-brackets"),
    pytest.param([f"a, b = !ls \\\n  -l\nx.y = %pwd\n{F}"], ["def f(x):"], id="assigned-magic-of-two-lines"),
    pytest.param(
        ["def f(x):\n    !ls \\\n  -l\n    y = %pwd\n    x?\n    return x"], ["def f(x):"], id="in-a-function"
    ),
    pytest.param([f"import asyncio\nawait asyncio.sleep(0)\n{F}"], ["def f(x):"], id="await"),
    pytest.param([f"async with a as b:\n    pass\n{F}"], ["def f(x):"], id="async-with"),
    pytest.param([" \n\n %%time\n " + F.replace("\n", "\n ")], ["def f(x):"], id="indented-cell"),
    pytest.param([" \n\t\n%%bash\nif (", F], ["def f(x):"], id="bash-below-blank-lines"),
    pytest.param([f"%%time?\n{F}"], ["def f(x):"], id="help-on-a-cell-magic"),
]


@pytest.mark.parametrize(("cells", "lines"), CELLS)
def test_magics_cost_nothing(cells: list[str], lines: list[str]) -> None:
    """What a notebook understands beside Python is passed over without a word."""
    extracted = extract(notebook(*cells), "notebook", ["f"])

    assert kept(extracted) == lines
    assert notes(extracted) == []


def test_only_the_magic_itself_is_passed_over() -> None:
    """A question mark in a comment, a string that looks like a magic and a modulo stay, beside a real magic."""
    source = dedent(
        """\
        %matplotlib inline
        def f(x):
            \"\"\"Is this right?

        %timeit is no magic here
            \"\"\"
        # is this right?
            y = (x  # or y?
                 % 3)
            text = "%d" \\
                % y
            return y  # why?
        """
    )

    (statement,) = extract(notebook(source), "notebook", ["f"]).statements

    namespace: dict[str, Any] = {}
    exec(compile(ast.Module([statement.node], []), "cell", "exec"), namespace)
    assert namespace["f"](5) == 2
    assert "%timeit is no magic here" in namespace["f"].__doc__


def test_line_numbers_survive_magics() -> None:
    """A message names the line that the student sees."""
    source = f"%matplotlib inline\n!pip install \\\n   numpy\n\n{F}"

    extracted = extract(notebook("", source), "notebook", ["f"])

    assert extracted.written["f"].facts == {"where": "code cell 2", "line": 5, "code": "def f(x):"}


# ---- what cannot be parsed ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lost:
    """A script with mistakes: the state of `f`, the statements kept for it, and the notes about lines."""

    id: str
    source: str
    state: str
    lines: list[str]
    said: list[tuple[int, str, str]]


LOST = [
    Lost("the-function", "def f(x)\n    return x\ndef g(x): return x", "broken", [], [(1, "expected ':'", "def f(x)")]),
    Lost(
        "another-function", f"def g(x)\n    return x\n{F}", "written", ["def f(x):"], [(1, "expected ':'", "def g(x)")]
    ),
    Lost(
        "a-bracket-above",
        f"def g(x):\n    return (x\n\n{F}",
        "written",
        ["def f(x):"],
        [(2, "'(' was never closed", "return (x")],
    ),
    Lost(
        "a-loop-below",
        f"{F}\nfor i in range(3)\n    f(i)\ny = 1",
        "written",
        ["def f(x):"],
        [(3, "expected ':'", "for i in range(3)")],
    ),
    Lost(
        "a-line-above",
        f"print 'hello'\n{F}",
        "written",
        ["def f(x):"],
        [(1, "Missing parentheses in call to 'print'. Did you mean print(...)?", "print 'hello'")],
    ),
    Lost(
        "a-helper",
        "def g(x) return x\ndef f(x): return g(x)",
        "written",
        ["def f(x):"],
        [(1, "expected ':'", "def g(x) return x")],
    ),
    Lost(
        "a-decorated-function",
        "import functools\n@functools.cache\ndef f(x)\n    return x",
        "broken",
        [],
        [(3, "expected ':'", "def f(x)")],
    ),
    Lost("an-assigned-function", "f = lambda x: x +", "broken", [], [(1, "invalid syntax", "f = lambda x: x +")]),
    Lost(
        "two-functions",
        "def g(x)\n    return x\ndef f(x)\n    return x",
        "broken",
        [],
        [(1, "expected ':'", "def g(x)"), (3, "expected ':'", "def f(x)")],
    ),
    Lost(
        "a-second-definition",
        f"def f(x)\n    return 1\n{F}",
        "written",
        ["def f(x):"],
        [(1, "expected ':'", "def f(x)")],
    ),
    Lost(
        "above-the-stub",
        "def f(x)\n    return x\ndef f(x):\n    pass",
        "broken",
        ["def f(x):"],
        [(1, "expected ':'", "def f(x)")],
    ),
    Lost("a-return-outside", f"{F}\nreturn f", "written", ["def f(x):"], []),
    Lost(
        "an-argument-twice",
        "def f(x, x): return x",
        "broken",
        [],
        [(1, "duplicate argument 'x' in function definition", "def f(x, x): return x")],
    ),
    Lost(
        "brackets-beyond-reason",
        "K = " + "(" * 300 + ")" * 300 + f"\n{F}",
        "written",
        ["def f(x):"],
        [(1, "too many nested parentheses", ("K = " + "(" * 300)[:120])],
    ),
]


@pytest.mark.parametrize("case", LOST, ids=lambda case: case.id)
def test_a_syntax_error_costs_only_what_is_defined_there(case: Lost) -> None:
    """One missing bracket is no reason to lose a whole file."""
    extracted = script(case.source)

    assert extracted.written["f"].state == case.state
    assert kept(extracted) == case.lines
    assert [(fault, facts["line"], facts["text"], facts["code"]) for fault, facts in notes(extracted)] == [
        ("syntax-error", *said) for said in case.said
    ]
    if case.state == "broken":
        assert extracted.written["f"].facts in [facts for _, facts in notes(extracted)]


def test_a_syntax_error_in_one_cell_leaves_the_other_cells_alone() -> None:
    """The cells of a notebook are read one by one, and the note names the cell."""
    extracted = extract(notebook("import os", "x = = 1", F), "notebook", ["f"])

    assert kept(extracted) == ["def f(x):"]
    assert notes(extracted) == [
        ("syntax-error", {"where": "code cell 2", "line": 1, "text": "invalid syntax", "code": "x = = 1"})
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("K = " + "-" * 100_000 + "1", id="minus-signs"),
        pytest.param("K = " + "[" * 100_000, id="brackets"),
        pytest.param("K = " + "lambda: " * 5_000 + "1", id="lambdas"),
        pytest.param("\n".join(" " * depth + "if 1:" for depth in range(200)), id="blocks"),
    ],
)
def test_what_is_nested_too_deeply_is_said_and_costs_nothing_else(source: str) -> None:
    """Nobody writes this by hand; whoever makes it keeps the rest of the file."""
    extracted = script(f"{source}\n{F}")

    assert kept(extracted) == ["def f(x):"]
    assert {fault for fault, _ in notes(extracted)} == {"syntax-error"}


# ---- characters that cannot be seen ------------------------------------------------------------------------

NBSP, NOTHING = "\u00a0", "\u200b"

INVISIBLE = [
    pytest.param(f"def f(x):\n{NBSP * 4}return x", 2, 4, "U+00A0", id="indentation"),
    pytest.param(f"def f(x):{NOTHING}\n    return{NBSP}x", 1, 2, "U+200B", id="without-width"),
    pytest.param(f"def f(x):\n    return '{NBSP}\\'{NBSP}'{NBSP}  # {NBSP}", 2, 1, "U+00A0", id="beside-a-text"),
    pytest.param(f'def f(x):\n    """it\'s{NBSP}\n{NBSP}"""\n    return{NBSP}x', 4, 1, "U+00A0", id="below-docstring"),
]


@pytest.mark.parametrize(("source", "line", "times", "character"), INVISIBLE)
def test_characters_that_cannot_be_seen_cost_nothing(source: str, line: int, times: int, character: str) -> None:
    """They come along with code that is pasted from a page; Python refuses them, and nobody can find them."""
    extracted = script(source)

    assert kept(extracted) == ["def f(x):"]
    ((fault, facts),) = notes(extracted)
    assert fault == "invisible-characters"
    assert (facts["line"], facts["times"], facts["character"]) == (line, times, character)


def test_texts_and_comments_keep_all_their_characters() -> None:
    """A space that keeps a number and its unit together is meant."""
    extracted = script(f'def f(x):  # 10{NBSP}€\n    return "10{NBSP}€"')

    assert notes(extracted) == []
    assert ast.literal_eval(extracted.statements[0].node.body[0].value) == f"10{NBSP}€"


def test_tabs_among_spaces_cost_the_function_that_has_them() -> None:
    """Python cannot know what is inside of what; the other functions are not concerned."""
    extracted = script(f"def g(x):\n        y = x\n\treturn y\n{F}", ("f", "g"))

    assert {name: what.state for name, what in extracted.written.items()} == {"f": "written", "g": "broken"}
    assert extracted.written["g"].facts["text"] == "inconsistent use of tabs and spaces in indentation"


# ---- names --------------------------------------------------------------------------------------------------

NAMES = [
    pytest.param("a = b; c = a + d", [({"a"}, {"b"}), ({"c"}, {"a", "d"})], id="two-on-a-line"),
    pytest.param(
        "größe = '€'; b = größe; c = b", [({"größe"}, set()), ({"b"}, {"größe"}), ({"c"}, {"b"})], id="accents"
    ),
    pytest.param("a = (b,\n  c); d = [\n e]", [({"a"}, {"b", "c"}), ({"d"}, {"e"})], id="brackets-over-lines"),
    pytest.param('a = """x\ny"""; b = a', [({"a"}, set()), ({"b"}, {"a"})], id="text-over-lines"),
    pytest.param("a = \\\n  b; c = d", [({"a"}, {"b"}), ({"c"}, {"d"})], id="backslash"),
    pytest.param("import a.b, c as d", [({"a"}, set()), ({"d"}, set())], id="two-imports"),
    pytest.param("@a\n@b(c)\ndef f(x=d): return e", [({"f"}, {"a", "b", "c", "d", "e"})], id="decorators"),
    pytest.param("\x0cdef f(): return a  # g(b)", [({"f"}, {"a"})], id="new-page-and-comment"),
    pytest.param("a = f'{b!r:\\n}'", [({"a"}, {"b"})], id="escape-in-a-format"),
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_each_statement_has_its_own_names(text: str, names: list[tuple[set[str], set[str]]]) -> None:
    """Who binds what and needs what is asked of the very text of a statement, wherever it begins and ends."""
    parsed = read_statements([Cell("", text)])

    assert [(set(one.binds), set(one.needs)) for one in parsed.statements] == names
    assert parsed.broken == ()


def test_an_invalid_escape_is_not_worth_a_word() -> None:
    """Python warns of it, and where warnings are errors it would refuse the whole text."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        extracted = script('def f(x):\n    return "\\d"')

    assert (kept(extracted), notes(extracted)) == (["def f(x):"], [])
