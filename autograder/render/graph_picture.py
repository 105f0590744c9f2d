"""The computation graph of a model as a picture: values on their way up, gradients on their way back, and the operation
where an error enters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from autograder.records import Facts
from autograder.render.card import ScreenWords
from autograder.render.html_style import QUIET, paragraph
from autograder.render.html_words import HtmlWords
from autograder.render.layers import Edge, Layout, lay_out
from autograder.render.markup import Markup, element, picture
from autograder.render.svg import BLUE, GREEN, INK, ORANGE, RED, arrow_head, canvas, path, text

SIGNS: Mapping[str, str] = {"add": "+", "multiply": "×", "matmul": "@"}
"""Operations that stand between their operands."""

LETTER = 7.6
"""Width of a character in a box, on average."""

BOX, ROW, GAP, EDGE = 62.0, 112.0, 92.0, 20.0
"""Height of a box, from one to the next below it, between two layers, and round the picture."""

ABOVE, BELOW = 34.0, 40.0
APART = 9.0
"""How far from the middle of a box its arrows end: forward ones above it, backward ones below it."""

Number = float | str | None


def graph_html(facts: Facts, words: ScreenWords) -> Iterator[Markup]:
    """The picture and what has to be known to read it, where the facts hold a graph."""
    if "graph" in facts:
        yield _picture(json.dumps(facts["graph"]), words.html)
        if facts["graph"].get("enters") is not None:
            yield paragraph(words.html.given_right, style=QUIET)


@lru_cache(maxsize=64)
def _picture(graph: str, html: HtmlWords) -> Markup:
    """In a class, most graphs are right, and have the same picture."""
    return _Drawing(json.loads(graph), html).picture()


@dataclass(frozen=True)
class _Backward:
    """What came back along an arrow; `texts` are one for each time that the value is used there."""

    texts: tuple[str, ...]
    is_right: bool


class _Drawing:
    """One graph: facts → boxes, arrows, and the picture of them."""

    def __init__(self, graph: Facts, words: HtmlWords) -> None:
        self.words = words
        self.nodes: Sequence[Mapping[str, Any]] = graph["nodes"]
        self.enters: int | None = graph.get("enters")
        self.names = node_names(self.nodes)

    @cached_property
    def backward(self) -> Mapping[Edge, _Backward]:
        """By arrow, what the backward function of its end returned for its start."""
        found: dict[Edge, _Backward] = {}
        for place, node in enumerate(self.nodes):
            for at, one in enumerate(node.get("inputs", ())):
                if isinstance(one, int):
                    before = found.get((one, place), _Backward((), True))
                    texts = (*before.texts, number_text(node["back"][at]))
                    found[one, place] = _Backward(texts, before.is_right and at not in node["wrong"])
        return found

    @cached_property
    def wrong(self) -> frozenset[int]:
        """Nodes to which something wrong came back."""
        return frozenset(start for (start, _), back in self.backward.items() if not back.is_right)

    @cached_property
    def layout(self) -> Layout:
        return lay_out(len(self.nodes), list(self.backward))

    def equation(self, place: int) -> str:
        """`d = 2 × b`; of a parameter, its name."""
        node, name = self.nodes[place], self.names[place]
        if "operation" not in node:
            return name
        operands = [self.names[one] if isinstance(one, int) else one for one in node["inputs"]]
        sign = SIGNS.get(node["operation"])
        is_between = sign is not None and len(operands) == 2
        return f"{name} = " + (
            f" {sign} ".join(operands) if is_between else f"{node['operation']}({', '.join(operands)})"
        )

    def value(self, place: int) -> str:
        return f"{self.words.value} {number_text(self.nodes[place]['value'])}"

    def gradient(self, place: int) -> str:
        """The gradient that has come back, all arrows together; the right one where an array has come."""
        return f"∂{self.names[-1]}/∂{self.names[place]} = {number_text(self._sum(place))}"

    def _sum(self, place: int) -> Number:
        if place not in self.wrong:
            right: Number = self.nodes[place]["gradient"]
            return right
        parts = [
            node["back"][at] for node in self.nodes for at, one in enumerate(node.get("inputs", ())) if one == place
        ]
        numbers = [part for part in parts if isinstance(part, (int, float))]
        return sum(numbers) if len(numbers) == len(parts) else next((p for p in parts if isinstance(p, str)), None)

    # ---- places --------------------------------------------------------------------------------------------

    @cached_property
    def widths(self) -> list[float]:
        return [
            max(92.0, LETTER * max(map(len, (self.equation(place), self.value(place), self.gradient(place)))) + 22)
            for place in range(len(self.nodes))
        ]

    @cached_property
    def columns(self) -> list[tuple[float, float]]:
        """The left side and the width of each layer."""
        found, left = [], EDGE
        for layer in range(max(self.layout.layer) + 1):
            width = max((w for w, at in zip(self.widths, self.layout.layer) if at == layer), default=0.0)
            found.append((left, width))
            left += width + GAP
        return found

    @cached_property
    def width(self) -> float:
        """Of the picture."""
        left, width = self.columns[-1]
        return left + width + EDGE

    def _centre(self, layer: int, height: float) -> tuple[float, float]:
        left, width = self.columns[layer]
        return left + width / 2, ABOVE + BOX / 2 + height * ROW

    def centre(self, place: int) -> tuple[float, float]:
        return self._centre(self.layout.layer[place], self.layout.height[place])

    # ---- the picture ---------------------------------------------------------------------------------------

    def picture(self) -> Markup:
        heights = [*self.layout.height, *(height for stops in self.layout.stops.values() for _, height in stops)]
        size = self.width, ABOVE + max(heights) * ROW + BOX + BELOW + 22
        heads = element("defs", *(arrow_head(name, colour) for name, colour in HEADS.items()))
        arrows = [part for edge in self.backward for part in self._arrows(edge)]
        boxes = [part for place in range(len(self.nodes)) for part in self._box(place)]
        svg = canvas(*size, [heads, *arrows, *boxes, *self._legend(size[1])])
        return picture(svg, self._alt(), min(size[0], 700.0))

    def _box(self, place: int) -> Iterator[Markup]:
        (x, y), width = self.centre(place), self.widths[place]
        is_wrong, is_entry = place in self.wrong, place == self.enters
        is_leaf = "operation" not in self.nodes[place]
        colour = RED if is_entry else ORANGE if is_wrong else "#8c959f"
        yield element(
            "rect", x=f"{x - width / 2:.1f}", y=f"{y - BOX / 2:.1f}", width=f"{width:.1f}", height=f"{BOX:g}",
            rx="20" if is_leaf else "6", fill="#ffffff", stroke=colour, stroke_width="3" if is_entry else "1.5",
        )  # fmt: skip
        yield text(self.equation(place), x, y - 12, weight="700", colour="#1f2328", size=14)
        yield text(self.value(place), x, y + 5, size=12)
        mark = "✗ " if is_wrong else ""
        yield text(mark + self.gradient(place), x, y + 22, size=12, weight="700", colour=RED if is_wrong else BLUE)
        if is_entry:
            half = LETTER * len(self.words.error_enters) / 2
            middle = max(half, min(x, self.width - half))  # within the picture
            yield text(self.words.error_enters, middle, y - BOX / 2 - 9, size=12, weight="700", colour=RED)
        if is_wrong:
            should = self.words.should_be.format(value=number_text(self.nodes[place]["gradient"]))
            yield text(should, x, y + BOX / 2 + 16, size=12, weight="700", colour=GREEN)

    def _arrows(self, edge: Edge) -> Iterator[Markup]:
        """The value on its way up, and the gradient on its way back, with what came back."""
        start, end = edge
        (x1, y1), (x2, y2) = self.centre(start), self.centre(end)
        x1, x2 = x1 + self.widths[start] / 2, x2 - self.widths[end] / 2
        stops = [self._centre(layer, height) for layer, height in self.layout.stops.get(edge, ())]
        lean = self._lean(edge)
        up = [(x1, y1 - APART), *((x, y - APART) for x, y in stops), (x2, y2 + lean - APART)]
        back = [(x2, y2 + lean + APART), *((x, y + APART) for x, y in reversed(stops)), (x1, y1 + APART)]
        yield path(_curve(up), INK, arrow="up")
        sent = self.backward[edge]
        colour, head = (BLUE, "back") if sent.is_right else (RED, "wrong")
        yield path(_curve(back), colour, dash="5 4", arrow=head)
        (xa, ya), (xb, yb) = back[0], back[1]
        label = " + ".join(sent.texts) if sent.texts != ("",) else ""
        yield text(label, (xa + xb) / 2, (ya + yb) / 2 + 15, size=12, weight="700", colour=colour)

    def _lean(self, edge: Edge) -> float:
        """Where several arrows lead to one box, their ends stand one below the other, in the order of their starts."""
        ends = sorted((one for one in self.backward if one[1] == edge[1]), key=lambda one: self.centre(one[0])[1])
        room = min(26.0, (BOX - 2 * APART - 8) / max(len(ends) - 1, 1))
        return (ends.index(edge) - (len(ends) - 1) / 2) * room

    def _legend(self, height: float) -> Iterator[Markup]:
        y, x = height - 14, EDGE
        yield path(f"M{x} {y - 4} L{x + 30} {y - 4}", INK, arrow="up")
        yield text(self.words.forward, x + 38, y, anchor="start", size=12)
        x += 60 + LETTER * len(self.words.forward)
        yield path(f"M{x + 30} {y - 4} L{x} {y - 4}", BLUE, dash="5 4", arrow="back")
        yield text(self.words.backward, x + 38, y, anchor="start", size=12, colour=BLUE)

    def _alt(self) -> str:
        """The graph in words, and where the error enters."""
        nodes = "; ".join(
            f"{self.equation(place)}, {self.value(place)}, {self.gradient(place)}"
            + (f" ✗ {self.words.should_be.format(value=number_text(node['gradient']))}" if place in self.wrong else "")
            for place, node in enumerate(self.nodes)
        )
        entry = "" if self.enters is None else f" {self.equation(self.enters)}: {self.words.error_enters}."
        return f"{self.words.graph_alt}: {nodes}.{entry}"


HEADS: Mapping[str, str] = {"up": INK, "back": BLUE, "wrong": RED}


def node_names(nodes: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for each node: a parameter's own, then the letters that follow in the alphabet, and L for the loss.

    Where the parameters are no single letters, or the letters are used up, v1, v2 and so on.
    """
    own = [node["name"] for node in nodes if "name" in node]
    letters = all(len(name) == 1 and "a" <= name <= "z" for name in own)
    first = ord(max(own, default="`")) + 1 if letters else 0
    count = len(nodes) - len(own) - 1
    fit = letters and first + count <= ord("z") + 1
    between = [chr(first + number) if fit else f"v{number + 1}" for number in range(count)]
    return [*own, *between, "L"]


def number_text(number: Number) -> str:
    """`−4`; `?` for what is no single number."""
    if number is None:
        return "?"
    return number if isinstance(number, str) else f"{number + 0.0:.4g}".replace("-", "−")


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """From place to place, level at each of them."""
    (x, y), *rest = points
    parts = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in rest:
        middle = (x + to_x) / 2
        parts.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return " ".join(parts)
