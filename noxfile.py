"""One session for each intention; `nox -l` lists them. `make test` runs the first three."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys

import nox

nox.options.sessions = ["lint", "types", "tests"]

OLDEST, NEWEST = "3.10", "3.13"
PROJECT = (".[dev]",)


def interpreter(version: str) -> str | None:
    """A Python of this version that really runs: on the PATH, or among the ones that pyenv keeps."""
    candidates = [
        f"python{version}",
        *sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python"))),
    ]
    for candidate in candidates:
        path = shutil.which(candidate)
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    return None


FOUND = {version: interpreter(version) for version in (OLDEST, NEWEST)}


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Formatting and lint, with ruff."""
    session.run(_bin("ruff"), "check", ".", external=True)
    session.run(_bin("ruff"), "format", "--check", ".", external=True)


@nox.session(python=False)
def types(session: nox.Session) -> None:
    """Types, with mypy in strict mode."""
    session.run(_bin("mypy"), external=True)


@nox.session(python=False)
def tests(session: nox.Session) -> None:
    """Every suite on this Python; then 3.10 and 3.13, where they are, on every eighth example."""
    session.log(f"Python {sys.version.split()[0]}: the environment's own")
    session.run(_bin("pytest"), "-n", "auto", *session.posargs, external=True)
    for version, path in FOUND.items():
        if path is None:
            session.warn(f"Python {version}: not on this machine, so not tested")
        elif f"{sys.version_info.major}.{sys.version_info.minor}" != version:
            session.log(f"Python {version}: {path}")
            pytest = _pytest_of(session, version, path)
            session.run(*pytest, "-n", "auto", "--sample", "8", *session.posargs, external=True)


@nox.session(python=False)
def proof(session: nox.Session) -> None:
    """The full figures: all seeds, all submissions, long fuzzing. Takes minutes."""
    session.run(_bin("pytest"), "-n", "auto", "--proof", *session.posargs, external=True)


@nox.session(python=False)
def bench(session: nox.Session) -> None:
    """The figures that notes quote, each measured in one run."""
    for file in sorted(glob.glob("benchmarks/*.py")):
        session.run(sys.executable, file, external=True)


@nox.session(python=False)
def handout(session: nox.Session) -> None:
    """Make the handout notebook from the handout script."""
    session.run(sys.executable, "-m", "autograder.release.handout", "assignments/backprop", external=True)


def _bin(name: str) -> str:
    return os.path.join(os.path.dirname(sys.executable), name)


def _pytest_of(session: nox.Session, version: str, python: str) -> list[str]:
    """The pytest of an environment made with another Python, kept between runs."""
    folder = os.path.join(".nox", f"python{version}")
    own = os.path.join(folder, "bin", "python")
    if not os.path.exists(own):
        session.run(python, "-m", "venv", folder, external=True)
    session.run(own, "-m", "pip", "install", "--quiet", "-e", *PROJECT, external=True)
    return [own, "-m", "pytest"]
