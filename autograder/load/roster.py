"""A roster as CSV, from a platform or made by hand → people, and who of an export they are."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.gradebook import Student
from autograder.load.uploads import clean, listed

MOST_BYTES = 16 << 20

COLUMNS = {
    "id": ("id", "userid", "canvasid", "canvasuserid", "studentid", "identifier", "participant", "participantid"),
    "sid": (
        "sid",
        "sisuserid",
        "sisid",
        "idnumber",
        "studentnumber",
        "matriculationnumber",
        "number",
        "matrikelnummer",
    ),
    "login": ("login", "loginid", "sisloginid", "username", "user", "githubusername", "github", "anmeldename", "netid"),
    "email": ("email", "emailaddress", "mail", "emailadresse", "emails"),
    "name": ("name", "student", "fullname", "studentname", "vollständigername", "users"),
    "first": ("firstname", "first", "givenname", "vorname", "forename"),
    "last": ("lastname", "last", "surname", "familyname", "nachname"),
    "section": ("section", "sections", "group", "groups", "class", "gruppe", "gruppen", "sectionname"),
}
"""What a column holds, by what stands above it: of Canvas, Moodle, Gradescope, nbgrader, GitHub and hand-made lists."""

IDS = ("id", "sid", "login", "email")
"""What tells people apart, in the order in which it is tried."""

PARTICIPANT = re.compile(r"^[^\d\s]+ (?=\d{3,}$)")
"""Moodle's worksheets have `Participant 10019166`, and that in the site's language."""


@dataclass(frozen=True)
class Person:
    """A row of a roster. `ids` are what the person may be known by, one for each of `IDS`, "" where it is not there."""

    name: str
    ids: tuple[str, ...]
    section: str = ""

    @property
    def student(self) -> Student:
        return Student(next(filter(None, self.ids), self.name), self.name, self.ids[IDS.index("email")], self.section)


def load_roster(path: Path) -> tuple[Person, ...]:
    """The people of a roster, in order. Raises UsageError for a file that cannot be read, or has no such column."""
    try:
        with path.open("rb") as file:
            source = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file. A roster is a CSV file with a row for each student.") from None
    except OSError as error:
        raise UsageError(f"{path}: this roster cannot be read: {error.strerror}.") from None
    if len(source) > MOST_BYTES:
        raise UsageError(f"{path}: more than {MOST_BYTES >> 20} MB, which is no roster.")
    text = _decoded(source)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UsageError(f"{path}: this is no CSV file: {error}.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    columns = _columns(rows[0]) if rows else {}
    if not columns.keys() & {*IDS, "name", "last"}:
        got = ", ".join(clean(cell) for cell in rows[0][:8]) if rows else "an empty file"
        raise UsageError(
            f"{path}: no column says who the students are.\n"
            f"  wanted  a first line with some of Name, ID, Login, Email, Section\n  got     {got}"
        )
    people = (_person(row, columns) for row in rows[1:])
    return tuple(dict.fromkeys(person for person in people if person is not None))


@dataclass(frozen=True)
class Joined:
    """Who of an export is on a roster. `students` are those of the export, with what the roster knows of them.

    `missing` are those of the roster who are nobody in the export.
    """

    students: Mapping[Student, Student]
    missing: tuple[Student, ...]
    remarks: tuple[str, ...]


def join(students: Iterable[Student], people: Sequence[Person]) -> Joined:
    """The students of an export, looked up by id, login, e-mail address and name; remarks say who was not found.

    The id stays that of the export. Nobody is guessed: whoever could be two people stays as the export has them.
    """
    exact = [_index(people, number) for number in range(len(IDS))]
    named: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        for form in _forms(person.name):
            named[form].append(person)
    found: dict[Student, Person] = {}
    unknown: list[str] = []
    unclear: list[str] = []
    for student in dict.fromkeys(students):
        by_id = _by_id(student, exact)
        by_name = list(dict.fromkeys(person for form in _forms(student.name) for person in named.get(form, ())))
        matches = by_id or by_name or list(dict.fromkeys(p for form in _forms(student.id) for p in named.get(form, ())))
        is_other = bool(by_id and len(by_name) == 1 and by_name[0] not in by_id)
        if len(matches) > 1 or is_other:
            unclear.append(student.shown)
        elif matches:
            found[student] = matches[0]
        else:
            unknown.append(student.shown)
    taken: dict[Person, list[Student]] = defaultdict(list)
    for student, person in found.items():
        taken[person].append(student)
    for twice in (several for several in taken.values() if len(several) > 1):
        unclear += [f"{student.shown} ({student.id})" for student in twice]
        for student in twice:
            del found[student]
    remarks = []
    if unclear:
        remarks.append(f"Could be more than one person of the roster, so nobody was chosen: {listed(unclear)}.")
    if unknown:
        remarks.append(f"Handed in, and not on the roster: {listed(unknown)}.")
    joined = {
        student: Student(student.id, person.name or student.name, person.student.email or student.email, person.section)
        for student, person in found.items()
    }
    absent = tuple(person.student for person in people if person not in taken)
    return Joined(joined, absent, tuple(remarks))


def _decoded(source: bytes) -> str:
    """As Excel writes: UTF-8 with or without its mark, UTF-16 with one, or the letters of Windows."""
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.decode("utf-16", "replace")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return source.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where what stands; of two columns for one thing, the one whose name comes first in the table."""
    plain = [_plain(cell) for cell in header]
    places = {kind: [plain.index(name) for name in names if name in plain] for kind, names in COLUMNS.items()}
    return {kind: found[0] for kind, found in places.items() if found}


def _plain(text: str) -> str:
    """Only letters and digits, in small letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _person(row: Sequence[str], columns: dict[str, int]) -> Person | None:
    cells = {kind: clean(row[place]) if place < len(row) else "" for kind, place in columns.items()}
    full = " ".join(filter(None, (cells.get("first", ""), cells.get("last", ""))))
    name = full or cells.get("name", "")
    ids = tuple(PARTICIPANT.sub("", cells.get(kind, "")) for kind in IDS)
    if name == "Points Possible" or not (name or any(ids)):  # Canvas writes it into the second row
        return None
    return Person(name, ids, cells.get("section", ""))


def _index(people: Sequence[Person], number: int) -> dict[str, list[Person]]:
    index: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.ids[number]:
            index[_same(person.ids[number])].append(person)
    return index


def _by_id(student: Student, exact: Sequence[dict[str, list[Person]]]) -> list[Person]:
    """Who has the student's id, in the first column in which somebody has it; else who has the e-mail address."""
    keys = [(student.id, index) for index in exact] + [(student.email, exact[IDS.index("email")])]
    return next((index[_same(text)] for text, index in keys if text and _same(text) in index), [])


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _forms(name: str) -> set[str]:
    """A name as it may be written: `Lovelace, Ada` is `Ada Lovelace`, and Canvas's files have `lovelaceada`."""
    if not name:
        return set()
    last, comma, first = name.partition(",")
    forms = {_same(name)}
    if comma:
        forms |= {_same(f"{first} {last}"), _squeezed(name)}
    else:
        *others, end = name.split() or [""]
        forms.add(_squeezed(f"{end}{''.join(others)}") if others else _squeezed(name))
    return forms


def _squeezed(name: str) -> str:
    """What Canvas leaves of a name: letters, digits and `_`."""
    return re.sub(r"[^\w]", "", name).lower()
