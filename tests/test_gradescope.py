"""What goes to Gradescope: the results of a report, and the zip."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.answer import answer
from autograder.errors import UsageError
from autograder.exams import Exam
from autograder.gradescope.bundle import make_gradescope_zip
from autograder.gradescope.container import attempt_number
from autograder.gradescope.results import MOST_BYTES, NoResult, write_results
from autograder.gradescope.settings import Settings, read_settings
from autograder.gradescope.tryout import rehearse
from autograder.judging import error_report, judge, make_report, unreadable_report
from autograder.records import CheckResult, Note, Outcome, QuestionResult, Report, ReportOutcome
from autograder.render.feedback import LANGUAGES, load_gradescope_words, load_screen_words
from autograder.render.gradescope import Attempt, gradescope_results, unfinished_results
from conftest import SOLUTIONS, functions_of

WORDS, SCREEN = load_gradescope_words("en"), load_screen_words("en")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def results_of(report: Report, attempt: Attempt | None = None, is_final: bool = True) -> dict[str, Any]:
    return gradescope_results(report, attempt or Attempt(), WORDS, SCREEN, is_final)


def report_on(exam: Exam, *files: Path) -> Report:
    functions = {name: function for file in files for name, function in functions_of(file).items()}
    answers = answer(functions, exam.deck, exam.assignment)
    return make_report(exam, "hw.py", answers, judge(exam, answers))


def a_question(**changes: Any) -> QuestionResult:
    check = CheckResult("runs", Outcome.FAILED, 0, 2, "shape", {}, "The shape is another one.", "Which axis?")
    question = QuestionResult("add", "add_backward", Outcome.FAILED, 0, 2, "visible", ("sign",), (check,))
    return replace(question, **changes)


def a_report(*questions: QuestionResult, **changes: Any) -> Report:
    score, most = (sum(getattr(one, key) for one in questions) for key in ("score", "max_score"))
    report = Report("hw.py", ReportOutcome.GRADED, score, most, 3, (), (), questions)
    return replace(report, **changes)


def test_a_report_is_one_test_a_question() -> None:
    """The whole document, as the platform gets it."""
    attempt = Attempt(2, {"files": "active"}, 1.234, "1.0", "backprop")
    note = Note("syntax-error", {}, "A line cannot be read.")

    assert results_of(a_report(a_question(), flags=("complex-step",), notes=(note,)), attempt) == {
        "score": 0,
        "execution_time": 1.23,
        "output": "**0 of 2 points** (attempt 2)\n\nNext: **add**.\n\n```\nA line cannot be read.\n```",
        "output_format": "md",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "number": "1",
                "name": "add",
                "score": 0,
                "max_score": 2,
                "status": "failed",
                "output": "```\n✗ add   Not yet   0 / 2\n    The shape is another one.\n    Next  Which axis?\n"
                "    runs 0/2\n```",
                "output_format": "md",
                "visibility": "visible",
                "tags": ["add", "sign"],
                "extra_data": {
                    "outcome": "failed",
                    "function": "add_backward",
                    "misconceptions": ["sign"],
                    "checks": {"runs": [0, 2, "failed", "shape"]},
                },
            }
        ],
        "extra_data": {
            "schema": "grader/gradescope/v1",
            "outcome": "graded",
            "score": 0,
            "max_score": 2,
            "assignment": "backprop",
            "version": "1.0",
            "deck": 3,
            "flags": ["complex-step"],
            "notes": [["syntax-error", "A line cannot be read."]],
            "layers": {"files": "active"},
            "seconds": 1.23,
        },
    }


def test_what_is_shown_later_is_announced() -> None:
    """Where a question is hidden, the platform shows no sum; the student is told why, and not sent to that question."""
    told = results_of(a_report(a_question(visibility="after_published"), a_question(name="multiply")))

    assert told["output"] == (
        "Attempt 1. What some questions earn is shown later, so there is no sum yet.\n\nNext: **multiply**."
    )
    assert [test["visibility"] for test in told["tests"]] == ["after_published", "visible"]


def test_a_fault_of_ours_is_told_as_ours(exam: Exam) -> None:
    """There is no test that could be taken for the student's, and the score is said to mean nothing."""
    told = results_of(error_report(exam, "hw.py", Note("grader-fault", {"text": "KeyError: 3"})))

    assert told["tests"] == []
    assert told["extra_data"]["outcome"] == "error"
    assert told["output"].startswith("**The grader failed, and this is not your fault.** These 0 points say nothing")


