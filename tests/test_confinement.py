"""The gallery of attacks wherever a grader may run, and what each layer is for: without it, something gets through."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from confinement import CAPABILITIES, Broken, run
from test_learn import XOR

from autograder.sandbox.isolation import PROMISES
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.probe import WALLS
from conftest import ROOT, SUBMISSIONS

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can put itself anywhere"),
]

ATTACKS = [*sorted((SUBMISSIONS / "hostile").glob("*.py")), *sorted((SUBMISSIONS / "hostile-runs").glob("*.py"))]
SAMPLE = ATTACKS[:: len(ATTACKS) // 5]
CHUNKS = 6

FULL = 80

LET_THROUGH = tomllib.loads((ROOT / "tests" / "let_through.toml").read_text(encoding="utf-8"))
NAMED = {name for rows in LET_THROUGH.values() for row in rows.values() for name in row.get("attacks", [])}

WALLED = [file for file in ATTACKS if file.stem in NAMED or "\n# needs: " in file.read_text(encoding="utf-8")]
"""Those that a wall stops: they say so, or the table does of one layer or another."""

EITHER_WAY = {"grows-a-list", "keeps-memory", "makes-cycles-that-nobody-collects"}
"""A matter of how fast and how busy the machine is: whether their time is up before they meet what stops them."""


def expectation(file: Path) -> tuple[str, list[str]]:
    """What a file attacks, and how that may end, as its second line says."""
    words = file.read_text(encoding="utf-8").splitlines()[1].removeprefix("# expect: ")
    attacked, _, endings = (XOR, " ", words) if file.parent.name == "hostile-runs" else words.partition(" ")
    return attacked, endings.split(" or ")


def gets_through(file: Path, outcome: dict[str, Any]) -> bool:
    attacked, endings = expectation(file)
    return outcome["endings"].get(attacked, "not graded") not in endings


def harm(file: Path, outcome: dict[str, Any]) -> dict[str, Any]:
    """What an attack has cost others: functions and training runs of the same file, and the next student."""
    attacked, _ = expectation(file)
    endings = {name: end for name, end in outcome["endings"].items() if name != attacked}
    lost = {name: end for name, end in endings.items() if end not in ("passed", "right")}
    return lost if outcome["next"] == FULL else {**lost, "next": outcome["next"]}


def grade_in(configuration: str, without: tuple[str, ...], files: list[Path]) -> Any:
    try:
        return run(configuration, without, files)
    except LookupError as error:
        pytest.skip(str(error))


# ---- wherever a grader may run -----------------------------------------------------------------------------

EVERYWHERE = {
    "root": {},
    "user": {"folder": "only root may", "user": "only root may"},
    "container": {},
    "old-container": {"landlock": "this kernel has no Landlock"},
}
"""The layers that cannot be had, and why. All walls stand all the same."""


def check_everywhere(configuration: str, files: list[Path]) -> None:
    sandbox, outcomes = grade_in(configuration, (), files)

    assert sandbox["missing"] == EVERYWHERE[configuration]
    assert sandbox["walls"] == dict.fromkeys(PROMISES, "active")
    assert {file.stem for file in files if gets_through(file, outcomes[file.stem])} == set()
    assert {file.stem: harm(file, outcomes[file.stem]) for file in files} == {file.stem: {} for file in files}


@pytest.mark.parametrize("configuration", list(EVERYWHERE)[1:])
def test_attacks_end_everywhere_as_they_do_for_root(configuration: str) -> None:
    """An ordinary user, a container's usual confinement, and the same on a kernel without Landlock: a sample."""
    check_everywhere(configuration, SAMPLE)


@pytest.mark.proof
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("configuration", EVERYWHERE)
def test_all_attacks_end_everywhere_as_they_do_for_root(configuration: str, chunk: int) -> None:
    """The whole gallery."""
    check_everywhere(configuration, ATTACKS[chunk::CHUNKS])


IN_A_CONTAINER = f"{CAPABILITIES:016x}"

