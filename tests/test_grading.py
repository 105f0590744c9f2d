"""One submission's whole way: bytes in, a report out, the same bytes every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from autograder.batch import grade_many
from autograder.exams import Exam, Exams, make_exam, make_further_exam, prepare, with_helpers, with_one_question
from autograder.grading import grade
from autograder.load.layouts import Found, find_submissions, load_submission
from autograder.records import (
    Outcome,
    Report,
    ReportOutcome,
    Results,
    Submission,
    from_json,
    report_to_json,
    to_json,
)
from autograder.release.handout import notebook_of
from autograder.sandbox.client import Sandbox
from conftest import ROOT, SOLUTIONS, SUBMISSIONS

HANDOUT = ROOT / "assignments" / "backprop"
SAMPLE = [
    SOLUTIONS / "solution.py",
    SUBMISSIONS / "right" / "plain-loops.py",
    SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py",
    SOLUTIONS / "wrong" / "sigmoid" / "no-upstream.py",
    SOLUTIONS / "wrong" / "softmax_cross_entropy" / "not-mean.py",
    HANDOUT / "backprop.py",
    HANDOUT / "backprop.ipynb",
]


@pytest.fixture(scope="module")
def sandbox(exam: Exam) -> Iterator[Sandbox]:
    with Sandbox(exam.assignment) as sandbox:
        yield sandbox


def script(source: str | Path, name: str = "hw.py") -> Submission:
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    return Submission(name, "script", text.encode())


def outcomes(report: Report) -> dict[str, Outcome]:
    return {question.name: question.outcome for question in report.questions}


def as_bytes(report: Report) -> bytes:
    return json.dumps(report_to_json(report)).encode()


RIGHT = sorted((SUBMISSIONS / "right").glob("*.py"))


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_a_right_submission_earns_everything_in_the_worker_too(exam: Exam, sandbox: Sandbox, file: Path) -> None:
    """What passes in our own process passes in the sandbox: nothing that an honest student uses is missing there."""
    report = grade(exam, script(file), sandbox)

    assert report.score == report.max_score == 100, [q for q in report.questions if q.outcome is not Outcome.PASSED]
    assert report.flags == ()


@pytest.mark.parametrize("kind", ["py", "ipynb"])
def test_the_untouched_handout_earns_nothing(exam: Exam, sandbox: Sandbox, kind: str) -> None:
    """Stubs are not started, which is not the same as wrong."""
    (found,) = find_submissions([HANDOUT / f"backprop.{kind}"])
    submission = load_submission(found)
    assert isinstance(submission, Submission)

    report = grade(exam, submission, sandbox)

    assert report.score == 0
    assert set(outcomes(report).values()) == {Outcome.NOT_STARTED, Outcome.SKIPPED}


def test_the_solution_as_a_notebook_earns_the_same(exam: Exam, sandbox: Sandbox) -> None:
    """Script and notebook are two wrappings of one text."""
    notebook = notebook_of(f"# %%\n{(SOLUTIONS / 'solution.py').read_text(encoding='utf-8')}")

    report = grade(exam, Submission("hw.ipynb", "notebook", notebook.encode()), sandbox)

    assert report.score == 100


def test_complex_step_is_flagged_from_the_source(exam: Exam, sandbox: Sandbox) -> None:
    """Exact to the last digit, so only the complex numbers in the source tell."""
    report = grade(exam, script(SUBMISSIONS / "flagged" / "complex-step.py"), sandbox)

    assert report.flags == ("calls-forward", "complex-step")
    assert next(question for question in report.questions if question.name == "multiply").score == 12


def test_a_report_is_the_same_alone_and_in_a_class_and_in_any_order(exam: Exam) -> None:
    """Same submission, seed and version: the same bytes, whoever was graded before."""
    found = [Found(str(number), path) for number, path in enumerate(SAMPLE)]
    shuffled = random.Random(3).sample(found, len(found))

    in_order = {report.submission: as_bytes(report) for report in grade_many(exam, found, jobs=2)}
    in_disorder = {report.submission: as_bytes(report) for report in grade_many(exam, shuffled, jobs=1)}
    alone = {one.name: as_bytes(next(iter(grade_many(exam, [one])))) for one in found[:3]}

    assert in_order == in_disorder
    assert alone.items() <= in_order.items()


def test_another_seed_draws_other_inputs_and_gives_the_same_score(sandbox: Sandbox) -> None:
    """A seed decides the numbers in a sentence, never the points of a right or a wrong idea."""
    for seed in (5, 6):
        exam = prepare(str(HANDOUT), seed)
        report = grade(exam, script(SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py"), sandbox)
        assert report.score == 12 - 5 - 1 + 2  # the products of the graphs are right


def test_a_further_deck_has_other_numbers_and_gives_the_same_score(exam: Exam, sandbox: Sandbox) -> None:
    """Whoever has seen one deck knows no number of the next one; what is asked is the same."""
    further = make_further_exam(exam, 1)
    submission = script(SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py")

    first, second = grade(exam, submission, sandbox), grade(further, submission, sandbox)

    assert (first.deck, second.deck) == (0, 1)
    assert first.score == second.score
    assert [case.family for case in further.deck.cases] == [case.family for case in exam.deck.cases]
    for one, other in zip(exam.deck.cases, further.deck.cases):
        if one.question != "graph":  # the graphs of the lecture have numbers of their own
            assert any(a.grad_out.tobytes() != b.grad_out.tobytes() for a, b in zip(one.calls, other.calls)) or any(
                a.values.tobytes() != b.values.tobytes()
                for a, b in zip(one.calls[0].arguments, other.calls[0].arguments)
            ), one.words


def test_a_further_deck_is_that_of_its_number(exam: Exam) -> None:
    """Drawn beside the first one or by itself: the same numbers and the same answers."""
    further = make_further_exam(exam, 3)
    alone = make_exam(exam.assignment, exam.deck.seed, index=3)

    assert further.reference.expected.tobytes() == alone.reference.expected.tobytes()
    assert further.reference.argument_bytes == alone.reference.argument_bytes
    assert further.reference.expected.tobytes() != exam.reference.expected.tobytes()


def test_deck_number_0_is_the_deck(exam: Exam) -> None:
    """So a report from before there were several is still what it was."""
    assert make_further_exam(exam, 0).reference.argument_bytes == exam.reference.argument_bytes


def test_a_class_graded_by_two_jobs_comes_back_in_order(exam: Exam) -> None:
    """Reports come in the order in which the submissions were given, slow ones too."""
    found = [Found(f"{number:02}", path) for number, path in enumerate(SAMPLE)]

    assert [report.submission for report in grade_many(exam, found, jobs=2)] == [one.name for one in found]


def test_results_go_to_json_and_back_and_fit_the_schema(exam: Exam) -> None:
    """The public format: versioned, described by a schema file, and nothing is lost on the way."""
    reports = tuple(grade_many(exam, [Found(path.name, path) for path in SAMPLE]))
    results = Results(
        "backprop", "1.0", exam.deck.seed, dict.fromkeys(("files", "net", "proc", "mem"), "active"), 1.5, reports
    )

    document = json.loads(json.dumps(to_json(results), allow_nan=False))

    schema = json.loads((ROOT / "autograder" / "results.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert from_json(document) == results


def test_a_format_of_another_version_is_refused() -> None:
    """Nobody reads a document of tomorrow as if it were of today."""
    with pytest.raises(ValueError, match="schema is 'grader/results/v2', not 'grader/results/v1'"):
        from_json({"schema": "grader/results/v2"})


def test_a_fault_of_ours_has_no_score_and_the_class_goes_on(exam: Exam) -> None:
    """A broken grader is never silently the student's zero."""
    from dataclasses import replace

    broken = replace(exam, reference=replace(exam.reference, starts=exam.reference.starts[:-1]))
    found = [Found("ada.py", SAMPLE[0]), Found("bob.txt", ROOT / "LICENSE")]

    ada, _ = grade_many(broken, [found[0], Found("eve.py", SAMPLE[0])])

    assert ada.outcome is ReportOutcome.ERROR
    assert ada.score is None
    assert ada.notes[0].message.startswith("The grader failed on this submission: ValueError: ")
    assert ada.notes[0].message.endswith("This is our fault, not the student's. It has no score; grade it again.")


