"""One session for each intention; `nox -l` lists them. `make test` runs the first three."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nox
from nox.command import CommandFailed

nox.options.sessions = ["lint", "types", "tests"]

OLDEST, NEWEST = "3.10", "3.13"
BESIDE = ("-n", "auto")
"""A process for each processor."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


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
    """Every suite on this Python; then 3.10 and 3.13, where they are, on every 32nd example."""
    with ThreadPoolExecutor(max_workers=1) as beside:  # what is needed later is installed while the first tests run
        notebooks = beside.submit(_notebook_environment)
        others = {
            version: path and beside.submit(_environment, f"python{version}", path, "dev")
            for version, path in FOUND.items()
            if f"{sys.version_info.major}.{sys.version_info.minor}" != version
        }
        session.log(f"Python {sys.version.split()[0]}: the environment's own")
        _run(session, sys.executable)
        _run_notebooks(session, *notebooks.result())
        for version, python in others.items():
            if python is None:
                session.warn(f"Python {version}: not on this machine, so not tested")
            else:
                session.log(f"Python {version}: {FOUND[version]}")
                _run(session, python.result(), "--sample", "32")


@nox.session(python=False)
def notebooks(session: nox.Session) -> None:
    """Only what needs JupyterLab, otter or a browser."""
    _run_notebooks(session, *_notebook_environment())


@nox.session(python=False)
def proof(session: nox.Session) -> None:
    """The full figures: all seeds, all submissions, long fuzzing. Takes minutes."""
    _run(session, sys.executable, "--proof")
    _run_notebooks(session, *_notebook_environment(), "--proof")


@nox.session(python=False)
def bench(session: nox.Session) -> None:
    """The figures that notes quote, each measured in one run."""
    for file in sorted(glob.glob("benchmarks/*.py")):
        session.run(sys.executable, file, external=True)


def _bin(name: str) -> str:
    return os.path.join(os.path.dirname(sys.executable), name)


def _run(session: nox.Session, python: str, *options: str) -> None:
    """The tests, without those that need more than the extra `dev`."""
    session.run(python, "-m", "pytest", *BESIDE, "-m", "not notebook", *options, *session.posargs, external=True)


def _run_notebooks(session: nox.Session, python: str, missing: str, *options: str) -> None:
    """The tests marked `notebook`. What is `missing` is said, and what needs it is not run."""
    if missing:
        session.warn(missing)
    nothing_chosen = [5] if session.posargs else []
    session.run(
        *(python, "-m", "pytest", *BESIDE, "-m", "notebook", *options, *session.posargs),
        env={"GRADER_NOTEBOOKS": "1"},
        success_codes=[0, *nothing_chosen],
        external=True,
    )


def _notebook_environment() -> tuple[str, str]:
    """The environment's own Python with the extra `notebooks`, and what a person has to install for all its tests."""
    return _environment("notebooks", sys.executable, "dev,notebooks"), _install_browser()


def _environment(name: str, python: str, extras: str) -> str:
    """The Python of an environment with these extras, kept between runs."""
    folder = os.path.join(".nox", name)
    own = os.path.join(folder, "bin", "python")
    if not os.path.exists(own):
        _quietly(python, "-m", "venv", folder)
    _quietly(own, "-m", "pip", "install", "--quiet", "-e", f".[{extras}]")
    return own


def _install_browser() -> str:
    """Nothing if there is a browser, or there is one now: as root we may fetch Debian's. Else what to do."""
    why = ""
    if not any(map(shutil.which, BROWSERS)) and shutil.which("apt-get") and os.geteuid() == 0:
        patiently = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")
        try:
            _quietly(*patiently, "update")
            _quietly(*patiently, "install", "-y", "--no-install-recommends", BROWSERS[0])
        except CommandFailed as failed:
            why = f" ({failed.reason.splitlines()[-1]})"
    if any(map(shutil.which, BROWSERS)):
        return ""
    return f"The browser tests are not run: there is no Chromium. On Debian: apt-get install chromium{why}"


def _quietly(*command: str) -> None:
    """Run a command, and show what it says only where it fails. Raises CommandFailed."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=False,
    )
    if done.returncode != 0:
        raise CommandFailed(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout.strip()}")
