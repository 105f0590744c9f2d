"""What becomes of late work, of several attempts and of decisions: nothing is silent, and nobody gains by it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from gradebooks import ADA, ALAN, EMMY, GRACE, entry
from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook import Adjustment, Entry, Grade, Override, Policy, Student
from autograder.policy import grade_students, remarks_on_policy
from autograder.render.feedback import load_policy_words

WORDS = load_policy_words("en")
DUE = "2026-11-24T23:59:00+01:00"
TEN = Policy(due=DUE, percent_a_day=10)


def grade_of(*entries: Entry, policy: Policy = TEN, overrides: tuple[Override, ...] = ()) -> Grade:
    (grade,) = grade_students(entries, [ADA], policy, overrides, 100, WORDS)
    return grade


LATE = {
    "in time": (TEN, "2026-11-24T23:59:00+01:00", None, 80, None),
    "in time in another time zone": (TEN, "2026-11-24T14:59:00-08:00", None, 80, None),
    "a second late": (
        TEN, "2026-11-24T23:59:01+01:00", None, 70, "1 s late: 1 day begun, 10 % of 100 points.",
    ),
    "a day and a bit late": (
        TEN, "2026-11-26T02:04:00+01:00", None, 60, "1 day 2 h late: 2 days begun, 20 % of 100 points.",
    ),
    "at the cap": (
        Policy(DUE, percent_a_day=10, most_percent=25), "2026-11-30T23:59:00+01:00", None, 55,
        "6 days late: 6 days begun, 25 % of 100 points, the most it costs.",
    ),
    "within grace": (
        Policy(DUE, grace_days=2, percent_a_day=10), "2026-11-26T12:00:00+01:00", None, 80,
        "1 day 12 h late, within 2 days of grace.",
    ),
    "after grace": (
        Policy(DUE, grace_days=1, percent_a_day=10), "2026-11-26T00:29:00+01:00", None, 70,
        "1 day late: 1 day begun after 1 day of grace, 10 % of 100 points.",
    ),
    "a broken percentage": (
        Policy(DUE, percent_a_day=2.5), "2026-11-25T00:04:00+01:00", None, 77.5,
        "5 min late: 1 day begun, 2.5 % of 100 points.",
    ),
    "more than there is": (
        Policy(DUE, percent_a_day=90), "2026-11-25T00:04:00+01:00", None, 0,
        "5 min late: 1 day begun, 90 % of 100 points. No score goes below 0.",
    ),
    "late for nothing": (Policy(DUE), "2026-11-25T00:04:00+01:00", None, 80, "5 min late. That costs nothing."),
    "the platform says so": (
        TEN, "", True, 70, "Late, says the platform, and not by how much: 1 day begun, 10 % of 100 points.",
    ),
    "the platform says so, with grace": (
        Policy(DUE, grace_days=1, percent_a_day=10), "", True, 80,
        "Late, says the platform, and not by how much, within 1 day of grace.",
    ),
    "the platform says so, and times say no": (TEN, "2026-11-24T12:00:00+01:00", True, 80, None),
    "no time at all": (TEN, "", None, 80, None),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "submitted", "is_late", "score", "reason"), LATE.values(), ids=LATE)
def test_lateness_costs_what_the_policy_says(
    policy: Policy, submitted: str, is_late: bool | None, score: float, reason: str | None
) -> None:
    """And the reason says it in a sentence, also where it costs nothing."""
    grade = grade_of(entry(80, ADA, submitted=submitted, is_late=is_late), policy=policy)

    assert grade.score == score
    assert isinstance(grade.score, type(score))
    assert grade.adjustments == (() if reason is None else (Adjustment("late", score - 80, reason),))


def test_hand_ins_without_a_time_are_told_once() -> None:
    """A due date that nothing can be held against is a mistake of whoever gave it."""
    timeless = [entry(80, ADA), entry(70, ALAN), entry(60, GRACE, submitted=DUE), entry(50, EMMY, is_late=True)]

    assert remarks_on_policy(timeless, TEN) == (
        f"2 hand-ins have no time, and nobody is late by a guess: see that they came before {DUE}.",
    )
    assert remarks_on_policy(timeless, Policy()) == ()


def attempts(*scores: int | None, days: tuple[float, ...] = ()) -> list[Entry]:
    """Attempts 1, 2, …, handed in so many days after the due date."""
    due = datetime.fromisoformat(DUE)
    times = [(due + timedelta(days=late)).isoformat() for late in days] or [""] * len(scores)
    return [
        entry(score, ADA, name=f"ada-{number}", submitted=time, attempt=number)
        for number, (score, time) in enumerate(zip(scores, times), start=1)
    ]


COUNTED = {
    "the latest, though it is worse": ("latest", attempts(90, 60), 2, 60),
    "the latest by time, whatever its number": ("latest", attempts(90, 60, days=(0, -1)), 1, 90),
    "the latest, though it is a fault of ours": ("latest", attempts(90, None), 2, None),
    "the best": ("best", attempts(70, 90, 60), 2, 90),
    "the best after what lateness costs": ("best", attempts(85, 90, days=(-1, 1)), 1, 85),
    "the earlier of two best": ("best", attempts(90, 90, days=(-2, -1)), 1, 90),
    "the earlier of two of which lateness takes all": ("best", attempts(5, 18, days=(0.5, 1.5)), 1, 0),
    "the one with the higher number, of two at the same time": (
        "latest",
        [
            entry(60, ADA, name="a", submitted=DUE, attempt=2),
            entry(90, ADA, name="b", submitted=DUE, attempt=1),
        ],
        2,
        60,
    ),
    "the best of two that are faults of ours": ("best", attempts(None, None), 2, None),
}


@pytest.mark.parametrize(("counts", "made", "number", "score"), COUNTED.values(), ids=COUNTED)
def test_one_attempt_counts(counts: str, made: list[Entry], number: int, score: float | None) -> None:
    """The one that the policy names; a fault of ours is never a zero."""
    grade = grade_of(*made, policy=Policy(DUE, percent_a_day=10, counts=counts))

    assert grade.entry is not None
    assert (grade.entry.handin.attempt, grade.score, grade.attempts) == (number, score, len(made))


def test_a_best_attempt_that_waits_for_another_is_told() -> None:
    """An attempt that we could not grade might have been better."""
    grade = grade_of(*attempts(70, None), policy=Policy(counts="best"))

    assert grade.score == 70
    assert grade.adjustments == (
        Adjustment(
            "attempt",
            0,
            "Attempt 2 could not be graded, which is a fault of the grader: attempt 1 counts until it is.",
        ),
    )


DECIDED = {
    "a score": (80, Override("s1000", 95, None, "oral exam"), 95, Adjustment("override", 15, "oral exam")),
    "a broken score": (80, Override("s1000", 87.25, None, "curve"), 87.25, Adjustment("override", 7.25, "curve")),
    "points on top": (80, Override("s1000", None, 2.5, "a good bug report"), 82.5,
                      Adjustment("points", 2.5, "a good bug report")),
    "points above the maximum": (100, Override("s1000", None, 5, "found a bug"), 105,
                                 Adjustment("points", 5, "found a bug")),
    "points off": (80, Override("s1000", None, -20, "no names"), 60, Adjustment("points", -20, "no names")),
    "more points off than there are": (
        15, Override("s1000", None, -20, "no names"), 0,
        Adjustment("points", -15, "no names (-20 points. No score goes below 0.)"),
    ),
    "a score in place of a fault of ours": (None, Override("s1000", 70, None, "by hand"), 70,
                                            Adjustment("override", 70, "by hand")),
    "points on top of a fault of ours": (
        None, Override("s1000", None, 5, "a good bug report"), None,
        Adjustment("points", 5, "a good bug report (There is no score yet that they could be added to.)"),
    ),
    "of somebody else": (80, Override("s1001", 0, None, "copied"), 80, None),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "override", "score", "change"), DECIDED.values(), ids=DECIDED)
def test_an_instructor_decides_last(
    raw: int | None, override: Override, score: float | None, change: Adjustment | None
) -> None:
    """With a reason that stays beside the score."""
    grade = grade_of(entry(raw, ADA), overrides=(override,))

    assert grade.score == score
    assert grade.adjustments == ((change,) if change else ())


def test_a_group_shares_a_grade_and_nobody_is_left_out() -> None:
    """By name: the members of a group, who is on no list, and who handed in nothing and therefore has no score."""
    nobody = Student("x7", "Zoe")
    grades = grade_students([entry(80, ALAN, ADA), entry(50, nobody)], [ADA, ALAN, GRACE], Policy(), (), 100, WORDS)

    assert [(grade.student, grade.score, grade.attempts) for grade in grades] == [
        (ADA, 80, 1),
        (ALAN, 80, 1),
        (GRACE, None, 0),
        (nobody, 50, 1),
    ]


def test_a_roster_knows_a_student_better_than_a_hand_in() -> None:
    """The id joins them; the name and the section are those of the roster."""
    (grade,) = grade_students([entry(80, Student("s1000", "ada"))], [ADA], Policy(), (), 100, WORDS)

    assert grade.student == ADA


def test_two_hand_ins_that_call_one_student_differently_have_an_order() -> None:
    """Which of the names is told does not depend on who was graded first."""
    one, other = entry(80, Student("x7", "Zoe"), name="a"), entry(80, Student("x7", "Zoë"), name="b")

    for entries in ([one, other], [other, one]):
        (grade,) = grade_students(entries, [], Policy(), (), 100, WORDS)
        assert grade.student.name == "Zoe"


# ---- laws --------------------------------------------------------------------------------------------------

POLICIES = st.builds(
    Policy,
    due=st.sampled_from(["", DUE]),
    grace_days=st.sampled_from([0, 0.5, 1, 3]),
    percent_a_day=st.sampled_from([0, 2.5, 10, 33.33, 100]),
    most_percent=st.sampled_from([0, 25, 50, 100]),
    counts=st.sampled_from(["latest", "best"]),
)
SCORES = st.none() | st.integers(0, 105)
TIMES = st.integers(-200, 400).map(
    lambda hours: (datetime(2026, 11, 24, 22, 59, tzinfo=timezone.utc) + timedelta(hours=hours)).isoformat()
)
PEOPLE = [ADA, ALAN, GRACE]
HANDINS = st.lists(
    st.tuples(
        SCORES,
        st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique_by=lambda one: one.id),
        st.just("") | TIMES,
        st.sampled_from([None, False, True]),
        st.integers(1, 3),
    ),
    max_size=6,
).map(
    lambda made: [
        entry(score, *students, name=f"hand-in {number}", submitted=time, is_late=is_late, attempt=attempt)
        for number, (score, students, time, is_late, attempt) in enumerate(made)
    ]
)
HUNDREDTHS = st.integers(-10000, 10000).map(lambda number: number / 100)
OVERRIDES = st.lists(
    st.builds(Override, st.sampled_from(["s1000", "s1001"]), HUNDREDTHS.map(abs), st.none(), st.just("why"))
    | st.builds(Override, st.sampled_from(["s1000", "s1001"]), st.none(), HUNDREDTHS, st.just("why")),
    max_size=2,
    unique_by=lambda one: one.student,
)


@given(HANDINS, POLICIES, OVERRIDES)
def test_what_was_changed_is_the_sum_of_the_changes(
    entries: list[Entry], policy: Policy, overrides: list[Override]
) -> None:
    """No adjustment is lost and none counts twice; every one has a reason; no score is below 0."""
    for grade in grade_students(entries, PEOPLE, policy, overrides, 100, WORDS):
        decided = [one for one in overrides if one.student == grade.student.id]
        assert len([one for one in grade.adjustments if one.kind in ("override", "points")]) == len(decided)
        assert all(one.reason for one in grade.adjustments)
        if grade.score is not None:
            raw = (grade.entry.report.score if grade.entry else None) or 0
            assert round(100 * (grade.score - raw)) == sum(round(100 * one.points) for one in grade.adjustments)
            assert grade.score >= 0
            assert grade.score == round(grade.score, 2)
        else:
            assert grade.entry is None or grade.entry.report.score is None


@given(HANDINS, POLICIES, OVERRIDES, st.randoms(use_true_random=False))
def test_the_order_of_hand_ins_does_not_matter(
    entries: list[Entry], policy: Policy, overrides: list[Override], random: object
) -> None:
    """Four workers finish in any order."""
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert grade_students(shuffled, PEOPLE, policy, overrides, 100, WORDS) == grade_students(
        entries, PEOPLE, policy, overrides, 100, WORDS
    )


@given(st.integers(0, 105), TIMES, TIMES, POLICIES)
def test_to_hand_in_later_never_pays(score: int, one: str, other: str, policy: Policy) -> None:
    """The same work, handed in later, has the same score or a lower one."""
    earlier, later = sorted([one, other])

    def scored(time: str) -> float:
        return grade_of(entry(score, ADA, submitted=time), policy=policy).score or 0

    assert scored(later) <= scored(earlier)


@given(HANDINS, POLICIES)
def test_the_best_attempt_is_never_worse_than_the_latest(entries: list[Entry], policy: Policy) -> None:
    """Where both have a score."""
    both = [
        grade_students(
            entries, PEOPLE, Policy(policy.due, policy.grace_days, policy.percent_a_day, counts=counts), (), 100, WORDS
        )
        for counts in ("best", "latest")
    ]
    for best, latest in zip(*both):
        assert best.score is not None or latest.score is None
        assert (best.score or 0) >= (latest.score or 0)


@pytest.mark.parametrize(
    ("policy", "submitted", "said"),
    [
        pytest.param(
            Policy(due=DUE, grace_days=2, percent_a_day=20, most_percent=30),
            "2026-11-29T12:00:00+01:00",
            "4 Tage 12 h zu spät: 3 Tage angefangen nach der Nachfrist (2 Tage), 30 % von 100 Punkten; "
            "mehr kostet es nie.",
            id="at most",
        ),
        pytest.param(
            Policy(due=DUE, grace_days=1, percent_a_day=20),
            "2026-11-25T12:00:00+01:00",
            "12 h 1 min zu spät, innerhalb der Nachfrist (1 Tag).",
            id="in grace",
        ),
    ],
)
def test_a_reason_is_in_the_language_of_the_students(policy: Policy, submitted: str, said: str) -> None:
    """It stands on their own page."""
    late = [entry(80, ADA, submitted=submitted)]
    (grade,) = grade_students(late, [ADA], policy, (), 100, load_policy_words("de"))

    assert [one.reason for one in grade.adjustments] == [said]
