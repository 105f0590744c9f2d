"""Which column of a platform's file is meant: said in any way that fits one of them only, and never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from autograder.errors import UsageError, did_you_mean
from autograder.render.spreadsheet import on_one_line

MOST_SHOWN = 12


def choose_column(known: Mapping[int, str], wanted: Sequence[str], name: str, is_named: bool) -> int:
    """The index of the one column that is called like one of the wanted, or begins so, or has it in it, or its number.

    `is_named` where an instructor said it. Raises UsageError for none and for several, and tells all there are.
    """
    for one in wanted:
        for fits in (_is, _begins, _has):
            meant = [index for index, title in known.items() if fits(title.casefold(), one.strip().casefold())]
            if len(meant) == 1:
                return meant[0]
            if meant:
                raise UsageError(_told(name, f"{len(meant)} columns are called like", one, known.values(), is_named))
    raise UsageError(_told(name, "no column is called like", wanted[0], known.values(), is_named))


def _is(title: str, wanted: str) -> bool:
    return title == wanted


def _begins(title: str, wanted: str) -> bool:
    """`hw1 (4711)` is `hw1`, and `hw10 (4712)` is not."""
    return title.startswith(f"{wanted} (")


def _has(title: str, wanted: str) -> bool:
    return wanted in title


def _told(name: str, found: str, wanted: str, titles: Iterable[str], is_named: bool) -> str:
    shown = [on_one_line(title) for title in titles]
    more = f", and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    hint = did_you_mean(wanted, shown) if is_named else 'Say which one with --column "…".'
    return f"{name}: {found} {on_one_line(wanted)}\n  wanted  one of {', '.join(shown[:MOST_SHOWN])}{more}" + (
        f"\n  {hint}" if hint else ""
    )
