"""A class as a screen of text: scores, questions, and who needs a look. Fits 60 columns."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from autograder.records import CheckResult, Outcome, Report, ReportOutcome, Results
from autograder.render.card import SIGNS, first_problem

BINS = ((100, 100), (90, 99), (80, 89), (70, 79), (60, 69), (50, 59), (0, 49))
"""Score ranges of the histogram, in percent."""

NARROW = 72
"""Below this many columns the two panels stand one above the other."""

CONCERNS = ("syntax-error", "statement-raised")
"""Notes that say a part of a submission was lost."""


def render_class(
    results: Results, width: int = 80, is_coloured: bool = False, names: Mapping[str, str] | None = None
) -> str:
    """Histogram, figures, a line for each question, and the submissions that need a look.

    `names` say whose a submission is; the others go by what the report calls them.
    """
    console = Console(
        file=StringIO(), width=width, force_terminal=is_coloured, no_color=not is_coloured, highlight=False
    )
    graded = [report for report in results.reports if report.outcome is not ReportOutcome.ERROR]
    if graded:
        console.print(_head(graded, width))
        console.print(_questions(graded, width))
    console.print(_needs_a_look(results.reports, names or {}))
    file = console.file
    assert isinstance(file, StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _head(reports: list[Report], width: int) -> RenderableType:
    scores, figures = _scores(reports), _figures(reports)
    if width < NARROW:
        return Group(scores, figures)
    both = Table.grid(padding=(0, 1, 0, 0))
    both.add_row(scores, figures)
    return both


def percent(report: Report) -> float:
    return 100 * (report.score or 0) / max(1, report.max_score)


def _scores(reports: list[Report]) -> Panel:
    counts = {low: 0 for low, _ in BINS}
    for report in reports:
        counts[next(low for low, _ in BINS if int(percent(report)) >= low)] += 1
    unit = max(1, -(-max(counts.values()) // 24))
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right")
    for low, high in BINS:
        grid.add_row("100 %" if low == high else f"{low}–{high}", Text("█" * -(-counts[low] // unit), "cyan"),
                     str(counts[low] or ""))  # fmt: skip
    return Panel(grid, title="scores in percent", width=44)


def _figures(reports: list[Report]) -> Panel:
    scores = [report.score or 0 for report in reports]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right")
    grid.add_row("submissions", str(len(reports)))
    grid.add_row("median", f"{statistics.median(scores):g} / {reports[0].max_score}")
    grid.add_row("mean", f"{statistics.fmean(scores):.1f}")
    grid.add_row("full marks", str(sum(report.score == report.max_score for report in reports)))
    grid.add_row("nothing yet", str(sum(score == 0 for score in scores)))
    return Panel(grid, title="class", width=32)


def _questions(reports: list[Report], width: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("question", overflow="fold")
    for name in ("points", "mean", "full marks"):
        table.add_column(name, justify="right")
    if width >= NARROW:
        table.add_column("most often lost", overflow="fold")
    by_name: dict[str, list[int]] = {}
    for report in reports:
        for question in report.questions:
            by_name.setdefault(question.name, []).append(question.score)
    for name, scores in by_name.items():
        questions = [q for report in reports for q in report.questions if q.name == name]
        most = questions[0].max_score
        row = [name, str(most), f"{sum(scores) / len(scores) / most:.0%}", str(sum(score == most for score in scores))]
        if width >= NARROW:
            row.append(_most_often_lost([check for question in questions for check in question.checks]))
        table.add_row(*row)
    return table


def _most_often_lost(checks: list[CheckResult]) -> str:
    lost = Counter(check.name for check in checks if check.outcome in (Outcome.FAILED, Outcome.STOPPED))
    return ", ".join(f"{name} ({count})" for name, count in lost.most_common(2))


def _needs_a_look(reports: tuple[Report, ...], names: Mapping[str, str]) -> RenderableType:
    concerns = [(report, concern) for report in reports if (concern := _concern(report))]
    if not concerns:
        return Text("")
    title = f"{len(concerns)} submission{'s need' if len(concerns) > 1 else ' needs'} a look"
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold yellow", box=None, show_header=False,
                  pad_edge=False, padding=(0, 2, 0, 0))  # fmt: skip
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=2)
    table.add_column(overflow="fold", ratio=3)
    for report, (sign, sentence) in concerns:
        table.add_row(sign, Text(names.get(report.submission) or report.submission), Text(sentence))
    return table


def _concern(report: Report) -> tuple[str, str] | None:
    if report.outcome is not ReportOutcome.GRADED:
        return "!", report.notes[0].message
    for question in report.questions:
        problem = first_problem(question)
        if question.outcome is Outcome.STOPPED and problem is not None:
            stopped = next(check for check in question.checks if check.outcome is Outcome.STOPPED)
            return SIGNS[Outcome.STOPPED], stopped.message
    for note in report.notes:
        if note.fault in CONCERNS:
            return SIGNS[Outcome.FAILED], note.message
    if report.flags:
        return "?", f"flagged: {', '.join(_unique(report.flags))}"
    return None


def _unique(flags: tuple[str, ...]) -> Iterator[str]:
    yield from dict.fromkeys(flags)