def test_a_file_that_cannot_be_read_has_its_reason(exam: Exam) -> None:
    """0 points, and the sentence that says what to do."""
    told = results_of(unreadable_report(exam, "hw.ipynb", Note("is-pdf", {"kind": "notebook"})))

    assert told["output"].startswith("**0 of 100 points** (attempt 1)\n\n```\nThis file is a PDF")
    assert told["extra_data"]["outcome"] == "unreadable"


def test_a_report_on_a_part_says_that_it_is_one() -> None:
    """It stands there while the rest is still being asked, and stays where the grader ends early."""
    told = results_of(a_report(a_question()), is_final=False)

    assert told["output"].startswith("**The grader did not get to the end.** What stands below")
    assert told["extra_data"]["outcome"] == "unfinished"


def test_points_on_a_leaderboard_are_asked_for() -> None:
    """Off, unless the instructor wants it."""
    report = a_report(a_question())

    assert "leaderboard" not in results_of(report)
    assert results_of(report, Attempt(with_leaderboard=True))["leaderboard"] == [
        {"name": "Points", "value": 0, "order": "desc"}
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("```\n# headline\n<script>alert(1)</script>", id="ends-the-fence"),
        pytest.param("`````` and ```", id="longer-fences"),
        pytest.param("\x1b[2J\x07\x00", id="control-characters"),
    ],
)
def test_what_a_student_wrote_stays_inside_its_fence(hostile: str) -> None:
    """Markdown of theirs is text, and a terminal that shows it obeys nothing."""
    check = CheckResult("runs", Outcome.FAILED, 0, 2, "raised", {}, hostile, "")
    (test,) = results_of(a_report(a_question(checks=(check,))))["tests"]

    fence, *inside, end = test["output"].split("\n")
    assert fence == end
    assert not any(line.strip().startswith(fence) for line in inside)
    assert all(letter.isprintable() or letter == "\n" for letter in test["output"])


def test_an_endless_text_is_cut() -> None:
    """The platform takes no more than a megabyte."""
    check = CheckResult("runs", Outcome.FAILED, 0, 2, "raised", {}, "word " * 10_000, "")
    (test,) = results_of(a_report(a_question(checks=(check,))))["tests"]

    assert len(test["output"]) < 21_000
    assert test["output"].endswith("\n(cut here: too long)\n```")


# ---- results.json ------------------------------------------------------------------------------------------


def test_every_wrong_example_makes_results_that_the_schema_takes(exam: Exam, tmp_path: Path) -> None:
    """A sample of the gallery, each alone: no NaN, no number out of place, never a megabyte."""
    for file in sorted((SOLUTIONS / "wrong").glob("*/*.py"))[::40]:
        write_results(results_of(report_on(exam, SOLUTIONS / "solution.py", file)), tmp_path / "results.json")
        left = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
        assert left["score"] == sum(test["score"] for test in left["tests"]) < 100, file


@pytest.mark.parametrize("reason", ["unfinished", "memory", "time", "ours"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_there_before_is_a_result_too(tmp_path: Path, language: str, reason: str) -> None:
    """In every language, for every reason."""
    write_results(unfinished_results(load_gradescope_words(language), reason), tmp_path / "results.json")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"score": float("nan")}, "score", id="nan"),
        pytest.param({"score": -1}, "data.score must be bigger than or equal to 0", id="negative"),
        pytest.param({"socre": 3}, "must not contain {'socre'} properties", id="unknown-key"),
        pytest.param({"output": ""}, "data.output must be longer than or equal to 1 characters", id="empty"),
        pytest.param(
            {"tests": [{"number": "1", "name": "x" * MOST_BYTES}]}, "must contain", id="a-test-without-points"
        ),
    ],
)
def test_what_is_no_result_is_not_written(tmp_path: Path, change: Mapping[str, Any], told: str) -> None:
    """What stood there before stays."""
    file = tmp_path / "results.json"
    write_results(unfinished_results(WORDS), file)
    before = file.read_bytes()

    with pytest.raises(NoResult, match=re.escape(told)):
        write_results({**unfinished_results(WORDS), **change}, file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("metadata", "number"),
    [
        pytest.param('{"previous_submissions": []}', 1, id="first"),
        pytest.param('{"previous_submissions": [{}, {}]}', 3, id="third"),
        pytest.param("{}", 1, id="nothing-said"),
        pytest.param("no JSON", 1, id="broken"),
        pytest.param(None, 1, id="no-file"),
    ],
)
def test_the_attempt_is_counted(tmp_path: Path, metadata: str | None, number: int) -> None:
    """A platform that says less costs nobody a grade."""
    if metadata is not None:
        (tmp_path / "metadata.json").write_text(metadata)

    assert attempt_number(tmp_path / "metadata.json") == number


