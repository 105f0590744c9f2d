"""A point in time as text → the same for Python: ISO 8601 with its offset, on every Python alike."""

from __future__ import annotations

import re
from datetime import datetime

OFFSET = re.compile(r"(?:(Z|z)|([+-]\d\d):?(\d\d))$")


def read_time(text: str) -> datetime | None:
    """The point in time; None for what is none, and for a time without an offset, which might be anywhere.

    `Z`, offsets without a colon, and a space before them are read as well, which Python 3.10 does not do by itself.
    """
    found = OFFSET.search(text)
    if found is None:
        return None
    offset = "+00:00" if found[1] else f"{found[2]}:{found[3]}"
    try:
        time = datetime.fromisoformat(text[: found.start()].strip() + offset)
    except ValueError:
        return None
    return time if time.utcoffset() is not None else None
