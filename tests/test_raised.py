"""An exception points at the expression that raised it, in words that help; no student's object can prevent that."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import CodeType
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.exams import Exam
from autograder.judging import judge, make_report
from autograder.places.exceptions import exception_facts
from autograder.places.expressions import broadcast, clashing_axis
from autograder.places.lines import LONGEST_TEXT
from autograder.places.reasons import FACTS_OF_REASONS
from autograder.records import CheckResult, QuestionResult
from autograder.render.card import card_lines
from autograder.render.feedback import load_screen_words
from autograder.render.source_line import source_lines

HAS_COLUMNS = sys.version_info >= (3, 11)
needs_columns = pytest.mark.skipif(not HAS_COLUMNS, reason="tracebacks have columns from Python 3.11 on")

MATMUL = "def matmul_backward(grad_out, a, b):\n    "
ADD = "def add_backward(grad_out, a, b):\n    "
SIGMOID = "def sigmoid_backward(grad_out, out):\n    "
SOFTMAX = "def softmax_cross_entropy_backward(grad_out, logits, targets):\n    "
FOLLOW = "Write down the shapes of the arguments in this case and follow them to that line."

MESSAGES = [
    (
        "inner-sizes-turned", "matmul", MATMUL + "return grad_out @ b, a.T @ grad_out",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out @ b”: grad_out is (4, 5) "
        "and b is (3, 5). For @ the two inner sizes must be equal; here they are 5 and 3. b.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "inner-sizes-turned-dot", "matmul", MATMUL + "return grad_out @ b.T, np.dot(a, grad_out)",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “np.dot(a, grad_out)”: a is (4, 3) "
        "and grad_out is (4, 5). For np.dot the two inner sizes must be equal; here they are 3 and 4. a.T is (3, "
        "4).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "inner-sizes-of", "matmul", MATMUL + "return b.T @ grad_out, a.T @ grad_out",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “b.T @ grad_out”: b.T is (5, 3) and "
        "grad_out is (4, 5). For @ the two inner sizes must be equal; here they are 3 and 4.",
        "Which axis should disappear in this product, and where does it stand on each side?",
    ),
    (
        "inner-sizes", "matmul", MATMUL + "return np.exp(grad_out) @ b, a.T @ grad_out",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “np.exp(grad_out) @ b”: for @ the "
        "two inner sizes must be equal; here they are 5 and 3. Shapes there: grad_out (4, 5), b (3, 5).",
        "Write down the shapes of both sides. Which axis should disappear in this product, and where does it stand?",
    ),
    (
        "matmul-number", "matmul", MATMUL + "return grad_out @ 2, b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out @ 2”: one side of this "
        "product is a single number, without any axis, and a matrix product needs axes on both sides. Shapes "
        "there: grad_out (4, 5).",
        "Which of the two is a number in this case, and is a matrix product meant at all?",
    ),
    (
        "broadcast-of", "matmul", MATMUL + "return grad_out * b, b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out * b”: grad_out is (4, 5) "
        "and b is (3, 5). Lined up at their right ends, axis -2 is 4 in one and 3 in the other.",
        "Axes are lined up from the right, and only an axis of size 1 is stretched. Which axis is missing, or "
        "stands in the wrong place?",
    ),
    (
        "broadcast", "matmul", MATMUL + "return a[np.arange(3), np.arange(2)], b",
        "For a (4, 3), b (3, 5): matmul_backward raised IndexError in line 3, “a[np.arange(3), np.arange(2)]”: the "
        "shapes (3,) and (2,) cannot be broadcast. Lined up at their right ends, axis -1 is 3 in one and 2 in the "
        "other.",
        "Axes are lined up from the right, and only an axis of size 1 is stretched. Which axis is missing, or "
        "stands in the wrong place?",
    ),
    (
        "in-place", "matmul", MATMUL + "total = np.zeros((4, 1))\n    total += grad_out\n    return total, b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 4, “total += grad_out”: an array that "
        "is changed in place keeps its shape, here (4, 1), and the result has the shape (4, 5). Shapes there: "
        "total (4, 1), grad_out (4, 5).",
        "Should the result be a new array, or should something be added up before it is written there?",
    ),
    (
        "assignment", "matmul",
        MATMUL + "grad_a = np.zeros(a.shape)\n    grad_a[0] = grad_out[0]\n    return grad_a, b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 4, “grad_a[0] = grad_out[0]”: what is "
        "written has the shape (5,), and the place for it has the shape (3,). Shapes there: grad_a (4, 3), "
        "grad_out (4, 5).",
        "Which of the two shapes is the one that you want? Print both in the line above.",
    ),
    (
        "reshape", "matmul", MATMUL + "return grad_out.reshape(a.shape), b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out.reshape(a.shape)”: the "
        "number of entries is 20, and the shape (4, 3) has room for 12. A reshape keeps every entry. Shapes there: "
        "grad_out (4, 5), a (4, 3).",
        "Reshape neither adds up nor repeats. Which step before it left another number of entries than you expected?",
    ),
    (
        "read-only", "add", ADD + "view = np.broadcast_to(grad_out, (2, 3, 4))\n    view[0] = 0\n    return view, b",
        "For a (3, 4), b (3, 4): add_backward raised ValueError in line 4, “view[0] = 0”: the array that is "
        "written to can only be read. Views that numpy repeats without storing them are like that. Shapes there: "
        "view (2, 3, 4).",
        "Does your function own this array, or was it passed in? Make a new array instead of changing that one.",
    ),
    (
        "ragged", "matmul", MATMUL + "return np.array([a, b.ravel()]), b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “np.array([a, b.ravel()])”: what "
        "should become one array has parts of different shapes. Shapes there: a (4, 3), b (3, 5).",
        "Does the computation need one array, or could the parts stay in a list?",
    ),
    (
        "truth", "sigmoid", SIGMOID + "return grad_out if out > 0 else -grad_out",
        "For x (3, 4): sigmoid_backward raised ValueError in line 3, “out > 0”: a condition needs one yes or no, "
        "and this array holds one for each of its entries. Shapes there: out (3, 4).",
        "Should each entry be decided for itself, or is the question about all of them together?",
    ),
    (
        "unpack-shape", "softmax_cross_entropy", SOFTMAX + "N, V = targets.shape\n    return logits",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised ValueError in line 3, “N, V = "
        "targets.shape”: the shape of targets is (4,), and it is unpacked into 2 sizes.",
        "Does the computation need to know how many axes there are? Other cases have more or fewer.",
    ),
    (
        "cast", "sigmoid", SIGMOID + "mask = np.ones(out.shape, int)\n    mask += out\n    return mask",
        "For x (3, 4): sigmoid_backward raised UFuncTypeError in line 4, “mask += out”: an array that is changed "
        "in place keeps its dtype, here int64, and the result is float64. Shapes there: mask (3, 4), out (3, 4).",
        "Should the result be a new array, which may have a dtype of its own?",
    ),
    (
        "entry", "softmax_cross_entropy", SOFTMAX + "return logits[:, 5]",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised IndexError in line 3, “logits[:, "
        "5]”: axis 1 has the size 5, so its entries end at 4, and entry 5 was asked for. Shapes there: logits (4, "
        "5).",
        "Where does this index come from? Is it counted along another axis than the one that it is used for?",
    ),
    (
        "indices", "softmax_cross_entropy", SOFTMAX + "return targets[:, None, 0, 0]",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised IndexError in line 3, “targets[:, "
        "None, 0, 0]”: the number of indices is 3, more than the number of axes of the array, 1. Shapes there: "
        "targets (4,).",
        "How many axes does this array have in this case?",
    ),
    (
        "no-size", "softmax_cross_entropy", SOFTMAX + "V = targets.shape[1]\n    return logits",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised IndexError in line 3, "
        "“targets.shape[1]”: the shape of targets is (4,), which has no size at that place.",
        "Does the computation need this size? In this case there is no such axis.",
    ),
    (
        "axis", "softmax_cross_entropy", SOFTMAX + "return targets.sum(axis=1)",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised AxisError in line 3, "
        "“targets.sum(axis=1)”: there is no axis 1. The number of axes of the array is 1, and they are counted "
        "from 0. Shapes there: targets (4,).",
        "Which axes does the array have at this point? One that was added up before is gone, unless keepdims kept it.",
    ),
    (
        "length", "softmax_cross_entropy", SOFTMAX + "return [0] * len(grad_out)",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised TypeError in line 3, "
        "“len(grad_out)”: a single number has no length.",
        "Does the computation need to walk along an axis? In this case there is none.",
    ),
    (
        "number-index", "softmax_cross_entropy", SOFTMAX + "return grad_out[:, None]",
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised IndexError in line 3, “grad_out[:, "
        "None]”: a single number has no entries that could be picked out.",
        "Is this a number or an array in this case, and where does it come from?",
    ),
    (
        "one-number", "sigmoid", "import math\n" + SIGMOID + "return math.exp(-out)",
        "For x (3, 4): sigmoid_backward raised TypeError in line 4, “math.exp(-out)”: a function for a single "
        "number was given an array. Shapes there: out (3, 4).",
        "Functions of math take one number. Which function of numpy does the same for each entry?",
    ),
    (
        "unbound", "sigmoid", SIGMOID + "if out is None:\n        slope = 1\n    return grad_out * slope",
        "For x (3, 4): sigmoid_backward raised UnboundLocalError in line 5, “slope”: slope is read here before "
        "this function has given it a value.",
        "On which path through the function does slope get its value, and was that path taken in this case?",
    ),
    (
        "name", "sigmoid", SIGMOID + "return grad_ot * out * (1 - out)",
        "For x (3, 4): sigmoid_backward raised NameError in line 3, “grad_ot”: nothing is called grad_ot. Did you "
        "mean grad_out?",
        "Compare the spelling with the line in which the name is defined.",
    ),
    (
        "attribute", "unbroadcast", "def unbroadcast(grad, shape):\n    return grad.sum(axis=0).reshape(shape.T)",
        "For grad (5, 3), shape (3,): unbroadcast raised AttributeError in line 3, “shape.T”: shape is of the type "
        "tuple here, which has no T.",
        "Where does shape get its value in this case? Are the arguments in the order that the question gives?",
    ),
    (
        "attribute-close", "sigmoid", SIGMOID + "return grad_out.sun(axis=0)",
        "For x (3, 4): sigmoid_backward raised AttributeError in line 3, “grad_out.sun”: numpy.ndarray has no sun. "
        "Did you mean sum? Shapes there: grad_out (3, 4).",
        "Compare the spelling with the documentation of numpy.",
    ),
    (
        "attribute-close-numpy", "sigmoid", SIGMOID + "return np.zeroes(out.shape)",
        "For x (3, 4): sigmoid_backward raised AttributeError in line 3, “np.zeroes”: numpy has no zeroes. Did you "
        "mean zeros?",
        "Compare the spelling with the documentation of numpy.",
    ),
    (
        "zero", "sigmoid", SIGMOID + "rows = 0\n    return grad_out * (1 / rows)",
        "For x (3, 4): sigmoid_backward raised ZeroDivisionError in line 4, “1 / rows”: rows is 0, and something "
        "is divided by it.",
        "Where does rows get its value, and what should come back when it is 0?",
    ),
    (
        "no-file", "sigmoid", SIGMOID + "open('no/folder/log.txt')",
        "For x (3, 4): sigmoid_backward raised FileNotFoundError in line 3, “open('no/folder/log.txt')”: where "
        "functions are graded there are neither files nor programs, and none can be made.",
        "What the function computes does not need a file. Read and write outside of it, or go on without the file: "
        "try, and except OSError.",
    ),
    (
        "no-module", "sigmoid", SIGMOID + "from no.such import expit",
        "For x (3, 4): sigmoid_backward raised ModuleNotFoundError in line 3, “from no.such import expit”: no is not "
        "there where functions are graded; numpy is.",
        "Which function of numpy does the same? If no is not needed for the result, import it in try, and go on "
        "without it: except ImportError.",
    ),
    (
        "no-thread", "sigmoid", SIGMOID + 'raise RuntimeError("can\'t start new thread")',
        "For x (3, 4): sigmoid_backward raised RuntimeError in line 3, “raise RuntimeError(\"can't start new "
        "thread\")”: where functions are graded, no thread and no process can be started.",
        "The arrays are tiny. Compute one part after the other.",
    ),
    (
        "no-input", "sigmoid", SIGMOID + "raise EOFError('EOF when reading a line')",
        "For x (3, 4): sigmoid_backward raised EOFError in line 3, “raise EOFError('EOF when reading a line')”: where "
        "functions are graded, nobody is there to answer input().",
        "All that the function needs is in its arguments. Ask outside of it.",
    ),
    (
        "not-permitted", "sigmoid", SIGMOID + "raise PermissionError(1, 'No')",
        "For x (3, 4): sigmoid_backward raised PermissionError in line 3, “raise PermissionError(1, 'No')”: where "
        "functions are graded, they may compute and little else, and what was asked of the system there is not "
        "allowed.",
        "Does the result need what this line does? Do it outside of the function, or go on without it: try, and "
        "except OSError.",
    ),
    (
        "arguments", "sigmoid", "def sigmoid_backward(grad_out, out, x):\n    return grad_out",
        "For x (3, 4): sigmoid_backward raised TypeError: the number of arguments that it is called with is 2, and "
        "its parameters are (grad_out, out, x).",
        "The parameters and their order are part of the question. Compare the line with def with the handout.",
    ),
    (
        "unknown-exception", "sigmoid", SIGMOID + "raise RuntimeError(\"not sure yet\")",
        "For x (3, 4): sigmoid_backward raised RuntimeError in line 3, “raise RuntimeError(\"not sure yet\")”: not "
        "sure yet.",
        FOLLOW,
    ),
    (
        "unknown-text", "sigmoid", SIGMOID + "return np.concatenate([grad_out, out[:, 1:]])",
        "For x (3, 4): sigmoid_backward raised ValueError in line 3, “np.concatenate([grad_out, out[:, 1:]])”: all "
        "the input array dimensions except for the concatenation axis must match exactly, but along dimension 1, "
        "the array at index 0 has size 4 and the array at index 1 has size 3. Shapes there: grad_out (3, 4), out "
        "(3, 4).",
        FOLLOW,
    ),
    (
        "key", "sigmoid", SIGMOID + "return {}['out']",
        "For x (3, 4): sigmoid_backward raised KeyError in line 3, “{}['out']”: 'out'.",
        FOLLOW,
    ),
    (
        "name-without-a-close-one", "sigmoid", SIGMOID + "return torch.exp(out)",
        "For x (3, 4): sigmoid_backward raised NameError in line 3, “torch”: name 'torch' is not defined.",
        FOLLOW,
    ),
    (
        "several-lines", "matmul", MATMUL + "return (grad_out @\n        b), b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “return (grad_out @”: for @ the two "
        "inner sizes must be equal; here they are 5 and 3.",
        "Write down the shapes of both sides. Which axis should disappear in this product, and where does it stand?",
    ),
    (
        "several-lines-but-the-expression", "matmul", MATMUL + "return (\n        grad_out @ b,\n        b,\n    )",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 4, “grad_out @ b”: grad_out is (4, 5) "
        "and b is (3, 5). For @ the two inner sizes must be equal; here they are 5 and 3. b.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "lambda", "matmul", "product = lambda x, y: x @ y\n" + MATMUL + "return product(grad_out, b), b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 2, “x @ y”: x is (4, 5) and y is (3, "
        "5). For @ the two inner sizes must be equal; here they are 5 and 3. y.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "comprehension", "matmul", MATMUL + "return [grad_out @ w for w in (b, b)]",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out @ w”: grad_out is (4, 5) "
        "and w is (3, 5). For @ the two inner sizes must be equal; here they are 5 and 3. w.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "helper", "matmul", "def product(x, y):\n    return x @ y\n\n\n" + MATMUL + "return product(grad_out, b), b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “x @ y”: x is (4, 5) and y is (3, "
        "5). For @ the two inner sizes must be equal; here they are 5 and 3. y.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "own-names-of-numpy", "matmul", MATMUL + "dot = grad_out.dot(b)\n    return dot, b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out.dot(b)”: grad_out is (4, "
        "5) and b is (3, 5). For np.dot the two inner sizes must be equal; here they are 5 and 3. b.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "non-ascii", "matmul", MATMUL + "return \"λ→∂\" and grad_out @ b, b",
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out @ b”: grad_out is (4, 5) "
        "and b is (3, 5). For @ the two inner sizes must be equal; here they are 5 and 3. b.T is (5, 3).",
        "Which axis should disappear in this product, and which shape should remain?",
    ),
    (
        "assert", "matmul", MATMUL + "assert a.shape == b.shape, 'shapes differ'\n    return a, b",
        "For a (4, 3), b (3, 5): matmul_backward raised AssertionError in line 3, “a.shape == b.shape”: shapes "
        "differ. Shapes there: a (4, 3), b (3, 5).",
        FOLLOW,
    ),
]  # fmt: skip
"""An id, the question, the code, and what is told from Python 3.11 on."""

COMPREHENSION_WITHOUT_A_FRAME = (
    "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “grad_out @ w”: for @ the two inner sizes "
    "must be equal; here they are 5 and 3. Shapes there: grad_out (4, 5)."
)
"""From Python 3.12 on, a comprehension runs in the frame around it, and its variable is gone when it has raised."""

BEFORE_COLUMNS = {
    "inner-sizes-turned": (
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “return grad_out @ b, a.T @ "
        "grad_out”: for @ the two inner sizes must be equal; here they are 5 and 3."
    ),
    "broadcast-of": (
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “return grad_out * b, b”: the shapes "
        "(4, 5) and (3, 5) cannot be broadcast. Lined up at their right ends, axis -2 is 4 in one and 3 in the "
        "other."
    ),
    "unpack-shape": (
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised ValueError in line 3, “N, V = "
        "targets.shape”: not enough values to unpack (expected 2, got 1)."
    ),
    "attribute": (
        "For grad (5, 3), shape (3,): unbroadcast raised AttributeError in line 3, “return "
        "grad.sum(axis=0).reshape(shape.T)”: 'tuple' object has no attribute 'T'."
    ),
    "unbound": (
        "For x (3, 4): sigmoid_backward raised UnboundLocalError in line 5, “return grad_out * slope”: slope is "
        "read here before this function has given it a value."
    ),
    "several-lines": (
        "For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3, “return (grad_out @”: for @ the two "
        "inner sizes must be equal; here they are 5 and 3."
    ),
    "arguments": (
        "For x (3, 4): sigmoid_backward raised TypeError: the number of arguments that it is called with is 2, and "
        "its parameters are (grad_out, out, x)."
    ),
    "axis": (
        "For logits (4, 5), targets (4,): softmax_cross_entropy_backward raised AxisError in line 3, “return "
        "targets.sum(axis=1)”: there is no axis 1. The number of axes of the array is 1, and they are counted from "
        "0."
    ),
}
"""What Python 3.10, which tells the line and no columns, lets us say of some of them."""


@pytest.fixture(scope="module")
def exam(exam: Exam) -> Exam:
    """The exam without words for known mistakes: here the exceptions are told alone."""
    return replace(exam, catalogue=replace(exam.catalogue, language="none"))


def defined(source: str, file: str = "<script>") -> dict[str, Any]:
    """What a source defines, its lines where a worker puts them."""
    lines = f"import numpy as np\n{source}\n".splitlines(keepends=True)
    linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    namespace: dict[str, Any] = {}
    exec(compile("".join(lines), file, "exec"), namespace)
    return namespace


def facts_of(source: str, *arguments: Any) -> dict[str, Any]:
    """The facts of the exception that the function f of a source raises."""
    return raised_by(defined(source)["f"], *arguments)


def raised_by(function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    with pytest.raises(BaseException) as raised:  # noqa: PT011
        function(*arguments)
    return exception_facts(raised.value, function, len(arguments))


def asked(exam: Exam, name: str, source: str) -> tuple[QuestionResult, CheckResult]:
    """The question, and the first of its checks that ended in an exception."""
    function = next(one.function for one in exam.assignment.questions if one.name == name)
    answers = answer({function: defined(source)[function]}, exam.deck, exam.assignment)
    report = make_report(exam, "hw.py", answers, judge(exam, answers))
    question = next(one for one in report.questions if one.name == name)
    return question, next(check for check in question.checks if check.fault == "raised")


# ---- what is told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("id", "name", "source", "message", "hint"), MESSAGES, ids=[row[0] for row in MESSAGES])
def test_what_is_told_of_an_exception(exam: Exam, id: str, name: str, source: str, message: str, hint: str) -> None:
    """Where, what stood there, and in which shapes; the next thought apart."""
    if not HAS_COLUMNS and id not in BEFORE_COLUMNS:
        pytest.skip("the whole text needs columns")
    if id == "comprehension" and sys.version_info >= (3, 12):
        message = COMPREHENSION_WITHOUT_A_FRAME
        hint = (
            "Write down the shapes of both sides. Which axis should disappear in this product, and where does it stand?"
        )
    _, check = asked(exam, name, source)

    if HAS_COLUMNS:
        assert (check.message, check.hint) == (message, hint)
    else:
        assert check.message == BEFORE_COLUMNS[id]


def test_every_reason_has_an_example(exam: Exam) -> None:
    """And a sentence that names nothing but the facts that travel with it."""
    ids = {id for id, *_ in MESSAGES}
    assert FACTS_OF_REASONS.keys() <= ids
    for reason, facts in FACTS_OF_REASONS.items():
        said = dict.fromkeys(facts, "x")
        words = exam.catalogue.words[f"raised-{reason}"]
        assert words["message"].format_map(said)
        assert words["hint"].format_map(said)
    own = {id.removeprefix("raised-") for id in exam.catalogue.words if id.startswith("raised-")}
    assert own == {*FACTS_OF_REASONS, "bare"}


@pytest.mark.parametrize(("name", "source"), [row[1:3] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
def test_a_reason_travels_with_its_facts_and_no_others(exam: Exam, name: str, source: str) -> None:
    """Whatever is missing or too much there would be taken for a lie of the student's."""
    _, check = asked(exam, name, source)
    place = {"where", "line", "code", "expression", "start", "stop", "shapes"}
    rest = set(check.facts) - place - {"function", "case", "exception", "text"}

    reason = check.facts.get("reason")
    assert rest == (FACTS_OF_REASONS[reason] | {"reason"} if reason is not None else set())


