"""The losses of a training run as a picture: yours, and as it should go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.records import Facts
from autograder.render.card import ScreenWords
from autograder.render.evidence import EvidenceWords
from autograder.render.html_words import HtmlWords
from autograder.render.markup import Markup, element, picture
from autograder.render.svg import BLUE, GREEN, INK, ORANGE, PALE, RED, canvas, line, path, text

WIDTH, HEIGHT = 680.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 20.0, 34.0, 44.0

Point = tuple[float, float]


def curve_html(facts: Facts, words: ScreenWords) -> Iterator[Markup]:
    """The picture, where the facts hold a run."""
    expected, yours = _numbers(facts.get("expected_curve", ())), _numbers(facts.get("curve", ()))
    if len(expected) > 1:
        every = int(facts.get("every", 1))
        last_step = int(facts.get("steps", every * (len(expected) - 1)))
        run = _Run(expected, yours, every, last_step, facts.get("optimum"), facts.get("step"))
        yield _picture(run, words.html, words.evidence)


@dataclass(frozen=True)
class _Run:
    """What is drawn: losses as they should be and as they are, every so many steps; the smallest loss that there is;
    and the step at which the run left the right way."""

    expected: tuple[float, ...]
    yours: tuple[float, ...]
    every: int
    last_step: int
    optimum: float | None
    left_at: int | None


@lru_cache(maxsize=64)
def _picture(run: _Run, html: HtmlWords, evidence: EvidenceWords) -> Markup:
    """In a class, most runs go where all right ones go, and have the same picture."""
    return _Plot(run, html, evidence).picture()


class _Plot:
    """One plot: losses and steps → places in the picture."""

    def __init__(self, run: _Run, html: HtmlWords, evidence: EvidenceWords) -> None:
        self.run, self.html, self.evidence = run, html, evidence
        self.expected, self.yours = run.expected, run.yours
        self.every, self.last_step = run.every, run.last_step
        self.optimum = run.optimum
        expected = run.expected
        reach = max(expected) - min(expected) or 1.0
        finite = [loss for loss in self.yours if math.isfinite(loss)]
        # A run that explodes is cut at the top, or nothing of the other one would be seen.
        high = min(max([*expected, *finite]), max(expected) + reach)
        low = max(min([*expected, *finite]), min(expected) - reach)
        floor = low if self.optimum is None else min(low, float(self.optimum))
        room_below = 0.04 if self.optimum is None else 0.14  # for its label
        span = high - floor or 1.0
        self.low, self.high = floor - room_below * span, high + 0.04 * span

    def picture(self) -> Markup:
        parts = [*self._axes(), *self._optimum(), *self._curves(), *self._lost(), *self._legend()]
        return picture(canvas(WIDTH, HEIGHT, parts), self._alt(), WIDTH)

    def _x(self, step: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / max(self.last_step, 1)

    def _y(self, loss: float) -> float:
        share = (min(max(loss, self.low), self.high) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def _points(self, losses: Sequence[float]) -> list[Point]:
        """As far as the losses are numbers."""
        count = next((place for place, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
        return [(self._x(place * self.every), self._y(loss)) for place, loss in enumerate(losses[:count])]

    def _axes(self) -> Iterator[Markup]:
        for tick in ticks(self.low, self.high):
            yield line((LEFT, self._y(tick)), (WIDTH - RIGHT, self._y(tick)), PALE)
            yield text(f"{tick:g}", LEFT - 8, self._y(tick) + 4, anchor="end", size=11, colour=INK)
        base = HEIGHT - BOTTOM
        yield line((LEFT, base), (WIDTH - RIGHT, base), INK)
        for step in ticks(0, self.last_step, whole=True):
            yield line((self._x(step), base), (self._x(step), base + 4), INK)
            yield text(f"{step:g}", self._x(step), base + 17, size=11, colour=INK)
        yield text(self.html.steps, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, size=12, colour=INK)
        yield text(self.html.loss, LEFT - 8, TOP - 14, anchor="end", size=12, colour=INK)

    def _optimum(self) -> Iterator[Markup]:
        if self.optimum is not None:
            y = self._y(float(self.optimum))
            yield line((LEFT, y), (WIDTH - RIGHT, y), GREEN, dash="2 4")
            yield text(self.html.optimum, WIDTH - RIGHT - 4, y + 14, anchor="end", size=11, colour=GREEN)

    def _curves(self) -> Iterator[Markup]:
        """The dashes of the expected one lie on yours, so that both are seen where they are one."""
        yours = self._points(self.yours)
        if len(yours) > 1:
            yield path(_polyline(yours), ORANGE, width=3)
        yield path(_polyline(self._points(self.expected)), BLUE, width=2, dash="7 5")
        for x, y in yours[-1:]:
            yield element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="4", fill=ORANGE)
            last = self.yours[len(yours) - 1]
            if last > self.high:
                yield text(f"↑ {last:.3g}", x - 8, y + 18, anchor="end", size=12, weight="700", colour=ORANGE)

    def _lost(self) -> Iterator[Markup]:
        """Where the run left the right way."""
        if self.run.left_at is not None and self.yours:
            x = self._x(self.run.left_at)
            yield line((x, TOP), (x, HEIGHT - BOTTOM), RED, dash="3 3")
            is_late = x > WIDTH / 2
            label = self.html.leaves.format(step=self.run.left_at)
            yield text(label, x + (-6 if is_late else 6), TOP + 18, anchor="end" if is_late else "start", size=11,
                       colour=RED, weight="700")  # fmt: skip

    def _legend(self) -> Iterator[Markup]:
        x = LEFT + 8
        yield line((x, 16), (x + 26, 16), ORANGE, width=2.5)
        yield text(self.evidence.yours, x + 33, 20, anchor="start", size=12, colour=ORANGE, weight="700")
        x += 52 + 7.5 * len(self.evidence.yours)
        yield line((x, 16), (x + 26, 16), BLUE, width=2.5, dash="7 5")
        yield text(self.evidence.expected, x + 33, 20, anchor="start", size=12, colour=BLUE, weight="700")

    def _alt(self) -> str:
        """What the picture says, in words."""
        ends = {"expected_first": f"{self.expected[0]:.3g}", "expected_last": f"{self.expected[-1]:.3g}"}
        if not self.yours:
            return self.html.curve_lost.format(steps=self.last_step, **ends)
        yours = {"first": f"{self.yours[0]:.3g}", "last": f"{self.yours[-1]:.3g}"}
        return self.html.curve_alt.format(steps=self.last_step, **ends, **yours)


def ticks(low: float, high: float, most: int = 5, whole: bool = False) -> list[float]:
    """Round numbers from low to high, at most so many and one more."""
    rough = (high - low) / most or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    step = max(step, 1.0) if whole else step
    return [round(place * step, 10) for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _polyline(points: Sequence[Point]) -> str:
    return " ".join(f"{'L' if place else 'M'}{x:.1f} {y:.1f}" for place, (x, y) in enumerate(points))


def _numbers(losses: Sequence[Any]) -> tuple[float, ...]:
    """As many digits as a picture shows: what differs further behind has the same picture."""
    return tuple(float(f"{float(loss):.5g}") for loss in losses)
