"""The card of a question in HTML: what is on it, that a notebook keeps all of it, and that nothing in it can act."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Page

from autograder.answer import answer
from autograder.exams import Exam
from autograder.judging import judge, make_report
from autograder.records import CheckResult, Outcome, QuestionResult
from autograder.render.feedback import LANGUAGES, load_screen_words
from autograder.render.heat_table import MOST, grid_of, heat_table, short, telling_digits, top_of, view_of
from autograder.render.html_card import card_html
from autograder.render.html_style import COLOURS, RED
from autograder.render.markup import Markup, element
from autograder.render.shades import contrast, ink_on, shade
from autograder.render.told import Told, told_of
from conftest import SOLUTIONS, exam_of_functions, functions_of, one_in

WORDS = load_screen_words("en")
GALLERY = sorted((SOLUTIONS / "wrong").glob("*/*.py"))
SOLUTION = functions_of(SOLUTIONS / "solution.py")

Functions = dict[str, Callable[..., Any]]


@pytest.fixture(scope="module")
def functions_exam() -> Exam:
    return exam_of_functions(2026)


def result_of(exam: Exam, name: str, functions: Functions) -> QuestionResult:
    """One question of the report on these functions, called in this process."""
    answers = answer({**SOLUTION, **functions}, exam.deck, exam.assignment)
    report = make_report(exam, "hw.py", answers, judge(exam, answers))
    return next(question for question in report.questions if question.name == name)


def wrong(question: str, name: str) -> Functions:
    """The functions of an example of the gallery."""
    return functions_of(SOLUTIONS / "wrong" / question / f"{name}.py")


def question_with(outcome: Outcome, **facts: Any) -> QuestionResult:
    """A question with one check, as little as there can be."""
    fault = facts.pop("fault", None)
    message, hint = facts.pop("message", ""), facts.pop("hint", "")
    score = 2 if outcome is Outcome.PASSED else 0
    check = CheckResult("runs", outcome, score, 2, fault=fault, facts=facts, message=message, hint=hint)
    return QuestionResult("add", "add_backward", outcome, score, 2, "visible", (), (check,))


# ---- whole cards -------------------------------------------------------------------------------------------

FRAME = (
    "border:1px solid rgba(127,127,127,0.4);border-left:6px solid {};border-radius:8px;padding:10px 16px;"
    "max-width:720px;margin:4px 0;font-family:system-ui,sans-serif;font-size:14px;line-height:1.5"
)
PILL = "background-color:{};color:#ffffff;border-radius:12px;padding:2px 10px;font-weight:700;white-space:nowrap"
CODE = (
    "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12.5px;background-color:rgba(127,127,127,0.14);"
    "color:inherit;border-radius:4px;padding:1px 4px"
)
HEAD = (
    '<div style="{frame}"><div><span style="float:right;font-weight:700">{points} / 2 points</span>'
    '<span style="{pill}">{status}</span><b style="margin-left:10px"><code style="{code}">add</code></b></div>'
)
LOW = "margin:6px 0;overflow-wrap:break-word"


def head(colour: str, points: int, status: str) -> str:
    return HEAD.format(frame=FRAME.format(colour), pill=PILL.format(colour), code=CODE, points=points, status=status)


def test_the_whole_card_of_a_right_answer() -> None:
    """Sign, word and colour; the points; one sentence; what each family earned."""
    assert card_html(question_with(Outcome.PASSED), WORDS) == (
        head("#1a7f37", 2, "✓ Passed")
        + f'<div style="{LOW}">Everything that was checked here is right.</div>'
        + f'<div style="{LOW};margin-top:8px;opacity:0.75;font-size:12.5px">runs 2/2</div></div>'
    )


def test_the_whole_card_of_what_is_not_written() -> None:
    """No points by family: nobody has lost any."""
    stub = question_with(Outcome.NOT_STARTED, fault="stub-here", message="add_backward is not written yet.", hint="Do.")

    assert card_html(stub, WORDS) == (
        head("#59636e", 0, "○ Not started")
        + f'<div style="{LOW};font-size:15px"><b>add_backward is not written yet.</b> </div>'
        + '<details style="margin:4px 0"><summary style="cursor:pointer;font-weight:600">Hint 1 of 1</summary>'
        + '<div style="margin:2px 0 6px 16px">Do.</div></details></div>'
    )


STATUS = [
    (Outcome.PASSED, None, "✓ Passed"),
    (Outcome.FAILED, "values", "✗ Not yet"),
    (Outcome.FAILED, "raised", "! Your code raised an error"),
    (Outcome.FAILED, "run-raised", "! Your code raised an error"),
    (Outcome.NOT_STARTED, "stub", "○ Not started"),
    (Outcome.STOPPED, "time", "◷ Stopped"),
    (Outcome.SKIPPED, "needs", "– Skipped"),
    (Outcome.ERROR, "error", "! Grader fault"),
]


@pytest.mark.parametrize(("outcome", "fault", "status"), STATUS, ids=[status for *_, status in STATUS])
def test_every_status_is_a_sign_and_a_word(outcome: Outcome, fault: str | None, status: str) -> None:
    """Whoever sees no colours reads the same."""
    assert Page(card_html(question_with(outcome, fault=fault, message="Something."), WORDS)).text.startswith(
        f"{2 if fault is None else 0} / 2 points{status}add"
    )


# ---- a message, taken apart --------------------------------------------------------------------------------

FACTS = {"function": "add_backward", "result": "grad_a"}
MESSAGES = [
    ("For a (3,), b (): grad_a is 2, expected 1. 1 of 3 differ.", False,
     Told("grad_a is 2, expected 1.", "1 of 3 differ.", "a (3,), b ()")),
    ("For a (3,): called twice, add_backward is odd.", False, Told("Called twice, add_backward is odd.", "", "a (3,)")),
    ("The sum is missing. Each use adds. For a (3,): grad_a is 2. 1 of 3 differ.", True,
     Told("The sum is missing.", "Each use adds.", "a (3,)", "grad_a is 2. 1 of 3 differ.")),
    ("Training (xor) ended in step 1 of 2: add_backward raised.", False,
     Told("Training (xor) ended in step 1 of 2: add_backward raised.")),
    ("", False, Told("")),
    ("Only this.", True, Told("Only this.")),
]  # fmt: skip


@pytest.mark.parametrize(("message", "is_named", "told"), MESSAGES, ids=range(len(MESSAGES)))
def test_a_message_comes_apart(message: str, is_named: bool, told: Told) -> None:
    """Nothing is lost: the sentence, the reason, the case, and what happened in it."""
    check = CheckResult("values", Outcome.FAILED, fault="values", facts=FACTS, message=message)

    assert told_of(check, is_named, "For ") == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_names_a_mistake_is_one_sentence_and_why_another(language: str, exam: Exam) -> None:
    """Else a card would cut a message at the wrong place."""
    catalogue = replace(exam.catalogue, language=language)
    for path in sorted((Path(SOLUTIONS) / "wrong").glob("*/*.py")):
        words = catalogue.words_of_mistake(path.stem.partition("--")[0], path.parent.name) or {}
        for key in ("headline", "reason"):
            assert len(re.findall(r"[.?!](?= |$)", words.get(key, "."))) == 1, f"{path}: {key}"


# ---- real answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", one_in(2, GALLERY), ids=[f"{file.parent.name}/{file.stem}" for file in GALLERY])
def test_every_wrong_answer_has_a_card_that_a_notebook_keeps(file: Path, functions_exam: Exam) -> None:
    """Allowed tags, attributes and styles, well nested; the message is on it, and every hint."""
    result = result_of(functions_exam, file.parent.name, functions_of(file))
    problem = next(check for check in result.checks if check.outcome is not Outcome.PASSED)

    for language in LANGUAGES:
        page = Page(card_html(result, load_screen_words(language)))
        seen = page.text.replace("`", "").lower()
        told = told_of(problem, bool(result.misconceptions), "For ")
        for part in (told.says, told.why, told.case, told.fact, problem.hint, *problem.more_hints):
            assert part.replace("`", "").lower() in seen
        assert max(page.rows, default=0) <= MOST + 3  # the label of a row, and … at both sides


def test_a_missing_sum_shows_what_has_to_be_added_up(functions_exam: Exam) -> None:
    """The picture is the explanation: below the rows that came back stands the row that is expected."""
    page = Page(card_html(result_of(functions_exam, "multiply", wrong("multiply", "no-unbroadcast")), WORDS))

    assert "Σ ↓ add up the rows" in page.text
    green = [style for style in page.styles if "#1a7f37" in style.get("border", "")]
    assert len(green) == 3


def test_columns_that_have_to_be_added_up_stand_beside(functions_exam: Exam) -> None:
    """Their sum is no row below them."""
    facts = {
        "result": "grad_a", "expected_array": [[3.0], [7.0]], "got_array": [[1.0, 2.0], [3.0, 4.0]],
        "summed": [[3.0], [7.0]], "sum_axis": [1],
    }  # fmt: skip
    page = Page(card_html(question_with(Outcome.FAILED, fault="shape", message="No.", **facts), WORDS))

    assert "Σ → add up the columns" in page.text


def test_wrong_numbers_are_framed_where_most_are_right() -> None:
    """A frame round nearly every number says nothing."""
    arrays = {"result": "grad_a", "entry": "[0]", "expected_array": [1.0, 2.0, 3.0, 4.0]}
    few = {**arrays, "got_array": [1.0, 2.0, 3.0, 5.0], "wrong_entries": [3]}
    most = {**arrays, "got_array": [1.0, 0.0, 0.0, 5.0], "wrong_entries": [1, 2, 3]}
    frames = [
        sum("#d1006c" in style.get("border", "") for style in Page(card_html(card, WORDS)).styles)
        for card in (question_with(Outcome.FAILED, fault="values", message="No.", **facts) for facts in (few, most))
    ]

    assert frames == [2, 0]  # among yours, and among the differences


def test_what_is_no_number_is_red_and_says_so(functions_exam: Exam) -> None:
    """nan is a word, not a colour."""
    softmax = wrong("softmax_cross_entropy", "nan-large-logits")
    page = Page(card_html(result_of(functions_exam, "softmax_cross_entropy", softmax), WORDS))

    assert any(style.get("background-color") == RED and style.get("font-weight") == "700" for style in page.styles)
    assert "nan" in page.text
    assert "yours − expected" not in page.text


def test_the_part_that_raised_is_underlined_and_python_is_quoted() -> None:
    """Python's own words stay behind a label, where ours took their place."""
    facts = {
        "function": "add_backward", "exception": "NameError", "text": "name 'S' is not defined", "reason": "no-name",
        "line": 3, "code": "ds = s * (1 - S)", "start": 14, "stop": 15,
    }  # fmt: skip
    html = card_html(question_with(Outcome.FAILED, fault="raised", message="Nothing is called S.", **facts), WORDS)

    assert '3 │ </span>ds = s * (1 - <span style="border-bottom:2px solid #e5484d;font-weight:700">S</span>)' in html
    assert "What Python said" in Page(html).text
    assert "NameError: name 'S' is not defined" in Page(html).text


