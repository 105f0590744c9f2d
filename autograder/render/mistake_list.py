"""The topics of a class as a table: what stands behind the mistakes, how many made them, and an idea for class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.render.chart import breakable, styled
from autograder.render.html_style import prose
from autograder.render.markup import Markup, element, joined
from autograder.render.topics import Topic

MOST = 8
"""Topics that are shown at once; a class has no time for more."""

MOST_MISTAKES = 3


def mistake_list(topics: Sequence[Topic], of: int, words: Mapping[str, Any]) -> Markup:
    """The first topics, and the others behind a label."""
    if not topics:
        return element("p", words["no_topic"])
    rest = topics[MOST:]
    summary = element("summary", words["more_topics"].format(count=len(rest)))
    items = [element("li", _title(topic), " ", element("b", str(len(topic.students)))) for topic in rest]
    return joined(
        _table(topics[:MOST], len(topics[0].students), of, words),
        *([element("details", summary, styled("ul", "names", *items))] if rest else []),
    )


def _table(topics: Sequence[Topic], longest: int, of: int, words: Mapping[str, Any]) -> Markup:
    heads = [element("th", words[key], scope="col") for key in ("topic", "students", "idea")]
    rows = [_row(topic, longest, of, words) for topic in topics]
    return styled("table", "topics", element("thead", element("tr", *heads)), element("tbody", *rows))


def _row(topic: Topic, longest: int, of: int, words: Mapping[str, Any]) -> Markup:
    count = len(topic.students)
    names = joined(*_with_commas([breakable(name) for name in topic.questions]))
    before, _, after = words["in_questions"].partition("{questions}")
    told = [
        element("li", *([f"{times} × "] if len(topic.mistakes) > 1 else []), prose(headline))
        for headline, times in topic.mistakes[:MOST_MISTAKES]
    ]
    bar = styled(
        "span", "long", element("span", style=f"width:{100 * count / longest:.0f}%"), **{"aria-hidden": "true"}
    )
    return element(
        "tr",
        element("th", element("b", _title(topic)), styled("span", "where", before, names, after),
                *([styled("ul", "said", *told)] if told else []), scope="row"),
        element("td", element("b", str(count)), bar, title=words["topics_count"].format(count=count, of=of)),
        element("td", prose(topic.idea)),
    )  # fmt: skip


def _title(topic: Topic) -> str:
    return topic.title[:1].upper() + topic.title[1:]


def _with_commas(parts: Sequence[Markup]) -> list[str]:
    return [piece for part in parts for piece in (", ", part)][1:]
