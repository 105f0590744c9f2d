"""A zip that a student handed in → the one notebook or script in it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.records import Note

KINDS = {".ipynb": "notebook", ".py": "script"}

ZIP = ".zip"

DEEPEST = 2
"""How many zips may be packed into one another, beside the outermost."""

MOST_BYTES = 16 << 20
"""A notebook with many plots has a few MB; larger files are not read."""

MOST_MEMBERS = 10_000

PASSED_OVER = frozenset({"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".github", ".venv"})

ENCRYPTED = 0x1
"""A flag of a member, in the words of the format's description (PKWARE's APPNOTE, 4.4.4)."""

HANDED_OUT = frozenset({"forward.py", "training.py"})
"""Scripts that come with an assignment: who packs the whole folder hands them in again."""


def read_packed(archive: Path | IO[bytes], depth: int = DEEPEST) -> tuple[str, bytes] | Note:
    """The kind and the bytes of the notebook in it, or of the script where there is none, or those of a zip in it; or
    why there is no such one.

    Nothing is written anywhere, so names that point elsewhere lead nowhere. Raises OSError.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            if len(members) > MOST_MEMBERS:
                return Note("zip-unreadable", {"text": f"it has {len(members)} files"})
            chosen = _candidates(members)
            if len(chosen) != 1:
                held = chosen or [member for member in members if not member.is_dir()]
                fault = "zip-several" if chosen else "zip-nothing"
                return Note(fault, {"names": listed([member.filename for member in held])})
            return _read(packed, chosen[0], depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        return Note("zip-unreadable", {"text": " ".join(str(error).split())[:200] or type(error).__name__})


def _candidates(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The notebooks; without any, the scripts that were not handed out; without any, the zips."""
    by_path = {PurePosixPath(member.filename): member for member in members if not member.is_dir()}
    return [by_path[path] for path in that_may_be_meant(by_path)]


def that_may_be_meant(paths: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    """Of what a student handed in, the notebooks; without any, the scripts that were not handed out; else the zips."""
    own = [
        path
        for path in paths
        if not PASSED_OVER & set(path.parts) and not path.name.startswith(".") and path.name not in HANDED_OUT
    ]
    kinds = [[path for path in own if path.suffix == suffix] for suffix in (*KINDS, ZIP)]
    return next(filter(None, kinds), [])


def _read(packed: zipfile.ZipFile, member: zipfile.ZipInfo, depth: int) -> tuple[str, bytes] | Note:
    if member.flag_bits & ENCRYPTED:
        return Note("zip-unreadable", {"text": "it needs a password"})
    with packed.open(member) as file:
        source = file.read(MOST_BYTES + 1)  # not what the archive says of its size, which may be a lie
    if len(source) > MOST_BYTES:
        return Note("too-large", {"megabytes": max(member.file_size, len(source)) >> 20, "most": MOST_BYTES >> 20})
    suffix = PurePosixPath(member.filename).suffix
    if suffix != ZIP:
        return KINDS[suffix], source
    if not depth:
        return Note("zip-unreadable", {"text": "it is packed too often"})
    return read_packed(BytesIO(source), depth - 1)


def listed(names: list[str]) -> str:
    """The first few names, as they may be shown: a student chose them."""
    shown = ["".join(letter if letter.isprintable() else "�" for letter in name[:80]) for name in names[:3]]
    more = [f"and {len(names) - 3} more"] if len(names) > 3 else []
    return ", ".join([*shown, *more]) or "nothing"