# ---- what is looked at -------------------------------------------------------------------------------------

WITHOUT_EXPRESSION = {
    "several-lines": "def f(x):\n    return (x @\n        x)\n",
    "too-long": "def f(x):\n    return x @ (x" + " + x" * 60 + ")\n",
    "far-to-the-right": f"def f(x):\n    return '{'-' * 500}' and x @ x\n",
}


@pytest.mark.parametrize("source", WITHOUT_EXPRESSION.values(), ids=WITHOUT_EXPRESSION)
def test_without_an_expression_the_line_remains(source: str) -> None:
    """What cannot be shown on one short line is not shown; the reason is told all the same."""
    facts = facts_of(source, np.zeros((3, 4)))

    assert not {"expression", "start", "stop", "shapes"} & facts.keys()
    assert (facts["line"], facts["reason"]) == (3, "inner-sizes")


def test_a_source_that_is_not_there_is_not_missed() -> None:
    """Code that was made from a text which nobody kept has a line, but no words."""
    function = defined("def f(x):\n    return x @ x\n", "<gone>")["f"]
    del linecache.cache["<gone>"]

    facts = raised_by(function, np.zeros((3, 4)))

    assert {name: facts[name] for name in ("where", "line", "code", "reason")} == {
        "where": "", "line": 3, "code": "", "reason": "inner-sizes",
    }  # fmt: skip
    assert "expression" not in facts


