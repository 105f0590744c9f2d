"""A file, put in the place of the last one in one step: whoever reads it finds the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(file: Path, is_synced: bool = True) -> Iterator[IO[bytes]]:
    """A new file to write, which takes the place of `file` at the end; nothing is left of it after an error.

    With `is_synced`, it is on the disk before it does: even a machine that loses power keeps one of the two whole.
    Raises OSError.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        with open(beside, "wb") as written:
            yield written
            written.flush()
            if is_synced:
                os.fsync(written.fileno())
        os.replace(beside, file)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def replace_text(file: Path, text: str, is_synced: bool = False) -> None:
    """Give a file this text, unless it has it already. Raises OSError."""
    content = text.encode("utf-8", "replace")
    with contextlib.suppress(OSError):
        if file.stat().st_size == len(content) and file.read_bytes() == content:
            return
    with replacing(file, is_synced) as written:
        written.write(content)
