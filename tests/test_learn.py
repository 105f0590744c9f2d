"""Training runs: gradient descent with a student's functions, alike to the last bit here and in a worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runs import (
    NEEDS,
    SOLUTION,
    TRAINING,
    deck_of,
    functions_in,
    line_run,
    script,
    solution_but,
    solution_text,
    with_training,
    xor_run,
)

from autograder.answer import answer
from autograder.checks.cases import make_deck
from autograder.errors import SandboxError
from autograder.exams import SEED, Exam
from autograder.grading import grade
from autograder.learn import RunEnded, learn, training_of
from autograder.records import Array, Case, CaseAnswer, Limits, Outcome, Written
from autograder.sandbox.client import Sandbox
from autograder.sandbox.zygote import BEFORE_WARM
from conftest import SUBMISSIONS, exam_of_functions

HAS_COLUMNS = sys.version_info >= (3, 11)
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the walls of a worker are Linux's")

STEPS = 12
XOR, LINE = "training xor", "training line"


@pytest.fixture(scope="module")
def exam() -> Exam:
    """Without the training questions of `backprop`: models of our own stand in their place."""
    return exam_of_functions(SEED)


@pytest.fixture(scope="module")
def trained(exam: Exam) -> Exam:
    """Two models, and a deck of their runs alone."""
    return with_training(exam)


@pytest.fixture(scope="module")
def sandbox(trained: Exam) -> Iterator[Sandbox]:
    hurried = replace(trained.assignment, limits=Limits(load=2.0, call=0.5, memory=256))
    with Sandbox(hurried) as sandbox:
        for _ in range(BEFORE_WARM + 1):  # whoever comes first, its zygote is as warm as that of all others
            sandbox.answer(script(SOLUTION), trained.deck)
        yield sandbox


def here(exam: Exam, definition: str) -> tuple[CaseAnswer, ...]:
    """The answers to the deck in this process."""
    functions = functions_in(definition)
    cases = answer(functions, exam.deck, exam.assignment).cases
    return tuple(case for case in cases if case is not None)


def values_of(answered: CaseAnswer) -> list[Array]:
    (reply,) = answered.replies
    assert reply.container == "list"
    return [value.data for value in reply.values if value.data is not None]


def in_bytes(answered: CaseAnswer) -> tuple[Any, ...]:
    """All of an answer, in a form that is the same only if each bit is."""
    (reply,) = answered.replies
    arrays = [(array.dtype.str, array.shape, array.tobytes()) for array in values_of(answered)]
    return (arrays, reply.raised, answered.arguments, answered.stopped)


# ---- what a run is -----------------------------------------------------------------------------------------


def textbook_xor(parameters: list[Array], x: Array, targets: Array, steps: int, lr: float) -> list[list[Array]]:
    """The same run as one would write it down without any tape."""
    W, b, U, c = (np.array(values) for values in parameters)
    course = [[W, b, U, c]]
    for _ in range(steps):
        hidden = 1 / (1 + np.exp(-(x @ W + b)))
        probs = np.exp(hidden @ U + c)
        probs /= probs.sum(axis=1, keepdims=True)
        grad_logits = (probs - np.eye(2)[targets]) / len(x)
        grad_before = grad_logits @ U.T * hidden * (1 - hidden)
        W, b = W - lr * x.T @ grad_before, b - lr * grad_before.sum(axis=0)
        U, c = U - lr * hidden.T @ grad_logits, c - lr * grad_logits.sum(axis=0)
        course.append([W, b, U, c])
    return course


def test_a_run_is_the_one_of_the_textbook(trained: Exam) -> None:
    """The start and each step, parameter by parameter."""
    case = trained.deck.cases[0]
    x, targets, *parameters = (argument.values for argument in case.calls[0].arguments)

    values = values_of(here(trained, "")[0])

    expected = textbook_xor(parameters, x, targets, STEPS, lr=4.0)
    assert [array.shape for array in values] == [(STEPS + 1, *array.shape) for array in parameters]
    for place, array in enumerate(values):
        assert np.allclose(array, [course[place] for course in expected], rtol=0, atol=1e-13)
    assert not np.allclose(values[0][0], values[0][-1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_goes_on_from_any_of_its_rows(trained: Exam, dtype: str) -> None:
    """Parameters keep their own dtype, so that a row is all there is to know: also where float64 gradients move it."""
    training = training_of(trained.assignment)
    run = xor_run(steps=1).run
    assert run is not None
    x, targets, *_ = (argument.values for argument in xor_run().calls[0].arguments)
    (answered,) = here(replace(trained, deck=deck_of(xor_run(dtype=dtype))), "")

    rows = [values.astype(dtype) for values in values_of(answered)]
    again = learn(
        training.losses["xor"],
        training.operations,
        functions_in(""),
        run,
        [x, targets],
        [values[5] for values in rows],
    )

    assert [values[1].tobytes() for values in again] == [values[6].tobytes() for values in rows]
    assert [values.astype(np.float64).tobytes() for values in rows] == [v.tobytes() for v in values_of(answered)]


def test_what_a_function_returned_may_be_overwritten_later(trained: Exam) -> None:
    """One buffer for each shape, and two layers of the same shapes: the gradients are copied when they come back."""
    buffers = (
        "buffers, right_add = {}, add_backward\n"
        "def kept(array):\n"
        "    buffer = buffers.setdefault(array.shape, np.empty(array.shape))\n"
        "    buffer[...] = array\n"
        "    return buffer\n"
        "def add_backward(grad_out, a, b):\n"
        "    return tuple(kept(array) for array in right_add(grad_out, a, b))"
    )
    square = replace(trained, deck=deck_of(xor_run(hidden=2)))

    assert in_bytes(*here(square, buffers)) == in_bytes(*here(square, ""))


def test_a_model_that_takes_no_step_stays_where_it_is(trained: Exam) -> None:
    """One row: the start. No function is called."""
    case = xor_run(steps=0)
    still = replace(trained, deck=deck_of(case))

    (answered,) = here(still, "def add_backward(*_): raise ValueError")

    starts = [argument.values for argument in case.calls[0].arguments[2:]]
    assert [array.tobytes() for array in values_of(answered)] == [array.tobytes() for array in starts]


def test_a_parameter_that_is_not_used_stays_where_it_is(trained: Exam) -> None:
    """It has no gradient, which is no reason to end."""
    training = training_of(trained.assignment)
    run = replace(line_run().run, parameters=("W", "unused"))  # type: ignore[type-var]
    x, targets, W = (argument.values for argument in line_run().calls[0].arguments)
    unused = np.array(3.0)

    _, values = learn(training.losses["line"], training.operations, functions_in(""), run, [x, targets], [W, unused])

    assert values.tolist() == [3.0] * 4


# ---- how runs end ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ending:
    """A definition after those of the solution, and what becomes of the run of xor with it."""

    definition: str
    rows: int = STEPS + 1
    is_right: bool = False
    raised: tuple[str, str, int] | None = None
    reason: str | None = None
    keeps_arguments: bool = True


SIGMOID = "def sigmoid_backward(grad_out, out):\n"
RIGHT_SIGMOID = "    return grad_out * out * (1.0 - out)"

ENDINGS = {
    "right": Ending("", is_right=True),
    "wrong scale": Ending(f"{SIGMOID}    return 2.0 * grad_out * out * (1.0 - out)"),
    "raises in step 3": Ending(
        f"calls = []\n{SIGMOID}    calls.append(1)\n    if len(calls) == 3: raise ValueError('three')\n{RIGHT_SIGMOID}",
        rows=3,
        raised=("ValueError", "sigmoid_backward", 3),
    ),
    "exits": Ending(f"{SIGMOID}    sys.exit()", rows=1, raised=("SystemExit", "sigmoid_backward", 1)),
    "wrong arguments": Ending(
        "def sigmoid_backward(out): return out",
        rows=1,
        raised=("TypeError", "sigmoid_backward", 1),
        reason="arguments",
    ),
    "shapes that do not fit": Ending(
        f"{SIGMOID}    return grad_out @ out",
        rows=1,
        raised=("ValueError", "sigmoid_backward", 1),
        reason="inner-sizes-turned" if HAS_COLUMNS else "inner-sizes",
    ),
    "wrong shape": Ending(
        "def add_backward(grad_out, a, b): return grad_out, grad_out",
        rows=1,
        raised=("WrongGradient", "add_backward", 1),
        reason="wrong-gradient",
    ),
    "no gradient": Ending(
        f"{SIGMOID}    return None", rows=1, raised=("WrongGradient", "sigmoid_backward", 1), reason="wrong-gradient"
    ),
    "a billion numbers": Ending(
        f"{SIGMOID}    return np.broadcast_to(0.0, (10**5, 10**5))",
        rows=1,
        raised=("WrongGradient", "sigmoid_backward", 1),
        reason="wrong-gradient",
    ),
    "an object that raises when it is looked at": Ending(
        f"class Odd:\n    def __array__(self, *_, **__): raise ValueError('odd')\n{SIGMOID}    return Odd()",
        rows=1,
        raised=("ValueError", "sigmoid_backward", 1),
    ),
    "nan": Ending(f"{SIGMOID}    return np.nan * grad_out", rows=2),
    "inf": Ending(
        "def add_backward(grad_out, a, b):\n    return unbroadcast(grad_out, a.shape), np.full(b.shape, -np.inf)",
        rows=2,
    ),
    "works in grad_out": Ending(
        f"{SIGMOID}    grad_out *= out\n    grad_out *= 1.0 - out\n    return grad_out", is_right=True
    ),
    "works in out": Ending(f"{SIGMOID}    out *= 1.0 - out\n    return grad_out * out"),
    "writes into a parameter": Ending(
        "right_add = add_backward\n"
        "def add_backward(grad_out, a, b):\n"
        "    grads = right_add(grad_out, a, b)\n"
        "    b *= 0.5\n"
        "    return grads"
    ),
    "writes into the data": Ending(
        "right_matmul = matmul_backward\n"
        "def matmul_backward(grad_out, a, b):\n"
        "    grads = right_matmul(grad_out, a, b)\n"
        "    a[0, 0] = 7.0\n"
        "    return grads",
        keeps_arguments=False,
    ),
    "lets numpy raise": Ending(
        f"{SIGMOID}    np.seterr(all='raise')\n    np.divide(1.0, 0.0)\n{RIGHT_SIGMOID}",
        rows=1,
        raised=("FloatingPointError", "sigmoid_backward", 1),
    ),
}


@needs_linux
@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_a_run_ends_alike_here_and_in_a_worker(trained: Exam, sandbox: Sandbox, ending: Ending) -> None:
    """How many rows there are, and why no more; whatever one run has done, the next one is right."""
    right_xor, right_line = map(in_bytes, here(trained, ""))

    xor, line = here(trained, ending.definition)
    answers = sandbox.answer(solution_but(ending.definition), trained.deck)

    (reply,) = xor.replies
    raised = reply.raised or {}
    assert {len(values) for values in values_of(xor)} == {ending.rows}
    assert (in_bytes(xor) == right_xor) is ending.is_right
    assert tuple(raised.get(name) for name in ("exception", "function", "step")) == (ending.raised or (None,) * 3)
    assert raised.get("reason") == ending.reason
    sent = b"".join(argument.values.tobytes() for argument in trained.deck.cases[0].calls[0].arguments)
    assert (xor.arguments == (sent,)) is ending.keeps_arguments
    assert [in_bytes(case) for case in answers.cases if case is not None] == [in_bytes(xor), in_bytes(line)]
    assert (in_bytes(line) == right_line) is ("matmul_backward" not in ending.definition)


@pytest.mark.skipif(not HAS_COLUMNS, reason="tracebacks have columns from Python 3.11 on")
def test_what_a_run_ends_with_is_told_by_the_line(trained: Exam) -> None:
    """All that is known of an exception elsewhere, and where in the run it was."""
    xor, _ = here(trained, ENDINGS["shapes that do not fit"].definition)

    (reply,) = xor.replies
    assert reply.raised is not None
    assert dict(reply.raised, line=0, text="") == {
        "exception": "ValueError",
        "text": "",
        "where": "",
        "line": 0,
        "code": "return grad_out @ out",
        "expression": "grad_out @ out",
        "start": 7,
        "stop": 21,
        "shapes": "grad_out (4, 5), out (4, 5)",
        "reason": "inner-sizes-turned",
        "operator": "@",
        "left_size": "5",
        "right_size": "4",
        "left": "grad_out",
        "left_shape": "(4, 5)",
        "right": "out",
        "right_shape": "(4, 5)",
        "turned": "out",
        "turned_shape": "(5, 4)",
        "function": "sigmoid_backward",
        "step": 1,
    }


def test_a_forward_pass_that_raises_is_no_function_of_the_student(trained: Exam) -> None:
    """As when numpy was broken before: the name is then that of the run."""
    run = line_run().run
    assert run is not None
    constants, W = [np.ones((4, 3)), np.zeros(4, dtype=int)], np.ones((3, 2))

    with pytest.raises(RunEnded) as ended:
        learn(lambda ops, p, d: 1 / 0, trained.assignment.operations, functions_in(""), run, constants, [W])

    assert ended.value.facts == {
        "exception": "ZeroDivisionError",
        "text": "division by zero",
        "function": "training line",
        "step": 1,
    }
    assert [values.tobytes() for values in ended.value.recorded] == [W.tobytes()]


def test_too_much_memory_ends_a_run_as_it_ends_a_call(trained: Exam) -> None:
    """The reason is one that a call has, too; there is nothing recorded."""
    xor, _ = here(trained, f"{SIGMOID}    raise MemoryError")

    assert (xor.stopped, xor.replies) == ("memory", ())


# ---- which runs there are ----------------------------------------------------------------------------------

REST = SOLUTION.replace("def sigmoid_backward", "def another").replace("def add_backward", "def yet_another")

NOT_THERE = {
    "all": (SOLUTION, Written("written"), Written("written")),
    "a stub": (
        solution_text("def sigmoid_backward(*_): pass"),
        Written("needs", {"names": "sigmoid_backward"}),
        Written("written"),
    ),
    "missing ones": (REST, Written("needs", {"names": "sigmoid_backward, add_backward"}), Written("written")),
    "a line that raises": (
        solution_text("def sigmoid_backward(*_, x=1 / 0): pass").replace(
            "def sigmoid_backward(grad_out, out)", "def f()"
        ),
        Written("needs", {"names": "sigmoid_backward"}),
        Written("written"),
    ),
    "nothing": (
        "x = 1",
        Written("needs", {"names": ", ".join(NEEDS["xor"])}),
        Written("needs", {"names": ", ".join(NEEDS["line"])}),
    ),
}


@needs_linux
@pytest.mark.parametrize(("source", "xor", "line"), NOT_THERE.values(), ids=NOT_THERE)
def test_a_run_is_called_if_all_that_it_needs_is_there(
    trained: Exam, sandbox: Sandbox, source: str, xor: Written, line: Written
) -> None:
    """Whoever has not written a sigmoid yet can train a model without one."""
    answers = sandbox.answer(script(source), trained.deck)

    assert (answers.written[XOR], answers.written[LINE]) == (xor, line)
    assert [case is not None for case in answers.cases] == [one.state == "written" for one in (xor, line)]


def test_the_same_is_said_in_this_process(trained: Exam) -> None:
    """There a function is in the dictionary or it is not."""
    functions = {name: functions_in("")[name] for name in NEEDS["line"]}

    answers = answer(functions, trained.deck, trained.assignment)

    assert answers.written == {
        XOR: Written("needs", {"names": "sigmoid_backward, add_backward"}),
        LINE: Written("written"),
    }
    assert answers.cases[0] is None
    assert answers.cases[1] is not None
    assert answers.alone == {XOR, LINE}


@needs_linux
def test_a_run_alone_is_asked_alone(trained: Exam, sandbox: Sandbox) -> None:
    """What it needs is defined, and not called in any other case."""
    whole = replace(trained, deck=deck_of(*trained.deck.cases, *ordinary(trained)))

    answers = sandbox.answer(script(SOLUTION), whole.deck, only=[LINE])

    assert set(answers.written) == {LINE, *NEEDS["line"]}
    assert [number for number, case in enumerate(answers.cases) if case is not None] == [1]
    assert answers.alone == {LINE}


def ordinary(exam: Exam) -> tuple[Case, ...]:
    """The cases of all functions, without those of the runs."""
    return make_deck(exam.assignment, 0).cases


# ---- runs among other cases --------------------------------------------------------------------------------

IN_A_RUN = "    if sys._getframe(1).f_globals['__name__'] == 'autograder.tape':\n"

STOPPED = {
    "loops in a run": ("        while True: pass", "time", "while True: pass"),
    "ends the process in a run": ("        os._exit(0)", "died", None),
    "floods the channel in a run": (
        "        for at in range(3, 64):\n            try: os.write(at, b'x' * 99)\n            except OSError: pass",
        "disturbed",
        None,
    ),
}


@needs_linux
@pytest.mark.parametrize(("does", "stopped", "code"), STOPPED.values(), ids=STOPPED)
def test_a_run_that_is_stopped_costs_only_itself(
    trained: Exam, sandbox: Sandbox, does: str, stopped: str, code: str | None
) -> None:
    """It is called after all others, and once more alone; the functions and the other run are what they are."""
    whole = replace(trained, deck=deck_of(*trained.deck.cases, *ordinary(trained)))
    right = sandbox.answer(script(SOLUTION), whole.deck)

    answers = sandbox.answer(solution_but(f"{SIGMOID}{IN_A_RUN}{does}\n{RIGHT_SIGMOID}"), whole.deck)

    xor, line, *others = answers.cases
    assert xor is not None
    assert (xor.stopped, xor.at.get("code")) == (stopped, code)
    assert line is not None
    assert in_bytes(line) == in_bytes(right.cases[1] or CaseAnswer())
    assert [one and one.stopped for one in others] == [""] * len(others)
    assert XOR in answers.alone
    assert answers.written[XOR].state == "written"


COUNTING = "calls = []\ndef add_backward(grad_out, a, b):\n    calls.append(1)\n    raise ValueError(str(len(calls)))\n"


def counts(exam: Exam, cases: tuple[CaseAnswer | None, ...]) -> list[str]:
    """What COUNTING has said, case by case in the order of the deck."""
    return [
        reply.raised["text"]
        for case, answered in zip(exam.deck.cases, cases)
        if answered is not None
        for reply in answered.replies
        if reply.raised is not None and reply.raised["text"].isdigit()
    ]


@needs_linux
def test_a_run_is_called_after_all_functions(trained: Exam, sandbox: Sandbox) -> None:
    """Even where it stands before them in the deck: what it may break, they have behind them."""
    whole = replace(trained, deck=deck_of(*ordinary(trained), *trained.deck.cases))
    turned = replace(trained, deck=deck_of(*trained.deck.cases, *ordinary(trained)))

    last = counts(whole, sandbox.answer(solution_but(COUNTING), whole.deck).cases)
    first = counts(turned, sandbox.answer(solution_but(COUNTING), turned.deck).cases)

    assert last == [str(number + 1) for number in range(len(last))]
    assert first == [last[-1], *last[:-1]]


@needs_linux
def test_who_was_answered_is_not_asked_again(trained: Exam, sandbox: Sandbox) -> None:
    """A run that ends the process leaves the functions before it as they were, each called once."""
    whole = replace(trained, deck=deck_of(*ordinary(trained), *trained.deck.cases))
    ends = f"{COUNTING}def softmax_cross_entropy_backward(*_):\n{IN_A_RUN}        os._exit(0)"

    answers = sandbox.answer(solution_but(ends), whole.deck)

    assert [one and one.stopped for one in answers.cases[-2:]] == ["died", "died"]
    said = counts(whole, answers.cases)
    assert said == [str(number + 1) for number in range(len(said))]
    assert answers.alone == {XOR, LINE}


@pytest.mark.once
@needs_linux
def test_a_run_has_the_time_of_two_calls(trained: Exam) -> None:
    """It is many calls, and none of them may take long."""
    slow = solution_but(f"import time\n{SIGMOID}    time.sleep(1.5 / {STEPS})\n{RIGHT_SIGMOID}")

    for call, stopped in ((1.0, ""), (0.5, "time")):
        with Sandbox(replace(trained.assignment, limits=Limits(call=call))) as sandbox:
            xor, _ = sandbox.answer(slow, trained.deck).cases
        assert xor is not None
        assert xor.stopped == stopped


@needs_linux
def test_a_function_that_was_stopped_is_not_called_in_a_run(trained: Exam, sandbox: Sandbox) -> None:
    """Its loop would be waited for once more in each run."""
    whole = replace(trained, deck=deck_of(*ordinary(trained), *trained.deck.cases))

    answers = sandbox.answer(solution_but(f"{SIGMOID}    while True: pass"), whole.deck)

    assert answers.written["sigmoid_backward"].state == "written"
    assert answers.written[XOR] == Written("needs", {"names": "sigmoid_backward"})
    assert answers.written[LINE] == Written("written")
    assert [one is not None for one in answers.cases[-2:]] == [False, True]


@needs_linux
def test_two_runs_of_one_submission_are_the_same_bytes(trained: Exam, sandbox: Sandbox) -> None:
    """In two workers, whatever its functions do to their arguments."""
    submission = solution_but(f"{SIGMOID}    out *= 1.0 - out\n    grad_out *= out\n    return grad_out")

    first, second = (sandbox.answer(submission, trained.deck).cases for _ in range(2))

    assert [in_bytes(case) for case in first if case] == [in_bytes(case) for case in second if case]


# ---- the instructor's files --------------------------------------------------------------------------------

BROKEN = {
    "an import": (
        "import scipy_of_the_future",
        "training.py of backprop cannot run in a worker: ModuleNotFoundError: No module named 'scipy_of_the_future'.",
    ),
    "no model": (
        "class line:\n    loss = None",
        "training.py of backprop cannot run in a worker: AttributeError: module 'training' has no attribute 'xor'.",
    ),
    "no loss": (
        "class xor: pass\nclass line: pass",
        "training.py of backprop cannot run in a worker: AttributeError: type object 'xor' has no attribute 'loss'.",
    ),
}


@needs_linux
@pytest.mark.parametrize(("source", "message"), BROKEN.values(), ids=BROKEN)
def test_a_training_file_that_cannot_run_in_a_worker_is_nobodys_zero(exam: Exam, source: str, message: str) -> None:
    """Said of the file, before any student's code was looked at."""
    broken = with_training(exam, source)

    with Sandbox(broken.assignment) as sandbox, pytest.raises(SandboxError) as raised:
        sandbox.answer(script(SOLUTION), broken.deck)

    assert str(raised.value) == message


