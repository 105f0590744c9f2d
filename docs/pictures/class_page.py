"""Draws the page of a sample class: `python docs/pictures/class_page.py` writes `class-page.png` beside itself.

It is graded as any class is. Needs chromium on the path; without it, nothing is written. With Pillow, the picture has
few colours and is small.
"""

import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from autograder.load.assignment import load_assignment
from autograder.release.sample_class import make_class, solutions_folder

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "class-page.png"
STUDENTS, SEED = 48, 2026
OPTIONS = "--headless --no-sandbox --disable-background-networking --hide-scrollbars --window-size=1160,1440"
GRADER = [sys.executable, "-c", "from grader_cli.main import main; main()"]


def draw(chromium: str) -> None:
    assignment = load_assignment("backprop")
    with tempfile.TemporaryDirectory() as name:
        handed_in, grades = Path(name) / "class", Path(name) / "grades"
        handed_in.mkdir()
        for file, text in make_class(assignment, solutions_folder(assignment), STUDENTS, SEED).items():
            (handed_in / file).write_text(text, encoding="utf-8")
        subprocess.run([*GRADER, "grade", str(handed_in), "--out", str(grades)], check=True, capture_output=True)
        page = (grades / "report.html").as_uri()
        subprocess.run([chromium, *OPTIONS.split(), f"--screenshot={PICTURE}", page], check=True, capture_output=True)
    if find_spec("PIL"):
        from PIL import Image

        with Image.open(PICTURE) as image:
            image.convert("RGB").quantize(64).save(PICTURE, optimize=True)


if browser := shutil.which("chromium"):
    draw(browser)
