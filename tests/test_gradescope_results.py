"""Our own results in a Gradescope export, read back: the same scores and mistakes, and nothing else believed."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.answer import answer
from autograder.errors import UsageError
from autograder.exams import Exam
from autograder.gradebook import Student
from autograder.judging import error_report, judge, make_report, unreadable_report
from autograder.load.gradescope_results import GradescopeResults, is_gradescope_export, read_gradescope_results
from autograder.records import Note, Report
from autograder.render.feedback import load_gradescope_words, load_screen_words
from autograder.render.gradescope import Attempt, gradescope_results, unfinished_results
from conftest import SOLUTIONS, functions_of

WORDS, SCREEN = load_gradescope_words("en"), load_screen_words("en")


@pytest.fixture(scope="module")
def report(exam: Exam) -> Report:
    functions = functions_of(SOLUTIONS / "solution.py")
    functions |= functions_of(SOLUTIONS / "wrong" / "add" / "no-unbroadcast.py")
    answers = answer(functions, exam.deck, exam.assignment)
    return make_report(exam, "hw.py", answers, judge(exam, answers))


def results_of(exam: Exam, report: Report) -> dict[str, Any]:
    attempt = Attempt(1, {"files": "active"}, 1.5, exam.assignment.version, exam.assignment.name)
    return gradescope_results(report, attempt, WORDS, SCREEN)


def submission(results: Any, name: str = "Ada Example", **more: Any) -> dict[str, Any]:
    return {
        ":submitters": [{":name": name, ":sid": "4711", ":email": "ada@example.edu"}],
        ":created_at": "2026-11-23 17:00:00 Z",
        ":score": 1.0,
        ":results": results,
        **more,
    }


def read(exam: Exam, folder: Path, document: Any, packed: bool = True) -> GradescopeResults:
    inside = folder / "assignment_12_export"
    inside.mkdir()
    (inside / "submission_metadata.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    path = inside
    if packed:
        path = folder / "export.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(inside / "submission_metadata.yml", "assignment_12_export/submission_metadata.yml")
    assert is_gradescope_export(path)
    return read_gradescope_results(
        path, exam.assignment, lambda question, id: exam.catalogue.words_of_mistake(id, question) is not None
    )


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_what_was_graded_comes_back(exam: Exam, report: Report, tmp_path: Path, packed: bool) -> None:
    """Scores, outcomes, mistakes and faults are those of the report; facts and messages stay behind."""
    found = read(exam, tmp_path, {"submission_7": submission(results_of(exam, report))}, packed)
    (entry,) = found.entries

    assert found.remarks == ()
    assert found.layers == {"files": "active"}
    assert found.students == (Student("4711", "Ada Example", "ada@example.edu"),)
    assert (entry.handin.name, entry.handin.submitted) == ("submission_7", "2026-11-23T17:00:00+00:00")
    assert (entry.report.score, entry.report.max_score) == (report.score, report.max_score)
    assert "no-unbroadcast" in [id for question in entry.report.questions for id in question.misconceptions]
    for back, question in zip(entry.report.questions, report.questions, strict=True):
        assert (back.name, back.function, back.outcome, back.score, back.max_score, back.misconceptions) == (
            question.name,
            question.function,
            question.outcome,
            question.score,
            question.max_score,
            question.misconceptions,
        )
        assert [(c.name, c.outcome, c.score, c.max_score, c.fault) for c in back.checks] == [
            (c.name, c.outcome, c.score, c.max_score, c.fault) for c in question.checks
        ]


def test_attempts_count_from_the_first(exam: Exam, report: Report, tmp_path: Path) -> None:
    """Of the earlier ones, those that still have their results are there; the last one has the plain name."""
    results = results_of(exam, report)
    history = [
        {":created_at": "2026-11-22 08:00:00 Z", ":score": 3.0, ":results": results},
        {":created_at": "2026-11-21 08:00:00 Z", ":score": 1.0},
    ]
    found = read(exam, tmp_path, {"submission_7": submission(results, **{":history": history})})

    assert [(one.handin.name, one.handin.attempt) for one in found.entries] == [
        ("submission_7/2", 2),
        ("submission_7", 3),
    ]


def test_who_was_not_graded_is_told_apart(exam: Exam, tmp_path: Path) -> None:
    """A file that cannot be read has 0 points; a fault of the grader has none."""
    unreadable = results_of(exam, unreadable_report(exam, "hw.ipynb", Note("is-pdf", {"kind": "notebook"})))
    document = {
        "submission_1": submission(unreadable),
        "submission_2": submission(results_of(exam, error_report(exam, "hw.py", Note("grader-fault", {"text": "x"})))),
        "submission_10": submission(unfinished_results(WORDS)),
    }
    found = read(exam, tmp_path, document)

    assert [(one.handin.name, one.report.outcome.value, one.report.score) for one in found.entries] == [
        ("submission_1", "unreadable", 0),
        ("submission_2", "error", None),
        ("submission_10", "error", None),
    ]
    (note,) = found.entries[0].report.notes
    assert note.fault == "is-pdf"
    assert note.message.startswith("This file is a PDF")


def test_a_group_and_a_nameless_one(exam: Exam, report: Report, tmp_path: Path) -> None:
    """Each member is a student; who has neither number nor address goes by the submission; names may be shown."""
    results = results_of(exam, report)
    group = submission(results, **{":submitters": [{":name": "Ada\x1b[31m", ":sid": "1"}, {":name": "Bob"}]})
    found = read(exam, tmp_path, {"submission_1": group, "submission_2": submission(results, **{":submitters": []})})

    assert found.students == (
        Student("1", "Ada�[31m"),
        Student("submission_1-2", "Bob"),
        Student("submission_2"),
    )


def test_another_version_is_told_once(exam: Exam, report: Report, tmp_path: Path) -> None:
    """Where all points and names still fit, a word may have been changed; the instructor should know."""
    results = copy.deepcopy(results_of(exam, report))
    results["extra_data"]["version"] = "0.9"
    found = read(exam, tmp_path, {f"submission_{number}": submission(results) for number in (1, 2)})

    assert len(found.entries) == 2
    assert found.remarks == ("2 of 2 results are of version 0.9, and this is 1.0.",)


def in_extra(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda results: results["extra_data"].update(changes)


def in_test(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda results: results["tests"][0].update(changes)


def in_question(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda results: results["tests"][0]["extra_data"].update(changes)


NOT_BELIEVED = [
    pytest.param(in_extra(schema="other"), "passed over, its result is not one of this grader", id="another grader"),
    pytest.param(in_extra(assignment="cnn"), "passed over, it was graded as 'cnn'", id="another assignment"),
    pytest.param(in_extra(score=99), "passed over, its points do not add up", id="sum"),
    pytest.param(in_extra(score=True), "passed over, its score is no number from 0 to 100", id="no number"),
    pytest.param(in_extra(outcome="great"), "passed over, its outcome is none of ours", id="outcome"),
    pytest.param(in_extra(flags=["<b>"]), "passed over, its flags are no names of ours", id="markup"),
    pytest.param(in_test(name="x"), "passed over, its questions are not those of the assignment", id="question"),
    pytest.param(in_test(score=10**9), "passed over, its score of unbroadcast is no number from 0 to 6", id="too many"),
    pytest.param(
        in_question(misconceptions=["made-up"]), "passed over, nobody knows the mistake made-up in unbroadcast", id="id"
    ),
    pytest.param(
        in_question(checks={"runs": [1, 1, "passed"]}), "passed over, its check runs of unbroadcast is none", id="row"
    ),
    pytest.param(
        in_question(checks={"x": []}),
        "passed over, its checks of unbroadcast are not those of the assignment",
        id="family",
    ),
]


@pytest.mark.parametrize(("change", "why"), NOT_BELIEVED)
def test_what_is_not_believed(
    exam: Exam, report: Report, tmp_path: Path, change: Callable[[dict[str, Any]], None], why: str
) -> None:
    """One changed value, one remark that says so, and no entry; the student stays known."""
    results = copy.deepcopy(results_of(exam, report))
    change(results)
    found = read(exam, tmp_path, {"submission_7": submission(results)})

    assert found.entries == ()
    assert found.remarks == (f"submission_7 (Ada Example): {why}.",)
    assert len(found.students) == 1


def test_what_is_no_export_says_what_is_wanted(exam: Exam, tmp_path: Path) -> None:
    """A folder of notebooks is for another command."""
    with pytest.raises(UsageError) as refused:
        read_gradescope_results(tmp_path, exam.assignment, lambda question, id: True)

    assert not is_gradescope_export(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: no Gradescope export: it has no submission_metadata.yml.\n"
        "  wanted  the zip of Assignment, Review Grades, Export Submissions, or its folder\n"
        "  For files to be graded, use grader grade."
    )


def test_a_broken_table_is_refused_whole(exam: Exam, tmp_path: Path) -> None:
    """It says why."""
    (tmp_path / "submission_metadata.yml").write_text("a: &a [*a]")
    with pytest.raises(UsageError) as refused:
        read_gradescope_results(tmp_path, exam.assignment, lambda question, id: True)

    assert str(refused.value) == (
        f"{tmp_path}: its submission_metadata.yml cannot be read: it refers to &a from within or before it."
    )
