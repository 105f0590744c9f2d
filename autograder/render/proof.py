"""An assignment verified, as a screen of text: a line for each question, and every gap. Fits 60 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.records import Gap, QuestionProof, Tally, Verification

NARROW = 72
"""Below this many columns the heads of the table are short."""

HEADS = ("solution", "stub", "wrong", "named", "known", "mutants")
SHORT_HEADS = ("sol.", *HEADS[1:])
LEGEND = (
    "wrong: wrong examples that lose what they promise · named: those called by the name of their file · "
    "known: known mistakes that lose points · mutants: copies of the solution with one change that are noticed"
)


def render_verification(verification: Verification, width: int = 80, is_coloured: bool = False) -> str:
    """The table of questions, the mutation score, and the gaps with what to try."""
    console = Console(
        file=StringIO(), width=width, force_terminal=is_coloured, no_color=not is_coloured, highlight=False
    )
    console.print(_table(verification, width))
    console.print(Text(f"\n{LEGEND}", "dim"))
    console.print(Text(f"\n{mutation_line(verification)}"))
    for proof in verification.questions:
        for gap in proof.gaps:
            console.print(Text("\n".join(_gap_lines(f"{proof.name}: ", gap, width))))
    for gap in verification.gaps:
        console.print(Text("\n".join(_gap_lines("", gap, width))))
    file = console.file
    assert isinstance(file, StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def mutation_line(verification: Verification) -> str:
    """`Mutation score 100 %: 302 of 302 mutants of the solution are killed; 19 more are no mistakes.`"""
    mutants, same = verification.mutants, sum(question.same for question in verification.questions)
    if not mutants.of:
        return "Mutation score –: no solution is right, so it has no mutants."
    return (
        f"Mutation score {100 * mutants.good / mutants.of:.3g} %: {mutants.good} of {mutants.of} mutants of the "
        f"solution are killed; {same} more are the same function written in another way."
    )


def _table(verification: Verification, width: int) -> Table:
    is_narrow = width < NARROW
    table = Table(box=None, pad_edge=False, padding=(0, 1 if is_narrow else 2, 0, 0), header_style="bold")
    table.add_column("question", overflow="fold")
    for head in SHORT_HEADS if is_narrow else HEADS:
        table.add_column(head, justify="right")
    for proof in verification.questions:
        table.add_row(*_row(proof))
    return table


def _row(proof: QuestionProof) -> Iterator[Text]:
    yield Text(proof.name)
    yield _of(Tally(proof.solution, proof.max_score))
    yield Text("–") if proof.stub is None else Text(f"{proof.stub}", "" if not proof.stub else "red")
    for tally in (proof.wrong, proof.named, proof.rows, proof.mutants):
        yield _of(tally) if tally.of else Text("–")


def _of(tally: Tally) -> Text:
    """`45/45`; one that is not complete stands out."""
    return Text(f"{tally.good}/{tally.of}", "" if tally.good == tally.of else "red")


def _gap_lines(name: str, gap: Gap, width: int) -> Iterator[str]:
    yield ""
    yield from textwrap.wrap(f"✗ {name}{gap.message}", width, subsequent_indent="  ", break_on_hyphens=False)
    if gap.removed or gap.added:
        yield f"    - {gap.removed}"
        yield f"    + {gap.added}"
    yield from textwrap.wrap(gap.hint, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
