"""Run by setup.sh when the image is built, with the image's own Python and nothing else: unpack, prepare, try.

The wheels are unpacked into a folder of their own, so that no pip is needed and no package of the system is touched.
Standard library only.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SITE = os.path.join(HERE, "site")
WHEELS = os.path.join(HERE, "wheels")
REQUIREMENTS = os.path.join(HERE, "requirements.txt")

NOT_NEEDED = {"tests", "f2py", "doc", "include"}
"""Folders of numpy that no grading run imports; they are a third of its files, and all are compiled."""


def main() -> str | None:
    """What is wrong with this image, in words; None where it can grade."""
    problem = from_index() if os.path.exists(REQUIREMENTS) else from_wheels()
    if problem:
        return problem
    shutil.copytree(os.path.join(HERE, "package"), SITE, dirs_exist_ok=True)
    compileall.compile_dir(SITE, quiet=2, workers=0)
    only_for_root(HERE)
    for step in ("prepare", "selftest"):
        code = subprocess.call([sys.executable, "-sS", os.path.join(HERE, "start.py"), step])
        if code:
            return f"This image cannot grade: the step {step} ended with code {code}. Its reason stands above."
    only_for_root(HERE)
    return None


def from_wheels() -> str | None:
    """Unpack the wheels of this Python, and those of any."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    own = os.path.join(WHEELS, version)
    if not os.path.isdir(own):
        known = ", ".join(sorted(name for name in os.listdir(WHEELS) if name != "any"))
        return (
            f"This image has Python {version}, and the zip has packages for {known}. Make it anew:\n"
            f"    grader gradescope zip --python {version}"
        )
    for folder in (os.path.join(WHEELS, "any"), own):
        for name in sorted(os.listdir(folder)):
            with zipfile.ZipFile(os.path.join(folder, name)) as wheel:
                wheel.extractall(
                    SITE, [member for member in wheel.namelist() if not NOT_NEEDED & set(member.split("/"))]
                )
    shutil.rmtree(WHEELS)
    return None


def from_index() -> str | None:
    """Let pip fetch them: for zips that were made thin."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", SITE, "-r", REQUIREMENTS]
    if subprocess.call(command):
        return "The packages could not be fetched from the index. Make the zip without --thin: it brings its own."
    return None


def only_for_root(folder: str) -> None:
    """The exams hold right answers, and the settings the seed: nobody else reads a file here."""
    for at, _, names in os.walk(folder):
        os.chmod(at, 0o700)
        for name in names:
            os.chmod(os.path.join(at, name), 0o600)


if __name__ == "__main__":
    sys.exit(main())
