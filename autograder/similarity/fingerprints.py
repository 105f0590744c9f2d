"""Source → fingerprints: numbers that stay the same when names, comments, layout and the order of functions change.

Winnowing: Schleimer, Wilkerson, Aiken: Winnowing: local algorithms for document fingerprinting, SIGMOD 2003. This runs
where a student's file is read, in a process that has given everything up; only numbers leave it. Standard library only.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from autograder.source.cells import Cell, python_text, read_document

GRAM = 12
"""Tokens of one fingerprint: nothing shorter counts as alike."""

WINDOW = 6
"""Of so many grams in a row, at least one is kept: whatever has GRAM + WINDOW - 1 tokens in common is found."""

MOST = 20_000
"""Fingerprints of one submission."""

_NOT_CODE = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER})
_FSTRING = frozenset(
    number for number in (getattr(tokenize, f"FSTRING_{part}", None) for part in ("START", "MIDDLE", "END")) if number
)


@dataclass(frozen=True)
class Place:
    """Where a fingerprint begins: the number of the code cell, 0 in a script, and the line in it."""

    cell: int
    line: int


Fingerprints = tuple[tuple[int, Place], ...]
"""In the order of the file; the same one may come more than once."""


def fingerprints(source: bytes, kind: str) -> Fingerprints:
    """Of a file; `kind` is "notebook" or "script". Raises UnreadableSource where it is neither."""
    found: list[tuple[int, Place]] = []
    for number, cell in enumerate(read_document(source, kind).code_cells, start=1):
        words = list(_words(cell))
        at = number if cell.where else 0
        found += [(print, Place(at, line)) for print, line in winnow(words)]
        if len(found) > MOST:
            break
    return tuple(found[:MOST])


def winnow(words: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """The fingerprints of a row of words, each with the line at which it begins."""
    grams = [
        (crc32("\0".join(word for word, _ in words[at : at + GRAM]).encode("utf-8", "replace")), words[at][1])
        for at in range(len(words) - GRAM + 1)
    ]
    last = -1
    for start in range(max(min(1, len(grams)), len(grams) - WINDOW + 1)):
        # The smallest; of several, the last one, so that one is kept for as long as it stays in sight.
        smallest = min(range(start, min(start + WINDOW, len(grams))), key=lambda at: (grams[at][0], -at))
        if smallest != last:
            last = smallest
            yield grams[smallest]


def _words(cell: Cell) -> Iterator[tuple[str, int]]:
    """The tokens of a cell without what can be changed without a thought: names, texts and comments. An attribute keeps
    its name, which is numpy's more often than the student's. Where Python cannot read on, this ends."""
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(python_text(cell)).readline):
            if token.type in _NOT_CODE or token.type in _FSTRING:
                continue
            yield _word(token, before), token.start[0]
            before = token.string
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return


def _word(token: tokenize.TokenInfo, before: str) -> str:
    if token.type == tokenize.NAME:
        return token.string if keyword.iskeyword(token.string) or before == "." else "a name"
    if token.type == tokenize.STRING:
        return "a text"
    if token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
        return tokenize.tok_name[token.type]
    return token.string
