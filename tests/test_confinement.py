"""The gallery of attacks wherever a grader may run, and what each layer is for: without it, something gets through."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from confinement import run

from autograder.sandbox.isolation import PROMISES
from autograder.sandbox.layers import LAYERS
from conftest import ROOT, SUBMISSIONS

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can put itself anywhere"),
    pytest.mark.skipif(not (shutil.which("unshare") and shutil.which("setpriv")), reason="needs util-linux"),
]

ATTACKS = sorted((SUBMISSIONS / "hostile").glob("*.py"))
SAMPLE = ATTACKS[::24]
CHUNKS = 6

TABLE = tomllib.loads((ROOT / "tests" / "let_through.toml").read_text(encoding="utf-8"))


def expected_endings(file: Path) -> list[str]:
    line = file.read_text(encoding="utf-8").splitlines()[1]
    return line.removeprefix("# expect: ").partition(" ")[2].split(" or ")


def grade_in(configuration: str, without: tuple[str, ...], files: list[Path]) -> tuple[dict, dict]:  # type: ignore[type-arg]
    try:
        return run(configuration, without, files)
    except LookupError as error:
        pytest.skip(str(error))


def check_everywhere(configuration: str, files: list[Path]) -> None:
    probe, outcomes = grade_in(configuration, (), files)

    assert probe["walls"] == dict.fromkeys(PROMISES, "active")
    for file in files:
        one = outcomes[file.stem]
        assert one["ending"] in expected_endings(file), file.stem
        assert one["others"] == [], file.stem
        assert one["next"], file.stem


@pytest.mark.parametrize("configuration", ["user", "container", "old-container"])
def test_attacks_end_everywhere_as_they_do_for_root(configuration: str) -> None:
    """An ordinary user, a container's usual confinement, and the same on a kernel without Landlock: a sample."""
    check_everywhere(configuration, SAMPLE)


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("configuration", ["root", "user", "container", "old-container"])
def test_all_attacks_end_everywhere_as_they_do_for_root(configuration: str, chunk: int) -> None:
    """The whole gallery."""
    check_everywhere(configuration, ATTACKS[chunk::CHUNKS])


# ---- a system that refuses something -----------------------------------------------------------------------

MISSING = {
    "landlock_create_ruleset": {"landlock"},
    "landlock_restrict_self": {"landlock"},
    "seccomp": {"seccomp"},
    "chroot": {"folder"},
    "prlimit64": {"limits"},
    "close_range": set(),
    "memfd_create": set(),
    "pidfd_open": set(),
    "pidfd_send_signal": set(),
    "madvise": set(),
    "mremap": set(),
    "sched_getaffinity": set(),
}
"""The layers that do not take hold where a call is refused. Whatever is refused, the grades are the same."""

NAMES = ("ends-the-process", "writes-a-file", "patches-numpy")
SOME = [SUBMISSIONS / "hostile" / f"{name}.py" for name in NAMES]


REFUSALS = [pytest.param(call, missing, id=call) for call, missing in MISSING.items()]


def check_refusal(call: str, missing: set[str]) -> None:
    probe, outcomes = grade_in(f"refusing-{call}", (), SOME)

    assert set(probe["missing"]) == missing
    assert all(probe["missing"].values())
    for file in SOME:
        assert outcomes[file.stem]["ending"] in expected_endings(file)
        assert (outcomes[file.stem]["others"], outcomes[file.stem]["next"]) == ([], True)


@pytest.mark.parametrize(("call", "missing"), REFUSALS[::4])
def test_what_a_system_refuses_is_told_and_costs_no_grade(call: str, missing: set[str]) -> None:
    """The layer is missing, with its reason; all else goes on."""
    check_refusal(call, missing)


@pytest.mark.proof
@pytest.mark.parametrize(("call", "missing"), REFUSALS)
def test_whatever_a_system_refuses_is_told_and_costs_no_grade(call: str, missing: set[str]) -> None:
    """Each call that a layer or an exchange needs."""
    check_refusal(call, missing)


# ---- what each layer is for --------------------------------------------------------------------------------

WEAKER = [
    pytest.param(name, tuple(layers.split("+")), id=f"{name} without {layers}")
    for name in ("root", "user")
    for layers in (*LAYERS, "landlock+seccomp")
]
SOME_WEAKER = [one for one in WEAKER if one.id in ("root without seccomp", "user without landlock+seccomp")]


def check_what_is_possible(configuration: str, without: tuple[str, ...]) -> None:
    probe, _ = grade_in(configuration, without, [])

    possible = {name: wall for wall in PROMISES for name in probe["possible"][wall]}
    assert sorted(possible) == sorted(TABLE["possible"][configuration].get("+".join(without), []))
    assert {name for name in without if name in probe["missing"]} == set(without)
    for wall in PROMISES:
        assert (probe["walls"][wall] == "active") == (wall not in possible.values())


@pytest.mark.parametrize(("configuration", "without"), SOME_WEAKER)
def test_what_a_weaker_sandbox_lets_through_is_told(configuration: str, without: tuple[str, ...]) -> None:
    """A probe says exactly what has become possible: no more walls than stand, and no fewer."""
    check_what_is_possible(configuration, without)


@pytest.mark.proof
@pytest.mark.parametrize(("configuration", "without"), WEAKER)
def test_what_every_weaker_sandbox_lets_through_is_told(configuration: str, without: tuple[str, ...]) -> None:
    """Each single layer left out."""
    check_what_is_possible(configuration, without)


@pytest.mark.proof
@pytest.mark.parametrize(("configuration", "without"), WEAKER)
def test_what_gets_through_without_a_layer_is_what_it_is_for(configuration: str, without: tuple[str, ...]) -> None:
    """Exactly these attacks get another ending, and even then the other functions and the next student lose nothing."""
    _, outcomes = grade_in(configuration, without, ATTACKS)
    table = TABLE["through"][configuration].get("+".join(without), [])
    may = TABLE["may"][configuration].get("+".join(without), [])

    through = {file.stem for file in ATTACKS if outcomes[file.stem]["ending"] not in expected_endings(file)}
    assert through - set(may) == set(table) - set(may)
    assert [name for name, one in outcomes.items() if one["others"] or not one["next"]] == []
