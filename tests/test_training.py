"""Training questions: steps by their share, runs by where they go, blame for who is wrong, mercy for who has paid."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answer import answer
from autograder.checks.training import LONGEST_CURVE
from autograder.exams import Exam, make_exam, prepare
from autograder.grading import grade
from autograder.judging import judge, make_report
from autograder.load.assignment import load_assignment
from autograder.records import Answers, CaseAnswer, Outcome, QuestionResult, Report, Submission
from autograder.sandbox.client import Sandbox
from conftest import ROOT, SOLUTIONS, SUBMISSIONS, functions_of

SEEDS = range(200)
TRAINED = ("graph", "bigram", "xor", "language_model")
LEARNING = TRAINED[1:]
RIGHT = [SOLUTIONS / "solution.py", *sorted((SUBMISSIONS / "right").glob("*.py"))]
SOLUTION = functions_of(SOLUTIONS / "solution.py")

Functions = dict[str, Callable[..., Any]]


def answers_of(exam: Exam, functions: Functions) -> Answers:
    return answer(functions, exam.deck, exam.assignment)


def results_of(exam: Exam, functions: Functions) -> dict[str, QuestionResult]:
    return {result.name: result for result in judge(exam, answers_of(exam, functions))}


def report_of(exam: Exam, functions: Functions) -> Report:
    answers = answers_of(exam, functions)
    return make_report(exam, "hw.py", answers, judge(exam, answers))


def with_wrong(question: str, name: str) -> Functions:
    """The solution, with one function of the gallery in place of its own."""
    function = f"{question}_backward"
    return {**SOLUTION, function: functions_of(SOLUTIONS / "wrong" / question / f"{name}.py")[function]}


def scores_of(results: dict[str, QuestionResult], question: str) -> list[int]:
    return [check.score for check in results[question].checks]


# ---- right answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_a_right_submission_trains_whatever_its_style(exam: Exam, file: Path) -> None:
    """Loops or float32, lists or tuples: the parameters go where they should."""
    results = results_of(exam, functions_of(file))

    for question in TRAINED:
        checks = results[question].checks
        assert [(c.name, c.fault, dict(c.facts)) for c in checks if c.outcome is not Outcome.PASSED] == []


@pytest.mark.proof
@pytest.mark.parametrize("part", range(20))
def test_no_right_submission_loses_a_training_point_on_any_seed(part: int) -> None:
    """200 seeds: an unlucky start harms nobody."""
    assignment = load_assignment(str(ROOT / "assignments" / "backprop"))
    training = tuple(question for question in assignment.questions if question.models)
    for seed in SEEDS[part::20]:
        exam = make_exam(replace(assignment, questions=training), seed)
        for file in RIGHT:
            for name, result in results_of(exam, functions_of(file)).items():
                assert result.outcome is Outcome.PASSED, f"{file.stem}, {name}, seed {seed}: {result.checks}"


# ---- wrong ones --------------------------------------------------------------------------------------------


def test_the_share_of_right_steps_is_what_steps_earn(exam: Exam) -> None:
    """Two of the five backward calls of the graphs are additions: a wrong product leaves a share of the points."""
    results = results_of(exam, with_wrong("multiply", "sign"))

    assert scores_of(results, "graph") == [1]
    (check,) = results["graph"].checks
    assert check.facts["counts"] == [["multiply_backward", 0, 3], ["add_backward", 2, 2]]


def test_the_wrong_function_is_blamed_and_no_other(exam: Exam) -> None:
    """Everything else is fine: its steps are right."""
    report = report_of(exam, with_wrong("sigmoid", "tanh-derivative"))
    checks = {q.name: {c.name: c for c in q.checks} for q in report.questions if q.name in LEARNING}

    learning = checks["xor"]["learning"]
    assert learning.fault == "run-bends"
    assert learning.facts["culprits"] == "sigmoid_backward"
    assert learning.message == (
        "Training (exclusive or) leaves the right way in step 1 of 50: the loss ends at "
        f"{learning.facts['loss']:.6g}, expected {learning.facts['expected_loss']:.6g}. Everything else is fine; it is "
        "sigmoid_backward that bends the curve. sigmoid_backward lost its points in a question of its own already. So "
        "this is given by the steps of the other functions, of which 10 of 10 are right."
    )
    assert {check.fault for check in checks["bigram"].values()} == {None}


def test_a_function_that_lost_its_points_costs_no_points_for_learning(exam: Exam) -> None:
    """It pays once: what is left is the share of the right steps of the others."""
    wrong = results_of(exam, with_wrong("sigmoid", "tanh-derivative"))

    assert scores_of(wrong, "xor") == [1, 3]
    assert scores_of(wrong, "language_model")[1] == 3


def test_without_mercy_it_does() -> None:
    """A switch in the assignment."""
    loaded = load_assignment(str(ROOT / "assignments" / "backprop"))
    exam = make_exam(replace(loaded, mercy=False))

    assert scores_of(results_of(exam, with_wrong("sigmoid", "tanh-derivative")), "xor") == [1, 0]


def test_mercy_is_for_what_the_others_do_right(exam: Exam) -> None:
    """Two wrong functions: both have paid, and what remains is judged."""
    functions = {**with_wrong("sigmoid", "tanh-derivative"), "add_backward": with_wrong("add", "sign")["add_backward"]}
    result = results_of(exam, functions)["xor"]

    learning = result.checks[1]
    assert learning.facts["lost"] == "add_backward, sigmoid_backward"
    assert (learning.facts["others_right"], learning.facts["others"], learning.score) == (6, 6, 3)


def test_a_wrong_scale_still_trains_and_is_seen_all_the_same(exam: Exam) -> None:
    """It is only another learning rate, so the loss falls; the parameters are elsewhere."""

    def doubled(*arguments: Any) -> Any:
        return 2.0 * SOLUTION["softmax_cross_entropy_backward"](*arguments)

    result = results_of(exam, {**SOLUTION, "softmax_cross_entropy_backward": doubled})["bigram"]

    learning = result.checks[1]
    assert learning.facts["loss"] < learning.facts["curve"][0]
    assert learning.fault == "run-bends"


def test_right_in_each_step_and_wrong_in_the_run(exam: Exam) -> None:
    """A function that counts its calls is right whenever it is asked alone."""
    calls = []

    def sigmoid_backward(grad_out: Any, out: Any) -> Any:
        calls.append(out.shape == (8, 8))  # the hidden layer
        return grad_out * out * (1.0 - out) * (1.0 if sum(calls) < 10 else 2.0)

    result = next(
        one
        for one in report_of(exam, {**SOLUTION, "sigmoid_backward": sigmoid_backward}).questions
        if one.name == "xor"
    )

    learning = result.checks[1]
    assert (learning.fault, learning.facts.get("culprits")) == ("run-departs", None)
    assert learning.message == (
        f"Training (exclusive or) leaves the right way in step {learning.facts['step']} of 50: the loss ends at "
        f"{learning.facts['loss']:.6g}, expected {learning.facts['expected_loss']:.6g}. "
        "One by one, all steps are right."
    )
    assert learning.hint.startswith("What is different in a run?")


def test_an_exception_ends_the_run_where_it_is(exam: Exam) -> None:
    """The step, the function, and its line; and the curve up to there."""
    calls = []

    def matmul_backward(grad_out: Any, a: Any, b: Any) -> Any:
        calls.append(1)
        if len(calls) > 120:
            raise ValueError("enough")
        return SOLUTION["matmul_backward"](grad_out, a, b)

    report = report_of(exam, {**SOLUTION, "matmul_backward": matmul_backward})
    learning = next(q for q in report.questions if q.name == "xor").checks[1]

    assert learning.fault == "run-raised"
    assert learning.facts["function"] == "matmul_backward"
    assert 0 < len(learning.facts["curve"]) == learning.facts["step"] < 50
    assert learning.message.endswith(": enough.")


def test_what_is_no_gradient_ends_the_run_with_a_sentence(exam: Exam) -> None:
    """The run is about gradients; something else has no place in it."""
    functions = {**SOLUTION, "sigmoid_backward": lambda grad_out, out: (grad_out * out * (1 - out), None)}
    learning = next(q for q in report_of(exam, functions).questions if q.name == "xor").checks[1]

    assert learning.fault == "run-wrong-gradient"
    assert learning.message.startswith(
        "Training (exclusive or) ended in step 1 of 50: what sigmoid_backward returned is no gradient of the shape of "
        "each operand."
    )


def test_numbers_that_are_none_any_more_are_told(exam: Exam) -> None:
    """A gradient that explodes takes the parameters along."""
    functions = {
        **SOLUTION,
        "add_backward": lambda g, a, b: tuple(1e200 * x for x in SOLUTION["add_backward"](g, a, b)),
    }
    learning = next(q for q in report_of(exam, functions).questions if q.name == "xor").checks[1]

    assert learning.fault == "run-not-finite"
    assert learning.message.startswith(
        f"Training (exclusive or): from step {learning.facts['step']} of 50 on the parameters are no numbers any more."
    )


def test_functions_that_are_missing_are_named(exam: Exam) -> None:
    """Nothing to do here but to write them; what is written earns its steps."""
    functions = {name: SOLUTION[name] for name in ("add_backward", "multiply_backward", "matmul_backward")}
    report = report_of(exam, functions)
    xor = next(question for question in report.questions if question.name == "xor")

    assert xor.outcome is Outcome.SKIPPED
    assert [check.message for check in xor.checks] == [
        "This needs softmax_cross_entropy_backward, sigmoid_backward, which cannot be called yet.",
        "This needs softmax_cross_entropy_backward, sigmoid_backward, which cannot be called yet.",
    ]
    assert [check.score for check in xor.checks] == [1, 0]


@pytest.mark.parametrize(
    ("stopped", "message"),
    [
        ("time", "Training (bigram model) took too long and was stopped."),
        ("memory", "Training (bigram model) asked for more than 1024 MiB of memory and was stopped."),
        ("died", "Training (bigram model) ended the process that it ran in."),
        (
            "disturbed",
            "Training (bigram model): while it ran, something else than its result came back, so nothing of it counts.",
        ),
        ("not-called", "Training (bigram model) was not begun: the time for the whole file was up."),
    ],
)
def test_a_run_that_was_stopped_is_told(exam: Exam, stopped: str, message: str) -> None:
    """Why, and what to look for; its steps keep their points."""
    answers = answers_of(exam, SOLUTION)
    number = next(n for n, case in enumerate(exam.deck.cases) if case.run is not None and case.run.model == "bigram")
    cases = (*answers.cases[:number], CaseAnswer(stopped=stopped), *answers.cases[number + 1 :])
    answers = replace(answers, cases=cases)

    report = make_report(exam, "hw.py", answers, judge(exam, answers))

    bigram = next(question for question in report.questions if question.name == "bigram")
    assert (bigram.outcome, [check.score for check in bigram.checks]) == (Outcome.STOPPED, [2, 0])
    assert bigram.checks[1].message == message
    assert bigram.checks[1].facts["expected_curve"]


# ---- what is in the report ---------------------------------------------------------------------------------


def test_the_report_carries_both_curves(exam: Exam) -> None:
    """At the same steps, few enough for every picture."""
    for result in results_of(exam, SOLUTION).values():
        for check in result.checks:
            if check.name == "learning":
                curve, expected = check.facts["curve"], check.facts["expected_curve"]
                assert len(curve) == len(expected) <= LONGEST_CURVE + 1
                assert np.allclose(curve, expected, rtol=1e-9)


def test_every_loss_is_worked_out_by_the_grader(exam: Exam) -> None:
    """A run that returns parameters of its own choice is judged by these, not by what it says of itself."""
    answers = answers_of(exam, SOLUTION)
    number = next(n for n, case in enumerate(exam.deck.cases) if case.run is not None and case.run.model == "bigram")
    forged = answers.cases[number]
    assert forged is not None
    values = tuple(
        replace(value, data=value.data * 0.0) for value in forged.replies[0].values if value.data is not None
    )
    case = replace(forged, replies=(replace(forged.replies[0], values=values),))
    forged_answers = replace(answers, cases=(*answers.cases[:number], case, *answers.cases[number + 1 :]))

    result = next(result for result in judge(exam, forged_answers) if result.name == "bigram")

    assert [check.score for check in result.checks] == [2, 0]
    assert set(np.round(result.checks[1].facts["curve"], 6)) == {round(float(np.log2(5)), 6)}


# ---- through the sandbox, and with a helper that is wrong ----------------------------------------------------

WRONG_HELPER = (SOLUTIONS / "solution.py").read_text(encoding="utf-8").replace(
    "    return grad.sum(axis=stretched, keepdims=True)\n", "    return grad\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def graded() -> Callable[[str], Report]:
    exam = prepare(str(ROOT / "assignments" / "backprop"))

    def grade_source(source: str) -> Report:
        with Sandbox(exam.assignment) as sandbox:
            return grade(exam, Submission("hw.py", "script", source.encode()), sandbox)

    return grade_source


def test_a_wrong_helper_costs_its_own_points_only(graded: Callable[[str], Report]) -> None:
    """add and multiply call unbroadcast: asked once more with a right one, they are right."""
    report = graded(WRONG_HELPER)

    assert {q.name: q.score for q in report.questions if q.score < q.max_score} == {"unbroadcast": 4}
    assert [note.message for note in report.notes] == [
        "add_backward, multiply_backward lost points because of unbroadcast, which lost its own already. So it was "
        "asked once more, with a right unbroadcast in its place, and that counts."
    ]


def test_a_wrong_function_with_a_wrong_helper_stays_wrong(graded: Callable[[str], Report]) -> None:
    """Mercy is for what the helper did."""
    report = graded(WRONG_HELPER.replace("grad_out * b", "-grad_out * b"))
    scores = {question.name: question.score for question in report.questions}

    assert (scores["unbroadcast"], scores["add"], scores["multiply"]) == (4, 8, 3)


def test_the_same_points_with_and_without_a_sandbox(exam: Exam, graded: Callable[[str], Report]) -> None:
    """A run is one more function, wherever it runs."""
    source = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
    wrong = (SOLUTIONS / "wrong" / "sigmoid" / "tanh-derivative.py").read_text(encoding="utf-8")

    report = graded(f"{source}\n{wrong}")

    here = results_of(exam, with_wrong("sigmoid", "tanh-derivative"))
    assert {q.name: q.score for q in report.questions} == {name: result.score for name, result in here.items()}


# ---- what training sees, and whom it blames ------------------------------------------------------------------

ASKED = ("add", "multiply", "sigmoid", "matmul", "softmax_cross_entropy")
WRONG = [file for question in ASKED for file in sorted((SOLUTIONS / "wrong" / question).glob("*.py"))]

SEEN, NAMED = 0.90, 0.95
"""Shares of the wrong functions: those that training must see of all that do something else in it, and those that must
be named of all that are seen."""


def does_something_else(exam: Exam, function: str, wrong: Callable[..., Any]) -> bool:
    """Whether a wrong function ever answers, or changes, something else than the right one while the models train."""
    seen = []

    def watched(*arguments: Any) -> Any:
        lent = copy.deepcopy(arguments)
        right = SOLUTION[function](*arguments)
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                same = all(map(np.allclose, *(listed(returned) for returned in (wrong(*lent), right))))
            same = same and all(map(np.array_equal, lent, arguments))
        except Exception:
            same = False
        seen.append(not same)
        return right

    runs = tuple(case for case in exam.deck.cases if case.run is not None)
    answer({**SOLUTION, function: watched}, replace(exam.deck, cases=runs), exam.assignment)
    return any(seen)


def listed(returned: Any) -> list[Any]:
    return list(returned) if isinstance(returned, (tuple, list)) else [returned]


def blamed(results: dict[str, QuestionResult]) -> set[str]:
    """The functions that a training question names as wrong, in its steps or in its run."""
    names: set[str] = set()
    for question in TRAINED:
        for check in results[question].checks:
            names |= {name for name, right, of in check.facts.get("counts", []) if right < of}
            names |= {str(check.facts["function"])} if check.fault in ("run-raised", "run-wrong-gradient") else set()
    return names


@pytest.mark.proof
@pytest.mark.parametrize("question", ASKED)
def test_training_sees_what_is_wrong_and_blames_nobody_else(
    exam: Exam, question: str, record_property: Callable[[str, object], None]
) -> None:
    """Whatever a wrong function does in these models must show, and only its own name may be said."""
    function, visible, seen, named, unseen = f"{question}_backward", 0, 0, 0, []
    for file in [file for file in WRONG if file.parent.name == question]:
        wrong = functions_of(file)[function]
        results = results_of(exam, {**SOLUTION, function: wrong})
        assert blamed(results) <= {function}, file.stem
        is_seen = any(results[name].score < results[name].max_score for name in TRAINED)
        is_visible = does_something_else(exam, function, functions_of(file)[function])
        visible += is_visible
        seen += is_seen and is_visible
        named += is_seen and function in blamed(results)
        unseen += [file.stem] if not is_seen else []
        assert not is_seen or is_visible or function in blamed(results), file.stem
    files = [file for file in WRONG if file.parent.name == question]
    record_property(
        f"wrong {question} in training",
        f"{seen} of {visible} seen that do something else there (of {len(files)}), {named} named; not seen: {unseen}",
    )

    assert seen >= SEEN * visible
    assert named >= NAMED * seen