@needs_columns
def test_a_code_object_with_other_columns_than_its_source_raises_nothing() -> None:
    """The text may have been changed since it was compiled."""
    function = defined("def f(x):\n    return x @ x\n", "<changed>")["f"]
    linecache.cache["<changed>"] = (3, None, ["\n", "\n", "(((\n"], "<changed>")

    facts = raised_by(function, np.zeros((3, 4)))

    assert (facts["code"], facts["reason"]) == ("(((", "inner-sizes")


SHAPES = [
    ("x @ y", "x (3, 4), y (5,)"),
    ("x.T @ y", "x.T (4, 3), y (5,)"),
    ("np.dot(x, y)", "x (3, 4), y (5,)"),
    ("x @ (x * 1.0)", "x (3, 4)"),
    ("x.reshape(n, n)", "x (3, 4)"),
    ("box.inner @ x", "x (3, 4)"),
    ("lie[x]", "x (3, 4)"),
    ("sub @ x", "x (3, 4)"),
    ("GLOBAL @ x", "GLOBAL (2, 2), x (3, 4)"),
]


@needs_columns
@pytest.mark.parametrize(("expression", "shapes"), SHAPES, ids=[row[0] for row in SHAPES])
def test_only_true_arrays_are_asked_for_their_shape(expression: str, shapes: str) -> None:
    """Nothing is called, no attribute but `.T` is followed, and what only says that it is an array is passed over."""
    source = (
        "class Lie:\n    __class__ = np.ndarray\n    looked = []\n"
        "    def __getattribute__(self, name):\n        Lie.looked.append(name)\n        raise KeyError(name)\n"
        "class Sub(np.ndarray):\n    shape = property(lambda self: Lie.looked.append('shape') or 1 / 0)\n"
        "class Box:\n    inner = np.zeros(2)\n"
        "GLOBAL = np.zeros((2, 2))\n"
        f"def f(x, y, n, lie, sub, box):\n    Lie.looked.clear()\n    return {expression}\n"
    )
    namespace = defined(source)
    sub = np.zeros(2).view(namespace["Sub"])
    facts = raised_by(namespace["f"], np.zeros((3, 4)), np.zeros(5), 7, namespace["Lie"](), sub, namespace["Box"])

    assert facts["expression"] == expression
    assert facts["shapes"] == shapes
    assert namespace["Lie"].looked == []


