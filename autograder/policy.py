"""Graded hand-ins → the grade of each student: which attempt counts, what lateness costs, what an instructor decides.

Points are counted in hundredths here, which are whole numbers, so that the sum of what was changed is what was changed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from autograder.gradebook import Adjustment, Entry, Grade, Handin, Override, Policy, Student
from autograder.times import read_time

DAY = timedelta(days=1)

Words = Mapping[str, str]
"""The reasons as sentences with facts in braces, in the students' language."""


def grade_students(
    entries: Iterable[Entry],
    students: Iterable[Student],
    policy: Policy,
    overrides: Iterable[Override],
    max_score: int,
    words: Words,
) -> tuple[Grade, ...]:
    """One grade for each of the `students`, and for whoever handed in without being among them; by name, then by id.

    Of a group, each member has the grade of the hand-in. Nobody who handed in nothing has a score, and neither has a
    report that is a fault of the grader: a zero would look like an answer. An override gives a score to both.
    """
    known: dict[str, Student] = {}
    attempts: dict[str, list[Entry]] = defaultdict(list)
    entries = sorted(entries, key=lambda entry: entry.handin.name)  # whoever is told of only there: always the same
    for student in (*students, *(student for entry in entries for student in entry.handin.students)):
        known.setdefault(student.id, student)
    for entry in entries:
        for id in {student.id for student in entry.handin.students}:
            attempts[id].append(entry)
    decided = {override.student: override for override in overrides}
    in_order = sorted(known.values(), key=lambda student: (student.shown.casefold(), student.id))
    return tuple(_grade(one, attempts[one.id], policy, decided.get(one.id), max_score, words) for one in in_order)


def remarks_on_policy(entries: Iterable[Entry], policy: Policy) -> tuple[str, ...]:
    """Sentences for the instructor on what the policy could not see."""
    handins = [entry.handin for entry in entries]
    timeless = [one for one in handins if read_time(one.submitted) is None and one.is_late is None]
    if not policy.due or not timeless:
        return ()
    count = "1 hand-in has" if len(timeless) == 1 else f"{len(timeless)} hand-ins have"
    return (f"{count} no time, and nobody is late by a guess: see that they came before {policy.due}.",)


def _grade(
    student: Student, attempts: Sequence[Entry], policy: Policy, override: Override | None, max_score: int, words: Words
) -> Grade:
    entry, changes = _counting(attempts, policy, max_score, words)
    raw = entry.report.score if entry else None
    hundredths = None if raw is None else 100 * raw
    if entry is not None:
        late = _lateness(entry.handin, policy, max_score, words)
        if late is not None:
            cost = min(late[0], hundredths or 0)
            reason = words["not_below"].format(reason=late[1]) if cost < late[0] else late[1]
            changes.append(Adjustment("late", _points(-cost), reason))
            hundredths = None if hundredths is None else hundredths - cost
    if override is not None:
        change, hundredths = _decided(override, hundredths, words)
        changes.append(change)
    score = None if hundredths is None else _points(hundredths)
    return Grade(student, entry, score, max_score, tuple(changes), len(attempts))


def _decided(override: Override, hundredths: int | None, words: Words) -> tuple[Adjustment, int | None]:
    """What an override changes, and the hundredths that it leaves: none fewer than 0."""
    if override.score is not None:
        wanted = round(100 * override.score)
        return Adjustment("override", _points(wanted - (hundredths or 0)), override.reason), wanted
    points = round(100 * (override.points or 0))
    if hundredths is None:
        return Adjustment("points", _points(points), words["decided_no_score"].format(reason=override.reason)), None
    if hundredths + points < 0:
        reason = words["decided_not_below"].format(reason=override.reason, points=_points(points))
        return Adjustment("points", _points(-hundredths), reason), 0
    return Adjustment("points", _points(points), override.reason), hundredths + points


# ---- which attempt counts ----------------------------------------------------------------------------------