@needs_linux
def test_a_training_file_may_import_the_forward_functions(exam: Exam) -> None:
    """They lie beside each other in the student's folder, too."""
    importing = with_training(exam, f"import forward\nfrom forward import sigmoid\n{TRAINING}")

    with Sandbox(importing.assignment) as sandbox:
        answers = sandbox.answer(script(SOLUTION), importing.deck)

    assert [in_bytes(case) for case in answers.cases if case] == [in_bytes(case) for case in here(importing, "")]


@needs_linux
def test_without_runs_no_training_file_is_needed(exam: Exam) -> None:
    """A class with no training question has none."""
    without = with_training(exam, "import scipy_of_the_future")
    without = replace(without, deck=deck_of(*ordinary(without)))

    with Sandbox(without.assignment) as sandbox:
        answers = sandbox.answer(script(SOLUTION), without.deck)

    assert None not in answers.cases


# ---- hostile runs ------------------------------------------------------------------------------------------


def attacks() -> Iterator[Any]:
    """Each file with what becomes of its run of xor, as its second line says."""
    for file in sorted((SUBMISSIONS / "hostile-runs").glob("*.py")):
        expects = file.read_text(encoding="utf-8").splitlines()[1]
        assert expects.startswith("# expect: "), f"{file.name}: its second line should be `# expect: ENDING`"
        yield pytest.param(file, expects.removeprefix("# expect: "), id=file.stem)