HOSTILE = {
    "a-mapping-of-its-own": (
        "class Scope(dict):\n    def __getitem__(self, name):\n        1 / 0\n    def get(self, *_):\n        1 / 0\n"
        "def f():\n    class Meta(type):\n        @classmethod\n        def __prepare__(*_):\n"
        "            return Scope(__name__='x', __module__='x')\n"
        "    class Body(metaclass=Meta):\n        np.zeros((3, 4)) @ np.zeros(5)\n"
    ),
    "a-name-that-is-no-text": "def f():\n    globals()[7] = 1\n    return globls\n",
    "a-key-that-raises": (
        "class Key(str):\n    def __eq__(self, other):\n        raise SystemExit\n    __hash__ = str.__hash__\n"
        "def f():\n    globals()[Key('xs')] = 1\n    return xs @ 1\n"
    ),
    "a-million-names": "def f():\n    globals().update((f'n{i}', 1) for i in range(10 ** 6))\n    return nn\n",
    "an-endless-text": (
        "class E(ValueError):\n    def __str__(self):\n        return '(1,2) ' * 10 ** 6\ndef f(): raise E\n"
    ),
    "a-text-that-raises": "class E(ValueError):\n    def __str__(self):\n        raise E\ndef f(): raise E\n",
    "an-endless-shape": (
        "def f(): raise ValueError('cannot reshape array of size 1 into shape (' + '9,' * 150 + ')')\n"
    ),
    "deep-brackets": "def f(): return " + "(" * 90 + "[][0]" + ")" * 90 + "\n",
    "deep-signs": "def f(): return " + "-" * 140 + "[]\n",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_no_student_can_keep_an_exception_from_being_told(source: str) -> None:
    """It is told in the same bounded way, whatever its text, its names and its objects do to those who look."""
    facts = facts_of(source)

    assert facts["exception"]
    for value in facts.values():
        assert type(value) is int or len(value) <= LONGEST_TEXT
    assert len(facts) <= 20


def test_a_code_object_may_say_anything_of_its_place() -> None:
    """A line that no file has, of a file that nobody could open, is the student's to invent."""
    function = defined("def f():\n    return [][0]\n")["f"]
    code: CodeType = function.__code__
    function.__code__ = code.replace(co_firstlineno=10**8, co_filename="x" * 5000)

    facts = raised_by(function)

    assert (facts["line"], len(facts["where"]), facts["code"]) == (10**8 + 1, LONGEST_TEXT, "")


def test_a_name_is_suggested_from_what_the_function_can_see() -> None:
    """A local one, a global one, one of Python's own, and none."""
    source = "learning_rate = 1\ndef f(name):\n    weights = 1\n    return eval(name)\n"
    function = defined(source)["f"]

    def suggested(name: str) -> str | None:
        def look() -> Any:
            return function(name)

        with pytest.raises(NameError) as raised:
            look()
        return exception_facts(raised.value, function, 1).get("close")

    assert [suggested(name) for name in ("weigths", "learning_rat", "lenn", "qqq")] == [
        "weights", "learning_rate", "len", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "together", "axis"),
    [
        ((3, 4), (4,), (3, 4), None),
        ((3, 4), (3, 1), (3, 4), None),
        ((), (2,), (2,), None),
        ((0, 4), (1, 4), (0, 4), None),
        ((3, 4), (3,), None, -1),
        ((3, 4), (2, 4), None, -2),
        ((5, 3, 4), (2, 1, 4), None, -3),
    ],
    ids=str,
)
def test_shapes_are_broadcast_as_numpy_does(
    one: tuple[int, ...], other: tuple[int, ...], together: tuple[int, ...] | None, axis: int | None
) -> None:
    """Numpy's own function may have been replaced in the process where this is asked."""
    assert (broadcast(one, other), clashing_axis(one, other)) == (together, axis)
    assert (broadcast(other, one), clashing_axis(other, one)) == (together, axis)
    if together is not None:
        assert np.broadcast_shapes(one, other) == together