@pytest.mark.proof
def test_every_wrong_file_loses_the_same_in_the_worker_as_in_process(exam: Exam) -> None:
    """One staircase: where the functions live makes no difference to the verdict."""
    from autograder.answer import answer
    from autograder.judging import judge
    from conftest import functions_of

    files = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
    found = [Found(f"{file.parent.name}/{file.stem}", file) for file in files]
    for file, report in zip(files, grade_many(exam, found)):
        here = {r.name: r for r in judge(exam, answer(functions_of(file), exam.deck, exam.assignment))}[
            file.parent.name
        ]
        there = {question.name: question for question in report.questions}[file.parent.name]
        assert {c.name: c.outcome for c in here.checks} == {c.name: c.outcome for c in there.checks}, file


# ---- decks of a class --------------------------------------------------------------------------------------


def test_a_submission_is_asked_the_same_again_and_another_one_something_else(exam: Exam) -> None:
    """One of sixteen decks, by HMAC of seed and source: it can be repeated, and not be chosen."""
    submissions = [Submission("hw.py", "script", f"# {number}".encode()) for number in range(400)]

    chosen = [Exams(exam.assignment, seed=1).index_of(one) for one in submissions]

    assert chosen == [Exams(exam.assignment, seed=1).index_of(one) for one in submissions]
    assert set(chosen) == set(range(16))
    assert chosen != [Exams(exam.assignment, seed=2).index_of(one) for one in submissions]


def test_a_deck_is_made_once_and_is_that_of_its_number(exam: Exam) -> None:
    """Whoever comes first, the deck with this number holds the same."""
    one, other = (Submission("hw.py", "script", text) for text in (b"# 1", b"# 2"))
    loaded = with_one_question(exam.assignment, "add")
    exams, backwards = Exams(loaded, 1), Exams(loaded, 1)
    backwards.of(other)

    assert exams.of(one) is exams.of(one)
    assert exams.of(one).deck.index == exams.index_of(one) != exams.index_of(other)
    assert exams.of(one).reference.expected.tobytes() == backwards.of(one).reference.expected.tobytes()


def test_one_question_alone_earns_what_it_earns_among_all(exam: Exam) -> None:
    """A helper that lost its points is lent there, too, though only the one question is shown."""
    source = (SOLUTIONS / "solution.py").read_bytes() + b"\n\ndef unbroadcast(grad, shape):\n    return grad.sum()\n"
    submission = Submission("hw.py", "script", source)
    alone = make_exam(with_helpers(exam.assignment, "add"), shown="add")
    with Sandbox(exam.assignment) as sandbox:
        everything = grade(exam, submission, sandbox)
    with Sandbox(alone.assignment) as sandbox:
        (add,) = grade(alone, submission, sandbox).questions

    assert add.score == next(question.score for question in everything.questions if question.name == "add") == 8