def ending_of(answered: CaseAnswer | None, right: CaseAnswer | None) -> str:
    assert answered is not None
    assert right is not None
    if answered.stopped:
        return f"stopped {answered.stopped}"
    (reply,) = answered.replies
    if reply.raised is not None:
        return f"raised {reply.raised['exception']}"
    return "right" if in_bytes(answered) == in_bytes(right) else "wrong"


@needs_linux
@pytest.mark.parametrize(("file", "ending"), list(attacks()))
def test_an_attack_from_a_run_costs_that_run_and_nothing_else(
    exam: Exam, trained: Exam, sandbox: Sandbox, file: Path, ending: str
) -> None:
    """The functions keep their marks, the other run is right when it is asked alone, and so is the next student."""
    whole = replace(exam, assignment=sandbox.assignment, deck=deck_of(*exam.deck.cases, *trained.deck.cases))
    right = sandbox.answer(script(SOLUTION), whole.deck)

    answers = sandbox.answer(script(file), whole.deck)
    line = sandbox.answer(script(file), whole.deck, only=[LINE])
    report = grade(whole, script(file), sandbox)
    next_one = sandbox.answer(script(SOLUTION), whole.deck)

    assert ending_of(answers.cases[-2], right.cases[-2]) == ending
    assert ending_of(line.cases[-1], right.cases[-1]) == "right"
    assert LINE in line.alone
    assert {question.outcome for question in report.questions} == {Outcome.PASSED}
    assert [ending_of(*pair) for pair in zip(next_one.cases[-2:], right.cases[-2:])] == ["right", "right"]
