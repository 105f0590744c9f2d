"""YAML of strangers: what is read, and what is refused before it grows."""

from __future__ import annotations

import pytest

from autograder.load.safe_yaml import UnreadableYaml, read_yaml

LAUGHS = b"a0: &a0 [ha, ha]\n" + b"".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n".encode() for n in range(1, 12)
)
MERGES = b"m0: &m0 {k: v}\n" + b"".join(
    f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 9)}]\n".encode() for n in range(1, 12)
)

REFUSED = [
    pytest.param(LAUGHS, "its aliases would make it enormous", id="a billion laughs"),
    pytest.param(MERGES, "its aliases would make it enormous", id="a billion merges"),
    pytest.param(b"a: &a [*a]", "it refers to &a from within or before it", id="itself"),
    pytest.param(b"[" * 100, "it is nested more than 60 deep", id="deep"),
    pytest.param(b"x: 2026-13-45", "month must be in 1..12", id="no date"),
    pytest.param(b"{a: 1", "expected", id="cut off"),
]


@pytest.mark.parametrize(("source", "why"), REFUSED)
def test_what_is_refused(source: bytes, why: str) -> None:
    """Each with its reason, at once, and before anything is made of it."""
    with pytest.raises(UnreadableYaml) as refused:
        read_yaml(source)

    assert why in str(refused.value)


def test_what_is_read() -> None:
    """Symbols of Ruby are texts, its classes plain tables, and an ordinary alias is what it stands for."""
    source = b":a: !ruby/hash:Indifferent {b: 1}\n:c: &c [x]\n:d: *c\n:e: !ruby/object:BigDecimal 18:0.1e2\n"

    assert read_yaml(source) == {":a": {"b": 1}, ":c": ["x"], ":d": ["x"], ":e": "18:0.1e2"}


def test_a_program_is_a_plain_list() -> None:
    """One strange tag costs nobody else a name; and nothing is ever called."""
    assert read_yaml(b"x: !!python/object/apply:os.system [id]") == {"x": ["id"]}
