"""Lines of a platform's file and students of a class: joined where that is certain, in no particular order."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook import Student
from autograder.render.who import came_from, find_students, line_of, names_of, who_is

FEW = st.sampled_from(["", "1", "2", "3", "a@x.edu", "b@x.edu", "a"])
NAMES = st.sampled_from(["", "Wei Chen", "Chen, Wei", "Ada", "a", "1"])
STUDENTS = st.lists(st.builds(Student, FEW.filter(bool), NAMES, FEW), max_size=5, unique_by=lambda one: one.id)
LINES = st.lists(st.tuples(FEW, st.lists(FEW, max_size=2), NAMES), max_size=5)


@given(STUDENTS, LINES, st.booleans(), st.integers(0, 99))
def test_no_student_is_on_two_lines_and_order_does_not_matter(
    students: list[Student], lines: list[tuple[str, list[str], str]], has_number: bool, seed: int
) -> None:
    """A line that is filled in names its student by something, and no other line has that student."""
    by_row = {row: line_of([number], ids, [name]) for row, (number, ids, name) in enumerate(lines)}
    who = [who_is(student, student.id if has_number else "") for student in students]
    found = find_students(by_row, who)

    assert len(set(found.students.values())) == len(found.students)
    assert not found.unclear & found.students.keys()
    for row, index in found.students.items():
        assert any(mine & theirs for mine, theirs in zip(who[index].tiers, by_row[row].tiers))

    random = Random(seed)
    order = list(range(len(students)))
    random.shuffle(order)
    rows = list(by_row.items())
    random.shuffle(rows)
    again = find_students(dict(rows), [who[index] for index in order])
    assert {row: order[index] for row, index in again.students.items()} == found.students
    assert again.unclear == found.unclear


@given(STUDENTS)
def test_a_class_finds_itself_by_its_ids(students: list[Student]) -> None:
    """Where the platform has our numbers, names and emails that look like them change nothing."""
    lines = {row: line_of([one.id], [], [one.name]) for row, one in enumerate(students)}

    assert find_students(lines, [who_is(one, one.id) for one in students]).students == {row: row for row in lines}


def test_a_name_is_the_same_in_both_orders() -> None:
    """In any letters, and with any spaces."""
    assert names_of(["Lovelace,  Ada"]) == names_of(["ada LOVELACE"]) == {"ada lovelace"}
    assert names_of(["Ｗｅｉ Chen"]) == names_of(["Wei Chen"])


LAYOUTS = {
    "Moodle, folders": True,
    "Moodle, folders; Moodle, files": True,
    "moodle": True,
    "Moodle, files; plain files": False,
    "Canvas": False,
    "": False,
}


@pytest.mark.parametrize(("layout", "is_moodle"), LAYOUTS.items(), ids=[layout or "none" for layout in LAYOUTS])
def test_numbers_are_a_platforms_own_where_all_came_from_there(layout: str, is_moodle: bool) -> None:
    """As the layout of a class is told; a mixed class has numbers of anybody."""
    assert came_from(layout, "moodle") == is_moodle
