"""The fixed words of a card in HTML, in one language. Facts go in braces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HtmlWords:
    """What a card says in HTML and not as text. `for_case` is how a sentence begins that names the case first."""

    points: str
    raised: str
    right: str
    for_case: str
    first_case: str
    difference: str
    add_rows: str
    add_columns: str
    add_axes: str
    rows_shown: str
    columns_shown: str
    hint: str
    inputs: str
    python_said: str
    loss: str
    steps: str
    optimum: str
    leaves: str
    curve_alt: str
    curve_lost: str
    value: str
    error_enters: str
    should_be: str
    forward: str
    backward: str
    given_right: str
    graph_alt: str
    total: str