def test_the_card_of_a_german_assignment(exam: Exam) -> None:
    """All words, from the status to the last label."""
    facts = {"result": "grad_a", "expected_array": [1.0], "got_array": [2.0], "inputs": ["a = 1"], "call": "f(a)"}
    card = question_with(Outcome.FAILED, fault="values", message="Für a (1,): grad_a ist 2.", hint="Sieh hin.", **facts)

    assert Page(card_html(card, load_screen_words("de"))).text == (
        "0 / 2 Punkte✗ Noch nichtaddgrad_a ist 2. Erster Fall, der nicht stimmt: a (1,)"
        "erwartet grad_a (1,)01deins (1,)02deins − erwartet01"
        "Tipp 1 von 1Sieh hin.Eingaben dieses Falls, zum Ausprobierena = 1\nf(a)runs 0/2"
    )


# ---- nothing that a student writes can act -----------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</code></div><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "`<b>`",
    "\ud800\x00\x1b[31m\u202eevil",
]


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "image", "quote", "code", "unseen"])
def test_an_exception_that_is_markup_is_shown_as_text(text: str, functions_exam: Exam) -> None:
    """What a student's code says is read, and never done."""

    def add_backward(grad_out: Any, a: Any, b: Any) -> Any:
        raise ValueError(text)

    html = card_html(result_of(functions_exam, "add", {"add_backward": add_backward}), WORDS)

    assert "add_backward raised ValueError" in Page(html).text
    html.encode("utf-8")
    assert not re.search("<script|<img|[\x00-\x08\x1b\u202e]", html)


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.integers(-3, 50), st.integers(-3, 50))
def test_no_text_breaks_out(text: str, code: str, start: int, stop: int) -> None:
    """Wherever it stands: in the message, in the line of code, in the names of arrays, in what is to be pasted."""
    facts = {
        "exception": text, "text": text, "reason": text, "code": code, "start": start, "stop": stop, "result": text,
        "entry": text, "at": {text: [1.0, "nan"]}, "inputs": [text], "call": text, "expected_array": [text],
        "got_array": [1.0], "line": text,
    }  # fmt: skip
    card = question_with(Outcome.FAILED, fault="raised", message=text, hint=text, **facts)

    Page(card_html(card, WORDS))


