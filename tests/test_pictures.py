"""The pictures of a card: the loss along a run, and the graph with the place where an error enters."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Page

from autograder.answer import answer
from autograder.checks.graphs import graphs_of
from autograder.exams import Exam
from autograder.judging import judge, make_report
from autograder.records import Outcome, QuestionResult, report_from_json, report_to_json
from autograder.render.curve_picture import curve_html, ticks
from autograder.render.feedback import LANGUAGES, load_screen_words
from autograder.render.graph_picture import graph_html, node_names, number_text
from autograder.render.html_card import card_html
from autograder.render.layers import lay_out
from autograder.render.markup import joined
from conftest import ROOT, SOLUTIONS, functions_of

WORDS = load_screen_words("en")
SOLUTION = functions_of(SOLUTIONS / "solution.py")

Functions = dict[str, Callable[..., Any]]


def result_of(exam: Exam, name: str, functions: Functions) -> QuestionResult:
    """One question of the report on these functions, called in this process."""
    answers = answer({**SOLUTION, **functions}, exam.deck, exam.assignment)
    report = make_report(exam, "hw.py", answers, judge(exam, answers))
    return next(question for question in report.questions if question.name == name)


def graph_of(exam: Exam, functions: Functions) -> dict[str, Any]:
    """The facts of the graph of the question of that name."""
    (check,) = result_of(exam, "graph", functions).checks
    graph: dict[str, Any] = check.facts["graph"]
    return graph


def no_upstream(grad_out: Any, a: Any, b: Any) -> Any:
    return grad_out * b, a + 0 * grad_out


def lost_second(grad_out: Any, a: Any, b: Any) -> Any:
    return grad_out, 0 * grad_out


def once(grad_out: Any, a: Any, b: Any) -> Any:
    return (grad_out * b, 0 * b) if a == b else (grad_out * b, grad_out * a)


def raises(grad_out: Any, a: Any, b: Any) -> Any:
    raise ValueError("<b>")


def one_value(grad_out: Any, a: Any, b: Any) -> Any:
    return grad_out * b


def not_a_number(grad_out: Any, a: Any, b: Any) -> Any:
    return grad_out * np.nan, grad_out * a


# ---- the facts of a graph ----------------------------------------------------------------------------------


def test_the_graph_of_the_lecture(exam: Exam) -> None:
    """Figure 7.12: L = c (a + 2b), with all values and gradients."""
    assert graph_of(exam, {}) == {
        "title": "computation graph",
        "nodes": [
            {"name": "b", "value": 1.0, "gradient": -4.0},
            {"name": "a", "value": 3.0, "gradient": -2.0},
            {"name": "c", "value": -2.0, "gradient": 5.0},
            {
                "operation": "multiply", "value": 2.0, "gradient": -2.0, "inputs": ["2", 0], "back": [-2.0, -4.0],
                "wrong": [],
            },
            {"operation": "add", "value": 5.0, "gradient": -2.0, "inputs": [1, 3], "back": [-2.0, -2.0], "wrong": []},
            {
                "operation": "multiply", "value": -10.0, "gradient": 1.0, "inputs": [2, 4], "back": [5.0, -2.0],
                "wrong": [],
            },
        ],
    }  # fmt: skip


ENTRIES = [
    ("no-upstream", {"multiply_backward": no_upstream}, 3, {3: [1], 5: []}),
    ("lost-second", {"add_backward": lost_second}, 4, {4: [1]}),
    ("swapped", {"multiply_backward": lambda g, a, b: (g * a, g * b)}, 5, {5: [0, 1], 3: [0, 1]}),
    ("raises", {"add_backward": raises}, 4, {4: [0, 1]}),
    ("one-value", {"multiply_backward": one_value}, 5, {5: [0, 1], 3: [0, 1]}),
    ("nan", {"multiply_backward": not_a_number}, 5, {5: [0], 3: [0]}),
]


@pytest.mark.parametrize(
    ("functions", "enters", "wrong"), [rest for _, *rest in ENTRIES], ids=[id for id, *_ in ENTRIES]
)
def test_an_error_enters_where_the_first_call_on_the_way_back_is_wrong(
    exam: Exam, functions: Functions, enters: int, wrong: dict[int, list[int]]
) -> None:
    """Each call is given the right gradient from above, so what is wrong in it is its own."""
    graph = graph_of(exam, functions)

    assert graph["enters"] == enters
    assert {place: graph["nodes"][place]["wrong"] for place in wrong} == wrong


def test_what_came_back_is_told_as_far_as_it_is_one_number(exam: Exam) -> None:
    """null where nothing came back, and words for what JSON has no number for."""
    backs = [
        graph_of(exam, {"multiply_backward": one})["nodes"][5]["back"] for one in (raises, one_value, not_a_number)
    ]

    assert backs == [[None, None], [None, None], ["nan", -2.0]]


def test_the_first_graph_with_an_error_is_told(exam: Exam) -> None:
    """A value that is used twice: the other graph of the question shows it."""
    graph = graph_of(exam, {"multiply_backward": once})

    assert graph["title"] == "a value used again"
    assert [node.get("inputs") for node in graph["nodes"]] == [None, [0, 0], [1, 0]]
    assert graph["nodes"][1]["back"] == [1.5, 0.0]


def test_a_graph_is_drawn_once_for_a_deck_and_is_no_training(exam: Exam) -> None:
    """A model that takes steps is too large for a picture, and has a curve."""
    questions = {question.name: question for question in exam.assignment.questions}

    assert graphs_of(exam.assignment, questions["graph"], exam.deck) is graphs_of(
        exam.assignment, questions["graph"], exam.deck
    )
    assert graphs_of(exam.assignment, questions["xor"], exam.deck) == ()


def test_without_a_function_there_is_no_graph(exam: Exam) -> None:
    """Nothing came back along its arrows."""
    functions = {name: one for name, one in SOLUTION.items() if name != "add_backward"}
    answers = answer(functions, exam.deck, exam.assignment)
    results = {result.name: result for result in judge(exam, answers)}

    assert "graph" not in results["graph"].checks[0].facts


def test_the_facts_are_plain_and_fit_the_schema(exam: Exam) -> None:
    """To JSON and back, nothing changes; and twice is the same."""
    schema = json.loads((ROOT / "autograder" / "results.schema.json").read_text(encoding="utf-8"))
    answers = answer({**SOLUTION, "multiply_backward": not_a_number}, exam.deck, exam.assignment)
    reports = [make_report(exam, "hw.py", answers, judge(exam, answers)) for _ in range(2)]
    documents = [json.dumps(report_to_json(report), allow_nan=False) for report in reports]

    assert documents[0] == documents[1]
    jsonschema.validate(json.loads(documents[0]), {"$ref": "#/$defs/report", "$defs": schema["$defs"]})
    assert report_to_json(report_from_json(json.loads(documents[0]))) == json.loads(documents[0])


# ---- the picture of a graph --------------------------------------------------------------------------------


def words_in(page: Page) -> list[str]:
    return [text.text or "" for text in page.pictures[0].iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_of_a_graph_says_where_the_error_enters(exam: Exam) -> None:
    """In the picture, and in the words for whoever does not see it."""
    page = Page(card_html(result_of(exam, "graph", {"multiply_backward": no_upstream}), WORDS))

    assert words_in(page) == [
        "2", "−2", "−2", "5", "−2",
        "b", "value 1", "✗ ∂L/∂b = 2", "should be −4",
        "a", "value 3", "∂L/∂a = −2",
        "c", "value −2", "∂L/∂c = 5",
        "d = 2 × b", "value 2", "∂L/∂d = −2", "the error enters here",
        "e = a + d", "value 5", "∂L/∂e = −2",
        "L = c × e", "value −10", "∂L/∂L = 1",
        "forward: values", "backward: gradients that your functions returned",
    ]  # fmt: skip
    assert page.alts == [
        "Computation graph: b, value 1, ∂L/∂b = 2 ✗ should be −4; a, value 3, ∂L/∂a = −2; c, value −2, ∂L/∂c = 5; "
        "d = 2 × b, value 2, ∂L/∂d = −2; e = a + d, value 5, ∂L/∂e = −2; L = c × e, value −10, ∂L/∂L = 1. "
        "d = 2 × b: the error enters here."
    ]
    assert "Each of your functions was given the right gradient from above" in page.text


def test_a_right_graph_is_drawn_too(exam: Exam) -> None:
    """It is the figure of the lecture; nothing in it is red."""
    page = Page(card_html(result_of(exam, "graph", {}), WORDS))

    assert "∂L/∂b = −4" in words_in(page)
    assert not [word for word in words_in(page) if "✗" in word or "error" in word]
    assert "given the right gradient" not in page.text


def test_a_value_that_is_used_twice_has_both_parts_on_its_arrow(exam: Exam) -> None:
    """What comes back from each use adds up."""
    page = Page(card_html(result_of(exam, "graph", {"multiply_backward": once}), WORDS))

    assert "1.5 + 0" in words_in(page)
    assert "✗ ∂L/∂w = 2.5" in words_in(page)
    assert "should be 4" in words_in(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("functions", [functions for _, functions, *_ in ENTRIES], ids=[id for id, *_ in ENTRIES])
def test_every_graph_is_a_picture_within_its_bounds(exam: Exam, functions: Functions, language: str) -> None:
    """No box and no word outside, no two boxes on one place, and not wider than a card."""
    page = Page(card_html(result_of(exam, "graph", functions), load_screen_words(language)))
    (svg,) = page.pictures
    width, height = float(svg.get("width", 0)), float(svg.get("height", 0))
    boxes = [
        [float(box.get(key, 0)) for key in ("x", "y", "width", "height")] for box in svg if box.tag.endswith("rect")
    ]

    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    assert not [1 for one, other in combinations(boxes[1:], 2) if overlap(one, other)]
    assert width <= 760


def overlap(one: list[float], other: list[float]) -> bool:
    (x, y, w, h), (x2, y2, w2, h2) = one, other
    return x < x2 + w2 and x2 < x + w and y < y2 + h2 and y2 < y + h


def test_no_graph_without_facts() -> None:
    """A question that is no model."""
    assert list(graph_html({}, WORDS)) == []
    assert list(curve_html({}, WORDS)) == []


NAMES = [
    (["a", "b", "c"], 3, ["a", "b", "c", "d", "e", "L"]),
    (["w"], 2, ["w", "x", "L"]),
    (["W1", "b"], 2, ["W1", "b", "v1", "L"]),
    (["z"], 3, ["z", "v1", "v2", "L"]),
    ([], 2, ["a", "L"]),
]


@pytest.mark.parametrize(("parameters", "operations", "names"), NAMES, ids=["lecture", "reuse", "long", "z", "none"])
def test_nodes_are_named_as_one_would_by_hand(parameters: list[str], operations: int, names: list[str]) -> None:
    """The next letters, as in L = c e, e = a + d, d = 2b."""
    nodes: list[dict[str, Any]] = [{"name": name} for name in parameters]

    assert node_names([*nodes, *[{"operation": "add"}] * operations]) == names


def test_how_a_number_stands_in_a_picture() -> None:
    """With a minus as in print, and a question mark for an array."""
    assert [number_text(number) for number in (-4.0, 1.23456, -0.0, "nan", None)] == ["−4", "1.235", "0", "nan", "?"]


# ---- layers ------------------------------------------------------------------------------------------------


def test_the_layers_of_the_lecture() -> None:
    """b before d, a beside d, c beside e, and L last."""
    layout = lay_out(6, [(0, 3), (1, 4), (3, 4), (2, 5), (4, 5)])

    assert layout.layer == (0, 1, 2, 1, 2, 3)
    assert not any(layout.stops.values())


def test_a_long_arrow_has_a_stop_in_each_layer_between() -> None:
    """So that it goes round what stands there."""
    layout = lay_out(3, [(0, 1), (0, 2), (1, 2)])

    ((layer, height),) = layout.stops[0, 2]
    assert layer == 1
    assert abs(height - layout.height[1]) >= 1


@settings(deadline=None)
@given(st.data())
def test_no_two_nodes_share_a_place(data: st.DataObject) -> None:
    """In any graph without a way round: arrows point to later layers, and places are at least 1 apart."""
    count = data.draw(st.integers(1, 9))
    pairs = list(combinations(range(count), 2))
    edges = data.draw(st.lists(st.sampled_from(pairs), max_size=14)) if pairs else []
    layout = lay_out(count, edges)

    assert all(layout.layer[start] < layout.layer[end] for start, end in edges)
    places = [*zip(layout.layer, layout.height), *(stop for stops in layout.stops.values() for stop in stops)]
    assert all(abs(y - y2) > 1 - 1e-9 for (at, y), (at2, y2) in combinations(places, 2) if at == at2)
    assert min(height for _, height in places) >= 0
    assert lay_out(count, edges) == layout


# ---- the loss ----------------------------------------------------------------------------------------------


def curve_page(**facts: Any) -> Page:
    return Page(joined(*curve_html({"steps": 2, "every": 1, "expected_curve": [2.0, 1.0, 0.5], **facts}, WORDS)))


def test_the_picture_of_a_run(exam: Exam) -> None:
    """Both curves, where they part, and the same in words."""
    page = Page(card_html(result_of(exam, "xor", {"sigmoid_backward": lambda g, out: g * (1 - out**2)}), WORDS))

    assert {"loss", "step", "yours", "expected", "leaves the right way in step 1", "0", "50"} <= set(words_in(page))
    assert page.alts[0].startswith("The loss along 50 steps of training: yours goes from ")


CURVES = [
    ("right", {"curve": [2.0, 1.0, 0.5]}, "yours goes from 2 to 0.5, expected is from 2 to 0.5."),
    ("lost", {"curve": [2.0, "nan"], "step": 1}, "yours goes from 2 to nan, expected is from 2 to 0.5."),
    ("explodes", {"curve": [2.0, 1e9, 1e300], "step": 1}, "yours goes from 2 to 1e+300, expected is from 2 to 0.5."),
    ("infinite", {"curve": ["inf"], "step": 1}, "yours goes from inf to inf, expected is from 2 to 0.5."),
    ("none", {"curve": []}, "nothing of yours is known, expected is from 2 to 0.5."),
    ("flat", {"expected_curve": [1.0, 1.0], "curve": [1.0, 1.0]}, "yours goes from 1 to 1, expected is from 1 to 1."),
    ("optimum", {"curve": [2.0, 1.0, 0.5], "optimum": 0.25}, "yours goes from 2 to 0.5, expected is from 2 to 0.5."),
]


@pytest.mark.parametrize(("facts", "says"), [rest for _, *rest in CURVES], ids=[id for id, *_ in CURVES])
def test_every_kind_of_run_is_a_picture(facts: dict[str, Any], says: str) -> None:
    """Whatever the losses are: all lines and points within the picture."""
    page = curve_page(**facts)

    assert page.alts == [f"The loss along 2 steps of training: {says}"]
    (svg,) = page.pictures
    for part in svg:
        for key, most in (("x1", 680), ("x2", 680), ("cx", 680), ("y1", 250), ("y2", 250), ("cy", 250)):
            assert 0 <= float(part.get(key, 0)) <= most
    assert ("smallest loss there is" in words_in(page)) == ("optimum" in facts)
    assert any("↑ 1e+300" in word for word in words_in(page)) == (facts.get("curve", [])[-1:] == [1e300])


@pytest.mark.parametrize(("low", "high", "whole", "expected"), [
    (0.0, 1.0, False, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]), (2.1, 3.05, False, [2.2, 2.4, 2.6, 2.8, 3.0]),
    (0, 14, True, [0, 5, 10]), (0, 2, True, [0, 1, 2]), (1.0, 1.0, False, [1.0]),
])  # fmt: skip
def test_ticks_are_round(low: float, high: float, whole: bool, expected: list[float]) -> None:
    """Numbers that one can read."""
    assert ticks(low, high, whole=whole) == expected


def test_a_card_is_the_same_each_time(exam: Exam) -> None:
    """Nothing in it depends on chance, or on the order of a set."""
    result = result_of(exam, "graph", {"add_backward": lost_second})

    assert result.outcome is Outcome.FAILED
    assert card_html(result, WORDS) == card_html(replace(result), WORDS)
