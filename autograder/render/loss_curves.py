"""Training runs of a class that did not come down, one small picture a question."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.records import LEARNING, Facts, Outcome
from autograder.render.chart import Point, drawing, label, number, polyline, rule, styled
from autograder.render.curve_picture import ticks
from autograder.render.markup import Markup, element
from autograder.render.people import Person

WIDTH, HEIGHT = 360.0, 176.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 10.0, 10.0, 10.0
MOST_LINES, MOST_POINTS = 40, 24
"""Of one picture: more would be a surface, and a large page."""

NEARLY = 0.05
"""Of the way down that a run may still have before it, to have come down."""

Run = tuple[Person, Facts]


def loss_curves(people: Sequence[Person], words: Mapping[str, Any]) -> Markup:
    """The pictures, in the order of the questions; "" where every run came down."""
    runs: dict[str, list[Run]] = {}
    counts: dict[str, int] = {}
    for person in people:
        for name, result in person.results.items():
            for check in result.checks:
                if check.name == LEARNING:
                    counts[name] = counts.get(name, 0) + 1
                    if check.outcome is not Outcome.PASSED and not came_down(check.facts):
                        runs.setdefault(name, []).append((person, check.facts))
    pictures = [_picture(name, found, counts[name], words) for name, found in runs.items()]
    return styled("div", "curves", *pictures) if pictures else Markup("")


def came_down(facts: Facts) -> bool:
    """Whether the loss ended about as low as it should, on whatever way; True where there is no curve to show."""
    curve, expected = facts.get("curve", ()), facts.get("expected_curve", ())
    if len(curve) < 2 or len(expected) < 2:
        return len(curve) < 2
    first, last = float(expected[0]), float(expected[-1])
    return len(curve) == len(expected) and float(curve[-1]) <= last + NEARLY * (first - last)


def _picture(question: str, runs: Sequence[Run], of: int, words: Mapping[str, Any]) -> Markup:
    expected = [float(loss) for loss in runs[0][1].get("expected_curve", ())]
    known = [loss for loss in expected if math.isfinite(loss)] or [0.0, 1.0]
    span = (max(known) - min(known)) or 1.0
    plot = _Plot(min(known) - 0.3 * span, max(known) + 0.7 * span)
    parts = [*plot.axes(), *(plot.line(person, facts) for person, facts in runs[:MOST_LINES])]
    parts.append(polyline("right", plot.points(expected)))
    facts = {"question": question, "count": str(len(runs)), "of": str(of), "shown": str(MOST_LINES)}
    alt = words["curve_alt"].format(first=number(known[0]), last=number(known[-1]), **facts)
    said = words["curve_title"].format(**facts)
    if len(runs) > MOST_LINES:
        said = f"{said} · {words['curve_shown'].format(**facts)}"
    picture = drawing("curve", alt, WIDTH, HEIGHT, *parts)
    return element("figure", element("figcaption", said), picture)


class _Plot:
    """Losses → places. A run that leaves the picture is cut at its edge."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def axes(self) -> Iterator[Markup]:
        right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
        for tick in ticks(self.low, self.high, most=4):
            y = self._y(tick)
            yield rule("grid", (f"{LEFT:g}", f"{y:.0f}"), (f"{right:g}", f"{y:.0f}"))
            yield label(number(tick), "tick", f"{LEFT - 6:g}", f"{y + 4:.0f}", "end")
        yield rule("axis", (f"{LEFT:g}", f"{base:g}"), (f"{right:g}", f"{base:g}"))

    def line(self, person: Person, facts: Facts) -> Markup:
        losses = [float(loss) for loss in facts["curve"]]
        return polyline(
            "yours", self.points(losses, len(facts.get("expected_curve", ()))), element("title", person.label)
        )

    def points(self, losses: Sequence[float], of: int = 0) -> list[Point]:
        """Of so many that a whole run has; as far as they are numbers."""
        count = next((place for place, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
        step = max(1, math.ceil(len(losses) / MOST_POINTS))
        places = sorted({*range(0, count, step), *([count - 1] if count else [])})
        last = max(of, len(losses), 2) - 1
        return [(LEFT + (WIDTH - LEFT - RIGHT) * place / last, self._y(losses[place])) for place in places]

    def _y(self, loss: float) -> float:
        share = (min(max(loss, self.low), self.high) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
