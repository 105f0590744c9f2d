"""Points in time, as platforms and people write them."""

from __future__ import annotations

import pytest

from autograder.times import read_time

READ = {
    "2026-11-24T23:59:00+01:00": "2026-11-24T23:59:00+01:00",
    "2026-11-24T23:59+01:00": "2026-11-24T23:59:00+01:00",
    "2026-11-24T22:59:00Z": "2026-11-24T22:59:00+00:00",
    "2026-11-24 23:59:00 -0800": "2026-11-24T23:59:00-08:00",
    "2026-11-24T22:59:00.250+00:00": "2026-11-24T22:59:00.250000+00:00",
}


@pytest.mark.parametrize(("text", "time"), READ.items(), ids=READ)
def test_a_time_with_its_offset_is_read(text: str, time: str) -> None:
    """In every form that the platforms write, on every Python."""
    read = read_time(text)

    assert read is not None
    assert read.isoformat() == time


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-24T23:59:00", "tomorrow", "2026-11-24", "2026-13-40T00:00Z", "2026-11-24T10:00+99:00"],
    ids=["nothing", "no offset", "words", "a day", "no such day", "no such offset"],
)
def test_anything_else_is_no_time(text: str) -> None:
    """A time without an offset might be anywhere on earth; nobody is late by a guess."""
    assert read_time(text) is None