# ---- the line and its mark ---------------------------------------------------------------------------------


def marked(code: str, expression: str, width: int = 60) -> list[str]:
    start = code.index(expression)
    facts = {"code": code, "start": start, "stop": start + len(expression)}
    return list(source_lines(facts, "  ", width))


@needs_columns
def test_a_card_shows_the_line_with_a_mark_under_the_expression(exam: Exam) -> None:
    """Below the sentence and above the next thought."""
    question, _ = asked(exam, "matmul", MATMUL + "return grad_out @ b, a.T @ grad_out")

    assert list(card_lines(question, load_screen_words("en"), 80))[1:-1] == [
        "    For a (4, 3), b (3, 5): matmul_backward raised ValueError in line 3,",
        "    “grad_out @ b”: grad_out is (4, 5) and b is (3, 5). For @ the two inner",
        "    sizes must be equal; here they are 5 and 3. b.T is (5, 3).",
        "        return grad_out @ b, a.T @ grad_out",
        "               ~~~~~~~~~~~~",
        "    Next  Which axis should disappear in this product, and which shape should",
        "          remain?",
    ]


@pytest.mark.parametrize(
    ("code", "expression", "lines"),
    [
        ("return a @ b, b", "a @ b", ["  return a @ b, b", "         ~~~~~"]),
        ("a @ b", "a @ b", ["  a @ b", "  ~~~~~"]),
        ("return '∂' and a @ b", "a @ b", ["  return '∂' and a @ b", "                 ~~~~~"]),
        ("return '漢字' and a @ b", "a @ b", ["  return '漢字' and a @ b", "                    ~~~~~"]),
        (
            "return first + second + third + fourth + fifth @ b + last_of_them_all * lr", "fifth @ b",
            ["  …ourth + fifth @ b + last_of_them_all…", "           ~~~~~~~~~"],
        ),
    ],
    ids=["part", "whole", "letters", "wide-letters", "cut"],
)  # fmt: skip
def test_the_mark_stands_under_the_expression(code: str, expression: str, lines: list[str]) -> None:
    """Wide letters count twice, and a line that is too long is cut around the expression."""
    assert marked(code, expression, 40) == lines


def positions() -> Iterator[tuple[int, int]]:
    yield from [(0, 1), (0, 400), (399, 400), (200, 250), (30, 31)]


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize(("start", "stop"), list(positions()))
def test_both_lines_fit_the_width(start: int, stop: int, width: int) -> None:
    """Whatever the columns, and those of the longest line, too."""
    line, mark = source_lines({"code": "漢x" * 200, "start": start, "stop": stop}, "  ", width)

    assert columns_of(line) <= max(width, 22)
    assert columns_of(mark) <= max(width, 22)
    assert "~" in mark


def columns_of(text: str) -> int:
    return sum(2 if character == "漢" else 1 for character in text)


def test_nothing_is_drawn_where_no_columns_are_known() -> None:
    """A line alone stands in the sentence already."""
    assert list(source_lines({"code": "return a @ b", "line": 3}, "  ", 80)) == []