def _counting(
    attempts: Sequence[Entry], policy: Policy, max_score: int, words: Words
) -> tuple[Entry | None, list[Adjustment]]:
    """The attempt that counts, and what a person should know of the choice.

    Of two best attempts, the earlier one counts: it is never later than the other. The latest one counts whatever came
    of it; the best one is among those that have a score.
    """
    if not attempts:
        return None, []
    in_order = _in_time(attempts)
    scored = [entry for entry in in_order if entry.report.score is not None]
    if policy.counts == "latest" or not scored:
        return in_order[-1], []
    best = max(scored, key=lambda entry: _after_lateness(entry, policy, max_score, words))
    waiting = [entry for entry in in_order if entry.report.score is None]
    return best, [_waiting_for(entry, best, words) for entry in waiting]


def _waiting_for(entry: Entry, best: Entry, words: Words) -> Adjustment:
    facts = {"attempt": entry.handin.attempt, "other": best.handin.attempt}
    return Adjustment("attempt", 0, words["waiting"].format_map(facts))


def _in_time(attempts: Sequence[Entry]) -> list[Entry]:
    """From the first to the last: by their times where all have one, else by the platform's count of attempts."""
    times: Mapping[str, datetime | None] = {one.handin.name: read_time(one.handin.submitted) for one in attempts}
    if None in times.values():
        return sorted(attempts, key=lambda entry: (entry.handin.attempt, entry.handin.name))
    return sorted(attempts, key=lambda entry: (times[entry.handin.name], entry.handin.attempt, entry.handin.name))


def _after_lateness(entry: Entry, policy: Policy, max_score: int, words: Words) -> int:
    late = _lateness(entry.handin, policy, max_score, words)
    return max(0, 100 * (entry.report.score or 0) - (late[0] if late else 0))


# ---- what lateness costs -----------------------------------------------------------------------------------


def _lateness(handin: Handin, policy: Policy, max_score: int, words: Words) -> tuple[int, str] | None:
    """What lateness costs, in hundredths, and why; None for what is in time.

    Where both times are known, they decide. Where only the platform's word is, it is taken for the least that it can
    mean: one day begun, or none where there is any grace.
    """
    due, submitted = read_time(policy.due), read_time(handin.submitted)
    if due is not None and submitted is not None:
        if submitted <= due:
            return None
        said = words["late"].format(duration=_duration(submitted - due, words))
        days = math.ceil(max(0.0, (submitted - due) / DAY - policy.grace_days))
    elif handin.is_late:
        said = words["late_somehow"]
        days = 0 if policy.grace_days else 1
    else:
        return None
    if not policy.percent_a_day:
        return 0, words["free"].format(said=said)
    grace = _days(policy.grace_days, words)
    if not days:
        return 0, words["grace"].format(said=said, grace=grace)
    percent = min(policy.most_percent, days * policy.percent_a_day)
    kind = "most" if percent < days * policy.percent_a_day else "cost"
    sentence = words[f"{kind}_after_grace" if policy.grace_days else kind]
    facts = {"said": said, "days": _days(days, words), "grace": grace, "percent": f"{percent:g}"}
    return round(percent * max_score), sentence.format(max_score=max_score, **facts)


def _duration(late: timedelta, words: Words) -> str:
    """`2 days 3 h`, `5 min`, `1 s`: the largest unit and the one below it."""
    seconds = math.ceil(late.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    units = [(days, _days(days, words)), (hours, f"{hours} h"), (minutes, f"{minutes} min")]
    largest = next(place for place, (amount, _) in enumerate(units) if amount)
    return " ".join(text for amount, text in units[largest : largest + 2] if amount)


def _days(days: float, words: Words) -> str:
    return words["day"] if days == 1 else words["days"].format(days=f"{days:g}")


def _points(hundredths: int) -> float:
    """Points: a whole number where it is one, else two decimals."""
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100
