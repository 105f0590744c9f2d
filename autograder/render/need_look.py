"""What a person should see before grades go out: unreadable files, faults, notes, late work, changed points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.gradebook import Grade
from autograder.records import Outcome, Report, ReportOutcome
from autograder.render.chart import signed, styled
from autograder.render.markup import Markup, element
from autograder.render.people import Person
from autograder.render.score_grid import person_html

KINDS = ("error", "unreadable", "stopped", "flags", "notes", "override", "points", "late", "missing")
"""In this order; each is a group of its own, with its words under `look_at`."""

MOST = 6
"""Items of a group that are shown at once."""


@dataclass(frozen=True)
class Look:
    """One thing to look at. `said` may hold what a student wrote: it stands on no anonymous page."""

    kind: str
    person: Person
    said: str = ""


def looks_of(person: Person, grade: Grade, words: Mapping[str, Any]) -> Iterator[Look]:
    """What there is to look at of one student."""
    if grade.entry is None:
        yield Look("missing", person)
    else:
        handin, report = grade.entry.handin, grade.entry.report
        yield from (Look(kind, person, said) for kind, said in _of_report(report, words))
        is_told = report.outcome is not ReportOutcome.GRADED
        notes = [*handin.notes, *(() if is_told else report.notes)]
        for said in dict.fromkeys(note.message or note.fault for note in notes):
            yield Look("notes", person, said)
        if handin.is_late and not any(one.kind == "late" for one in grade.adjustments):
            yield Look("late", person, handin.submitted)
    for one in grade.adjustments:
        yield Look(one.kind if one.kind in KINDS else "points", person, f"{signed(one.points)} · {one.reason}")


def look_list(looks: Sequence[Look], remarks: Sequence[str], anonymous: bool, words: Mapping[str, Any]) -> Markup:
    """The groups, each with its students; on an anonymous page, how many they are."""
    kinds = {kind: [look for look in looks if look.kind == kind] for kind in KINDS}
    groups = [_group(kind, found, anonymous, words) for kind, found in kinds.items() if found]
    if remarks and not anonymous:
        items = [element("li", remark) for remark in remarks]
        groups.append(element("div", element("h3", words["look_at"]["remarks"]), *_listed(items, "told")))
    return styled("div", "looks", *groups) if groups else element("p", words["look_nothing"])


def _listed(items: Sequence[Markup], kind: str) -> Iterator[Markup]:
    """The first items, and the others behind a label."""
    shown = MOST if kind == "told" else 4 * MOST
    yield styled("ul", kind, *items[:shown])
    if items[shown:]:
        yield element("details", element("summary", f"+ {len(items) - shown}"), styled("ul", kind, *items[shown:]))


def _of_report(report: Report, words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if report.outcome is not ReportOutcome.GRADED:
        yield report.outcome.value, " ".join(note.message for note in report.notes)
    stopped = [result.name for result in report.questions if result.outcome is Outcome.STOPPED]
    if stopped:
        yield "stopped", ", ".join(stopped)
    faults = [result.name for result in report.questions if result.outcome is Outcome.ERROR]
    if faults:
        yield "error", ", ".join(faults)
    for flag in report.flags:
        yield "flags", words["flags"].get(flag, flag)


def _group(kind: str, looks: Sequence[Look], anonymous: bool, words: Mapping[str, Any]) -> Markup:
    count = styled("span", "count", str(len({look.person.number for look in looks})))
    head = element("h3", words["look_at"][kind], " ", count)
    if anonymous:
        return element("div", head)
    said = any(look.said for look in looks)
    items = [element("li", person_html(look.person), *([f": {look.said}"] if look.said else [])) for look in looks]
    return element("div", head, *_listed(items, "told" if said else "names"))
