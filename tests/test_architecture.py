"""Arrows only down: which module may import which, as a table, and the first arrow that is not in it fails."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

FLOORS = (
    (
        "autograder",
        "autograder.errors",
        "autograder.records",
        "autograder.times",
        "autograder.places",
        "autograder.sandbox.landlock",
        "autograder.sandbox.syscalls",
    ),
    ("autograder.gradebook", "autograder.own_files"),
    (
        "autograder.tape",
        "autograder.derivative",
        "autograder.copies",
        "autograder.source",
        "autograder.sandbox.seccomp",
    ),
    ("autograder.learn",),
    ("autograder.answer",),
    (
        "autograder.load",
        "autograder.sandbox",
        "autograder.checks",
        "autograder.scoring",
        "autograder.policy",
        "autograder.render",
    ),
    ("autograder.exams",),
    ("autograder.judging",),
    ("autograder.grading", "autograder.notebook"),
    ("autograder.batch", "autograder.verification", "autograder.release"),
    ("autograder.gradescope", "autograder.otter", "autograder.grades", "autograder.similarity", "autograder.hosts"),
    ("grader_cli",),
)
"""The house of CONTRIBUTING.md, from the ground up. A folder stands for its modules that are not here themselves."""

ALLOWED = {
    "autograder": set(),
    "autograder.errors": set(),
    "autograder.records": set(),
    "autograder.times": set(),
    "autograder.gradebook": {"autograder.records"},
    "autograder.own_files": {"autograder", "autograder.records"},
    "autograder.places": set(),
    "autograder.sandbox.landlock": set(),
    "autograder.sandbox.syscalls": set(),
    "autograder.sandbox.seccomp": {"autograder.sandbox.syscalls"},
    "autograder.tape": {"autograder.records"},
    "autograder.derivative": {"autograder.records"},
    "autograder.copies": {"autograder.records"},
    "autograder.learn": {"autograder.records", "autograder.places", "autograder.tape"},
    "autograder.answer": {"autograder.records", "autograder.places", "autograder.learn"},
    "autograder.source": {"autograder.records"},
    "autograder.load": {
        "autograder.errors",
        "autograder.records",
        "autograder.times",
        "autograder.gradebook",
        "autograder.tape",
    },
    "autograder.sandbox": {
        "autograder.errors",
        "autograder.records",
        "autograder.places",
        "autograder.copies",
        "autograder.learn",
        "autograder.answer",
        "autograder.source",
        "autograder.sandbox.landlock",
        "autograder.sandbox.seccomp",
    },
    "autograder.checks": {
        "autograder.errors",
        "autograder.records",
        "autograder.tape",
        "autograder.derivative",
        "autograder.learn",
    },
    "autograder.scoring": {"autograder.records"},
    "autograder.policy": {"autograder.errors", "autograder.records", "autograder.times", "autograder.gradebook"},
    "autograder.render": {"autograder.errors", "autograder.records", "autograder.times", "autograder.gradebook"},
    "autograder.exams": {
        "autograder.errors",
        "autograder.records",
        "autograder.copies",
        "autograder.load",
        "autograder.checks",
        "autograder.render",
    },
    "autograder.judging": {
        "autograder.records",
        "autograder.checks",
        "autograder.scoring",
        "autograder.render",
        "autograder.exams",
    },
    "autograder.grading": {
        "autograder.records",
        "autograder.sandbox",
        "autograder.checks",
        "autograder.exams",
        "autograder.judging",
    },
    "autograder.notebook": {
        "autograder.errors",
        "autograder.records",
        "autograder.places",
        "autograder.source",
        "autograder.copies",
        "autograder.learn",
        "autograder.answer",
        "autograder.load",
        "autograder.render",
        "autograder.exams",
        "autograder.judging",
    },
    "autograder.batch": {
        "autograder.errors",
        "autograder.records",
        "autograder.load",
        "autograder.sandbox",
        "autograder.exams",
        "autograder.judging",
        "autograder.grading",
    },
    "autograder.verification": {
        "autograder.errors",
        "autograder.records",
        "autograder.learn",
        "autograder.places",
        "autograder.answer",
        "autograder.load",
        "autograder.sandbox",
        "autograder.checks",
        "autograder.exams",
        "autograder.judging",
        "autograder.grading",
    },
    "autograder.release": {
        "autograder",
        "autograder.errors",
        "autograder.records",
        "autograder.source",
        "autograder.load",
        "autograder.scoring",
        "autograder.render",
    },
    "autograder.gradescope": {
        "autograder",
        "autograder.own_files",
        "autograder.errors",
        "autograder.records",
        "autograder.load",
        "autograder.sandbox",
        "autograder.checks",
        "autograder.render",
        "autograder.exams",
        "autograder.judging",
        "autograder.grading",
        "autograder.batch",
    },
    "autograder.grades": {
        "autograder.errors",
        "autograder.records",
        "autograder.gradebook",
        "autograder.load",
        "autograder.sandbox",
        "autograder.policy",
        "autograder.render",
        "autograder.exams",
        "autograder.judging",
        "autograder.grading",
        "autograder.batch",
    },
    "autograder.similarity": {
        "autograder.errors",
        "autograder.records",
        "autograder.gradebook",
        "autograder.source",
        "autograder.load",
        "autograder.sandbox",
    },
    "autograder.hosts": {
        "autograder",
        "autograder.own_files",
        "autograder.errors",
        "autograder.records",
        "autograder.gradebook",
        "autograder.load",
        "autograder.sandbox",
        "autograder.render",
        "autograder.exams",
        "autograder.judging",
        "autograder.grading",
        "autograder.batch",
    },
    "autograder.otter": {
        "autograder",
        "autograder.errors",
        "autograder.records",
        "autograder.load",
        "autograder.sandbox",
        "autograder.render",
        "autograder.exams",
        "autograder.notebook",
        "autograder.batch",
        "autograder.release",
    },
    "grader_cli": {
        "autograder",
        "autograder.errors",
        "autograder.records",
        "autograder.times",
        "autograder.load",
        "autograder.sandbox",
        "autograder.render",
        "autograder.exams",
        "autograder.judging",
        "autograder.grading",
        "autograder.batch",
        "autograder.release",
        "autograder.verification",
        "autograder.gradescope",
        "autograder.otter",
        "autograder.gradebook",
        "autograder.policy",
        "autograder.grades",
        "autograder.similarity",
        "autograder.hosts",
    },
}

HEAVY = ("nbformat", "rich", "click", "jsonschema", "otter", "pandas", "pytest")
"""Never loaded by the worker, which imports numpy and the standard library only."""


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("autograder", "grader_cli"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def room(module: str) -> str:
    """The entry of the table that a module belongs to: the longest one that is a prefix of its name."""
    return max((name for name in ALLOWED if module == name or module.startswith(f"{name}.")), key=len)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where an arrow goes"
            base = node.module or ""
            for alias in node.names:
                below = ROOT.joinpath(*base.split("."), alias.name)
                is_module = below.is_dir() or below.with_suffix(".py").is_file()
                yield f"{base}.{alias.name}" if is_module else base


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=[name for name, _ in modules()])
def test_every_arrow_is_in_the_table(module: str, path: Path) -> None:
    """A room imports itself, what the table lists for it, and libraries; nothing else of ours."""
    own = room(module)
    for imported in imports_of(path):
        if imported.split(".")[0] in ("autograder", "grader_cli"):
            target = room(imported)
            assert target == own or target in ALLOWED[own], f"{module} imports {imported}"


def test_every_arrow_of_the_table_points_down() -> None:
    """No room imports one of its own floor or of a floor above."""
    height = {name: number for number, floor in enumerate(FLOORS) for name in floor}

    assert set(height) == set(ALLOWED)
    for own, targets in ALLOWED.items():
        for target in targets:
            assert height[target] < height[own], f"{own} -> {target}"


def test_the_house_in_contributing_names_every_module() -> None:
    """Whoever adds a room draws it into the plan."""
    plan = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for module, path in modules():
        if path.name != "__init__.py" and not module.startswith("grader_cli"):
            name = path.relative_to(ROOT / "autograder").as_posix()
            assert f"`{name}`" in plan, f"CONTRIBUTING.md does not mention {name}"


def test_the_worker_loads_numpy_and_the_standard_library_only() -> None:
    """What a worker imports, every submission pays for, and every student can reach."""
    program = "import sys, autograder.sandbox.zygote; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not [name for name in loaded if name.split(".")[0] in HEAVY]
    ours = {name for name in loaded if name.startswith("autograder.")}
    assert ours <= {
        "autograder.answer",
        "autograder.errors",
        "autograder.learn",
        "autograder.places",
        "autograder.places.exceptions",
        "autograder.places.expressions",
        "autograder.places.lines",
        "autograder.places.reasons",
        "autograder.records",
        "autograder.sandbox",
        "autograder.sandbox.definitions",
        "autograder.sandbox.imports",
        "autograder.sandbox.journal",
        "autograder.sandbox.landlock",
        "autograder.sandbox.large_pages",
        "autograder.sandbox.layers",
        "autograder.sandbox.lessons",
        "autograder.sandbox.memory",
        "autograder.sandbox.orders",
        "autograder.sandbox.packing",
        "autograder.sandbox.probe",
        "autograder.sandbox.seccomp",
        "autograder.sandbox.syscalls",
        "autograder.sandbox.wire",
        "autograder.sandbox.warmup",
        "autograder.sandbox.worker",
        "autograder.sandbox.zygote",
        "autograder.source",
        "autograder.source.cells",
        "autograder.source.extract",
        "autograder.source.lookalikes",
        "autograder.source.statements",
        "autograder.tape",
    }


def test_the_walls_of_the_kernel_load_the_standard_library_only() -> None:
    """Whoever raises them is about to run a student's code, or has to be started quickly."""
    program = "import sys, autograder.sandbox.landlock, autograder.sandbox.seccomp; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not {"numpy", *HEAVY} & set(loaded)
    assert {name for name in loaded if name.startswith("autograder.")} == {
        "autograder.sandbox",
        "autograder.sandbox.landlock",
        "autograder.sandbox.seccomp",
        "autograder.sandbox.syscalls",
    }


def test_one_file_is_graded_without_the_libraries_of_a_class() -> None:
    """`grader grade FILE --json` starts without rich and nbformat."""
    program = "import sys, grader_cli.grade; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not {"rich", "nbformat", "jsonschema"} & set(loaded)
