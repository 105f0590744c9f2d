"""Lines of a platform's file → students of a class: by id, by email, by name at last, and never guessed.

Both sides are told by what is known of them, the surest first. Two of one name are nobody, as long as that is all.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.gradebook import Student


@dataclass(frozen=True)
class Who:
    """What is known of a person, in small letters: the platform's own number; ids and emails; what emails begin with,
    or names of logins; and names."""

    number: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def tiers(self) -> tuple[frozenset[str], ...]:
        return (self.number, self.ids, self.logins, self.names)


TIERS = len(Who().tiers)


@dataclass(frozen=True)
class Found:
    """Which line is whose: `students` by line. `unclear` lines are of somebody who might be one of several."""

    students: Mapping[int, int]
    unclear: frozenset[int]


def who_is(student: Student, number: str = "") -> Who:
    """A student of ours, with what the platform itself knows them by, where the class came from that platform."""
    ids = _keys([student.id, student.email])
    return Who(
        number=_keys([number]),
        ids=ids,
        logins=frozenset(id.partition("@")[0] for id in ids),
        names=names_of([student.name]),
    )


def line_of(number: Iterable[str], ids: Iterable[str], names: Iterable[str]) -> Who:
    """A line of a platform's file, by the texts of its cells."""
    keys = _keys(ids)
    return Who(_keys(number), keys, frozenset(key.partition("@")[0] for key in keys), names_of(names))


def find_students(lines: Mapping[int, Who], students: Sequence[Who]) -> Found:
    """Each line with the one student whom it names and no other line does, by the surest thing that names any."""
    found: dict[int, int] = {}
    unclear: set[int] = set()
    for tier in range(TIERS):
        lines_of = _index({line: who.tiers[tier] for line, who in lines.items()})
        students_of = _index({student: who.tiers[tier] for student, who in enumerate(students)})
        taken, claims = set(found.values()), {}
        for line, who in lines.items():
            keys = who.tiers[tier] & students_of.keys()
            if line in found or line in unclear or not keys:
                continue
            meant = {student for key in keys for student in students_of[key]}
            rivals = {rival for key in keys for rival in lines_of[key]}
            if len(meant) == 1 and rivals == {line} and not meant & taken:
                claims[line] = meant.pop()
            else:
                unclear.add(line)
        claimed = Counter(claims.values())
        found |= {line: student for line, student in claims.items() if claimed[student] == 1}
        unclear |= {line for line, student in claims.items() if claimed[student] > 1}
    return Found(found, frozenset(unclear))


def names_of(texts: Iterable[str]) -> frozenset[str]:
    """Names as they can be compared: `Lovelace, Ada` is `ada lovelace`."""
    names = set()
    for text in texts:
        last, comma, first = text.partition(",")
        names.add(" ".join(f"{first} {last}".split()) if comma else " ".join(text.split()))
    return _keys(names)


def letters_of(text: str) -> str:
    """A name as it survives in the name of a file: its letters and digits."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def came_from(layout: str, platform: str) -> bool:
    """Whether a class came in the layout of a platform, and of no other: `Moodle, folders` is Moodle."""
    return bool(layout) and all(part.split(",")[0].strip().casefold() == platform for part in layout.split("; "))


def _keys(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFKC", text).strip().casefold() for text in texts) - {""}


def _index(keys_of: Mapping[int, frozenset[str]]) -> Mapping[str, set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for one, keys in keys_of.items():
        for key in keys:
            index[key].add(one)
    return index