def test_text_is_escaped_and_markup_is_not() -> None:
    """The one rule that all of it rests on."""
    assert element("b", "<", Markup("<i></i>"), title='"') == '<b title="&quot;">&lt;<i></i></b>'
    assert not isinstance(element("b") + "<", Markup)


# ---- heat tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "digits", "text"), [
    (0.07968, 3, "0.080"), (-0.0, 3, "0"), (1e-9, 3, "≈0"), (-1e-9, 3, "≈0"), (2e-7, None, "2e-07"),
    (3e9, 3, "3.00e+09"), ("-inf", 3, "-inf"), (-4.0, 0, "-4"),
])  # fmt: skip
def test_how_numbers_are_written(number: float | str, digits: int | None, text: str) -> None:
    """Their points stand below each other; what is not 0 does not look like it."""
    assert short(number, digits) == text


@pytest.mark.parametrize(("expected", "got", "digits"), [
    ([1.0, 2.0], [1.0, 5.0], 0), ([1.5], [2.5], 3), ([150.5], [2.5], 1), ([0.0123], [0.02], 4), ([1e-8], [2e-8], None),
    ([1.5], [1.50001], 5), ([1.5], [1.5 + 1e-14], 3),
], ids=range(7))  # fmt: skip
def test_wrong_numbers_look_different(expected: list[float], got: list[float], digits: int | None) -> None:
    """As many digits as that takes, unless it takes too many."""
    one, other = grid_of(expected), grid_of(got)

    assert telling_digits(one, other, (), top_of(one, other)) == digits