# ---- the zip -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(exam: Exam, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_gradescope_zip(
        exam.assignment, Settings("backprop", 5), tmp_path_factory.mktemp("zip") / "autograder.zip", [HERE], True
    ).path


def test_the_same_choices_make_the_same_zip(exam: Exam, archive: Path, tmp_path: Path) -> None:
    """Byte for byte, so that whoever has both knows that nothing changed."""
    again = make_gradescope_zip(exam.assignment, Settings("backprop", 5), tmp_path / "again.zip", [HERE], True).path

    assert again.read_bytes() == archive.read_bytes()


def test_no_solution_and_no_expected_value_is_in_the_zip(archive: Path) -> None:
    """Whoever gets hold of it finds what students have already, and a seed."""
    solution = [line.strip() for line in (SOLUTIONS / "solution.py").read_text(encoding="utf-8").splitlines()]
    formulas = [line for line in solution if line.startswith("return") and len(line) > 20]
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        texts = {name: packed.read(name).decode("utf-8") for name in names if name.endswith((".py", ".toml", ".json"))}

    assert {name.split("/")[0] for name in names} == {
        *("assignments", "install.py", "package", "requirements.txt", "run_autograder", "settings.json", "setup.sh"),
        *("start.py", "unfinished.json"),
    }
    assert len(formulas) > 5
    own = {name: text for name, text in texts.items() if "/words/mistakes/" not in name}  # there, last hints show code
    assert not [(name, line) for name, text in own.items() for line in formulas if line in text]
    assert not [name for name in names if name.endswith((".exam", ".npz", ".npy"))]


def test_the_scripts_can_be_run_and_name_no_machine(archive: Path) -> None:
    """The platform runs `run_autograder` as it is."""
    with zipfile.ZipFile(archive) as packed:
        for name in ("setup.sh", "run_autograder"):
            assert packed.getinfo(name).external_attr >> 16 & 0o777 == 0o755
            assert packed.read(name).startswith(b"#!/usr/bin/env bash\n")


def test_the_settings_come_back(tmp_path: Path) -> None:
    """What was chosen is what is read in the container."""
    settings = Settings("backprop", 7, leaderboard=True)
    (tmp_path / "settings.json").write_text(settings.to_text())

    assert read_settings(tmp_path) == settings


@pytest.mark.parametrize(
    ("members", "told"),
    [
        pytest.param(None, "hw.zip: this is no zip that can be read (File is not a zip file).", id="no-zip"),
        pytest.param(
            {"hw.py": ""},
            "hw.zip: there is no setup.sh in it. Make one with: grader gradescope zip",
            id="another-zip",
        ),
        pytest.param(
            {"wheels/3.99/numpy.whl": "", "setup.sh": "", "run_autograder": ""},
            f"hw.zip has packages for Python 3.99, and no such Python was found on this machine. To try it here, make "
            f"one for both: grader gradescope zip --python 3.99,{HERE}",
            id="packages-for-another-python",
        ),
        pytest.param(
            {"setup.sh": "", "run_autograder": ""},
            "hw.zip was made with --thin: its packages come from the index when the image is built, and this rehearsal "
            "has no network. Let it use one: grader gradescope try --with-network",
            id="thin-without-a-network",
        ),
    ],
)
def test_what_cannot_be_tried_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: Mapping[str, str] | None, told: str
) -> None:
    """Before anything is built."""
    monkeypatch.chdir(tmp_path)
    archive = Path("hw.zip")
    if members is None:
        archive.write_text("no zip")
    else:
        with zipfile.ZipFile(archive, "w") as packed:
            for name, text in members.items():
                packed.writestr(name, text)

    with pytest.raises(UsageError) as raised, rehearse(archive):
        pass
    assert str(raised.value) == told
