"""Who has what: students by questions, sorted both ways, those with full marks behind a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.records import Outcome, QuestionResult
from autograder.render.card import SIGNS
from autograder.render.chart import breakable, number, signed, styled
from autograder.render.class_figures import QuestionFigures
from autograder.render.markup import Markup, element, joined
from autograder.render.people import Person

SHADES = 5
"""From none of the points to nearly all of them. All of them have no class: most cells of a class are such."""


def score_grid(
    people: Sequence[Person], questions: Sequence[QuestionFigures], max_score: int, words: Mapping[str, Any]
) -> Markup:
    """A list of those with full marks, and a table of all others, the best at the top."""
    best_first = sorted(people, key=lambda one: (-(one.score if one.score is not None else -1e9), one.number))
    full = [one for one in best_first if _is_full(one, max_score)]
    others = [one for one in best_first if not _is_full(one, max_score)]
    return joined(*([_full(full, words)] if full else []), *([_table(others, questions, words)] if others else []))


def person_html(person: Person) -> Markup:
    """The student's name, and where it leads; it does not turn the direction of what stands beside it."""
    name = element("bdi", person.label)
    return element("a", name, href=person.link) if person.link else name


def _is_full(person: Person, max_score: int) -> bool:
    """Whoever has full marks after a change of points has something to be seen."""
    return person.score is not None and person.score >= max_score and not person.adjustments


def _full(people: Sequence[Person], words: Mapping[str, Any]) -> Markup:
    summary = element("summary", words["grid_full"].format(count=len(people)))
    items = [element("li", person_html(one), id=one.anchor) for one in people]
    return element("details", summary, styled("ul", "names", *items))


def _table(people: Sequence[Person], questions: Sequence[QuestionFigures], words: Mapping[str, Any]) -> Markup:
    heads = [
        element("th", words["name"], scope="col"),
        *(element("th", breakable(one.name), styled("small", "of", f"/{one.max_score}"), scope="col")
          for one in questions),
        element("th", words["total"], scope="col"),
    ]  # fmt: skip
    rows = [_row(person, questions) for person in people]
    style = f"--questions:{len(questions)}"  # from which the style sheet says how wide the table has to be
    table = styled("table", "who", element("thead", element("tr", *heads)), element("tbody", *rows), style=style)
    return styled("div", "wide", table, tabindex="0", role="region", **{"aria-label": words["grid"]})


def _row(person: Person, questions: Sequence[QuestionFigures]) -> Markup:
    return element(
        "tr",
        element("th", person_html(person), scope="row"),
        *(_cell(person.results.get(one.name)) for one in questions),
        element("td", "–" if person.score is None else number(person.score), *_changes(person)),
        id=person.anchor,
    )


def _cell(result: QuestionResult | None) -> Markup:
    if result is None:
        return styled("td", "x")
    if result.outcome is Outcome.NOT_STARTED:
        return styled("td", "n", "–")
    sign = f"{SIGNS[result.outcome]} " if result.outcome in (Outcome.STOPPED, Outcome.ERROR) else ""
    return styled("td", _shade(result), f"{sign}{result.score}")


def _shade(result: QuestionResult) -> str:
    share = result.score / result.max_score if result.max_score else 1.0
    return "" if share >= 1 else f"s{min(int(max(share, 0.0) * SHADES), SHADES - 1)}"


def _changes(person: Person) -> list[Markup]:
    change = sum(one.points for one in person.adjustments)
    return [element("small", f" {signed(change)}")] if person.adjustments else []
