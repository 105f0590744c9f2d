"""results.jsonl: one line for each graded hand-in. A line is there as a whole or not at all, whatever happens."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.errors import UsageError
from autograder.gradebook import ENTRY_SCHEMA, Entry, Handin, entry_to_json
from autograder.records import Report, ReportOutcome

SYNC_SECONDS = 2.0
"""A process that is killed loses nothing that was written; a machine that loses power, at most so much."""


@dataclass(frozen=True)
class Stamp:
    """What a result depends on beside the submission itself."""

    assignment: str
    version: str
    seed: int


@dataclass(frozen=True)
class Place:
    """Where the line of a hand-in stands, and what it depends on."""

    start: int
    size: int
    stamp: Stamp
    digest: str
    is_final: bool
    head: bytes


def line_of(entry: Entry, stamp: Stamp) -> bytes:
    """The line of an entry, with its end. Raises TypeError, ValueError or RecursionError for what JSON cannot hold."""
    document = {
        "schema": ENTRY_SCHEMA,
        "assignment": stamp.assignment,
        "version": stamp.version,
        "seed": stamp.seed,
        **entry_to_json(entry),
    }
    return line_bytes(document)


def line_bytes(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"  # half a character becomes \\udc80, which is JSON


def handin_to_json(handin: Handin) -> dict[str, Any]:
    """What a line says of a hand-in."""
    nothing = Report(handin.name, ReportOutcome.UNREADABLE, 0, 0, 0, (), (), ())
    told: dict[str, Any] = entry_to_json(Entry(handin, "", nothing))["handin"]
    return told


def stamp_of(line: Mapping[str, Any]) -> Stamp:
    return Stamp(line["assignment"], line["version"], line["seed"])


def head_of(handin: Mapping[str, Any]) -> bytes:
    """A fingerprint of all that a line says of a hand-in, but for what came of it."""
    return hashlib.sha256(json.dumps(handin, sort_keys=True).encode()).digest()


def cut_torn_line(file: Path) -> bool:
    """Cut off what stands behind the last end of a line, or a last line that is no JSON: its writer was killed.

    Whether there was any. Raises OSError.
    """
    try:
        with open(file, "r+b") as lines:
            whole = 0
            for line in lines:
                if not line.endswith(b"\n") or not _is_json(line):
                    break
                whole += len(line)
            size = lines.seek(0, os.SEEK_END)
            rest = size - whole
            if not rest:
                return False
            lines.seek(whole)
            if b"\n" in lines.read().rstrip(b"\n"):  # more than the last one is broken: not what a kill leaves behind
                return False
            lines.truncate(whole)
            return True
    except FileNotFoundError:
        return False


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def read_lines(file: Path) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Where each line begins, its size, and what it says. Holds one line at a time.

    Raises UsageError for a line that is no result, and OSError.
    """
    start = 0
    with open(file, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                document = json.loads(line)
                if document["schema"] != ENTRY_SCHEMA:
                    raise ValueError(f"schema is {document['schema']!r}, not {ENTRY_SCHEMA!r}")
            except (KeyError, TypeError, ValueError) as error:
                raise UsageError(
                    f"{file}: line {number} is no result ({type(error).__name__}: {error}). "
                    "Delete that line, and --resume grades what it stood for; or grade all anew with --regrade."
                ) from error
            yield start, len(line), document
            start += len(line)


def read_places(file: Path) -> dict[str, Place]:
    """The last line of each hand-in, by its name. Raises UsageError and OSError."""
    places: dict[str, Place] = {}
    if file.exists():
        for start, size, line in read_lines(file):
            is_final = line["report"]["outcome"] != "error"
            head = head_of(line["handin"])
            places[line["handin"]["name"]] = Place(start, size, stamp_of(line), line["digest"], is_final, head)
    return places


class Ledger:
    """The file, open for further lines."""

    def __init__(self, file: Path) -> None:
        """Raises OSError."""
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._size = os.lseek(self._descriptor, 0, os.SEEK_END)
        self._synced = time.monotonic()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError:  # what could be written is written; the error that brought us here says more
            if error is None:
                raise
        finally:
            os.close(self._descriptor)

    def append(self, line: bytes) -> int:
        """Write a whole line, and return where it begins. Raises OSError, and then nothing of the line is left."""
        start, rest = self._size, memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except BaseException:  # half of it, on a disk that is full
            os.ftruncate(self._descriptor, start)
            os.lseek(self._descriptor, start, os.SEEK_SET)
            raise
        self._size += len(line)
        if time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self._descriptor)
            self._synced = time.monotonic()
        return start