WHAT_THEY_ARE = {
    "user": {"Uid": "65534", "CapEff": "0" * 16, "NoNewPrivs": "0", "Seccomp_filters": "0"},
    "container": {"Uid": "0", "CapEff": IN_A_CONTAINER, "NoNewPrivs": "0", "Seccomp_filters": "1"},
    "refusing acct EPERM, user": {"Uid": "65534", "CapEff": "0" * 16, "NoNewPrivs": "0", "Seccomp_filters": "1"},
}


@pytest.mark.parametrize(("configuration", "expected"), WHAT_THEY_ARE.items(), ids=WHAT_THEY_ARE)
def test_a_configuration_is_what_it_says(configuration: str, expected: dict[str, str]) -> None:
    """In the kernel's words, and new privileges are not given up before the worker does so itself."""
    sandbox, _ = grade_in(configuration, (), [])

    assert {name: sandbox["self"][name] for name in expected} == expected
    if configuration == "container":
        assert sandbox["self"]["CapBnd"] == IN_A_CONTAINER


# ---- what each layer is for --------------------------------------------------------------------------------

WEAKER = [
    pytest.param(name, tuple(layers.split("+")), id=f"{name} without {layers}")
    for name in ("root", "user")
    for layers in (*LAYERS, "landlock+seccomp")
]
SOME_WEAKER = [one for one in WEAKER if one.id in ("root without seccomp", "user without landlock+seccomp")]


def let_through(configuration: str, without: tuple[str, ...]) -> dict[str, list[str]]:
    """The row of the table; a layer that has none is one of several that refuse the same."""
    row = LET_THROUGH[configuration].get("+".join(without), {})
    return {name: row.get(name, []) for name in ("missing", "possible", "attacks", "ends_the_grader")}


def check_what_is_possible(configuration: str, without: tuple[str, ...], sandbox: Any) -> None:
    row = let_through(configuration, without)
    missing = {*without, *row["missing"], *EVERYWHERE[configuration]}

    assert set(sandbox["missing"]) == missing
    assert {sandbox["missing"][name] for name in without} == {"left out"}
    assert sandbox["possible"] == [name for name in WALLS if name in row["possible"]]
    assert len(sandbox["possible"]) == len(row["possible"])
    weak = {WALLS[name] for name in sandbox["possible"]}
    assert {wall for wall in PROMISES if sandbox["walls"][wall] != "active"} == weak


@pytest.mark.parametrize(("configuration", "without"), SOME_WEAKER)
def test_what_a_weaker_sandbox_lets_through_is_told(configuration: str, without: tuple[str, ...]) -> None:
    """A probe says exactly what has become possible: no more walls than stand, and no fewer."""
    sandbox, _ = grade_in(configuration, without, [])

    check_what_is_possible(configuration, without, sandbox)


@pytest.mark.proof
@pytest.mark.parametrize(("configuration", "without"), WEAKER)
def test_what_gets_through_without_a_layer_is_what_it_is_for(configuration: str, without: tuple[str, ...]) -> None:
    """Exactly these attacks get another ending, and even then the other functions and the next student lose nothing."""
    row = let_through(configuration, without)
    files = [file for file in WALLED if file.stem not in row["ends_the_grader"]]
    sandbox, outcomes = grade_in(configuration, without, files)

    check_what_is_possible(configuration, without, sandbox)
    through = {file.stem for file in files if gets_through(file, outcomes[file.stem])}
    assert sorted(through - EITHER_WAY) == sorted(set(row["attacks"]) - EITHER_WAY)
    assert {file.stem: harm(file, outcomes[file.stem]) for file in files} == {file.stem: {} for file in files}


ENDS_THE_GRADER = [
    pytest.param(*one.values, file, id=f"{one.id} {file.stem}")
    for one in WEAKER
    for file in WALLED
    if file.stem in let_through(*one.values)["ends_the_grader"]
]


@pytest.mark.proof
@pytest.mark.parametrize(("configuration", "without", "file"), ENDS_THE_GRADER)
def test_where_no_wall_protects_the_grader_an_attack_can_end_it(
    configuration: str, without: tuple[str, ...], file: Path
) -> None:
    """It is one of the user's processes, and the kernel asks for no more. The probe has told so."""
    assert "signal the grader" in let_through(configuration, without)["possible"]
    with pytest.raises(Broken) as raised:
        grade_in(configuration, without, [file])

    assert raised.value.args[1] == 128 + signal.SIGKILL