def test_a_large_array_is_cut_round_the_first_wrong_entry() -> None:
    """Eight rows, eight columns, and the caption says which; … stands where there are more."""
    wide = [[float(20 * row + column) for column in range(20)] for row in range(12)]
    facts = {"result": "grad_a", "expected_array": wide, "got_array": wide, "wrong_entries": [6 * 20 + 9]}
    page = Page(card_html(question_with(Outcome.FAILED, fault="values", message="No.", **facts), WORDS))

    assert "expected grad_a (12, 20): rows 2 to 9 of 12, columns 5 to 12 of 20" in page.text
    assert page.text.count("129") == 2
    assert "45" in page.text
    assert "44" not in page.text
    assert page.text.count("…") == 3 * 2 * 9


def test_more_axes_than_two_are_rows_with_longer_labels() -> None:
    """`1, 0` is the row at [1, 0]."""
    grid = grid_of([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])

    assert Page(heat_table("three", grid, view_of(grid, 0, 0, 8.0))).text == "three010, 0120, 1341, 0561, 178"


@pytest.mark.parametrize("nested", [[], [[]], [[], []], 3.0], ids=["none", "row", "rows", "number"])
def test_arrays_of_nothing_are_tables_too(nested: Any) -> None:
    """Whoever returns an empty array is told so, and no card breaks."""
    grid = grid_of(nested)

    Page(heat_table("empty", grid, view_of(grid, 0, 3, 1.0)))


# ---- colours -----------------------------------------------------------------------------------------------


def test_ink_can_be_read_on_every_shade() -> None:
    """WCAG 2 asks for 4.5 : 1."""
    shades = [shade(number / 100, 1.0) for number in range(-100, 101)]

    assert all(contrast(ink_on(colour), colour) >= 4.5 for colour in shades)
    assert shade(9.0, 1.0) == shade(1.0, 1.0)
    assert shade(1.0, 0.0) == "#f7f7f7"


def test_white_can_be_read_on_every_status() -> None:
    """And so can the words nan and inf."""
    assert all(contrast("#ffffff", colour) >= 4.5 for colour in (*COLOURS.values(), RED))


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Figures of the recommendation."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)
