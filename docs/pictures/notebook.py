"""The pictures of a notebook in JupyterLab, made anew: `python docs/pictures/notebook.py [FOLDER]`.

Needs the extra `notebooks` and a browser. Look at each picture before you commit it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import DARK, LIGHT, OpenNotebook, browser_page, lab, open_notebook  # noqa: E402
from handouts import solution_of, unpack_handout  # noqa: E402

CHECK = 'grader.check("multiply")'
HINT = 'grader.hint("multiply")'
WRONG = {
    "multiply_backward": "def multiply_backward(grad_out, a, b):\n    return grad_out * b, grad_out * a",
    "matmul_backward": "def matmul_backward(grad_out, a, b):\n    return grad_out @ b, a.T @ grad_out",
}


def student(notebook: OpenNotebook, folder: Path) -> None:
    """Half of an evening: two functions are right, one lacks a sum, one does not run."""
    notebook.page.screenshot(path=folder / "handout.png")
    for text in ("grader = Notebook(", "import numpy as np", "def add(a, b)"):
        notebook.run(text)
    answers = {name: solution_of(name) for name in ("unbroadcast", "add_backward")}
    for name, text in {**answers, **WRONG}.items():
        notebook.paste_over(f"def {name}(", text)
        notebook.run(f"def {name}(")
    for text in (CHECK, 'grader.check("matmul")', "grader.check_all()"):
        notebook.run(text)
    picture(notebook, CHECK, folder / "not-yet.png")
    picture(notebook, 'grader.check("matmul")', folder / "raised.png")
    picture(notebook, "grader.check_all()", folder / "check-all.png")
    notebook.save()


def picture(notebook: OpenNotebook, text: str, file: Path) -> None:
    """One cell and what is shown below it, while another one is selected."""
    notebook.page.locator(".jp-Notebook .jp-Cell").first.click()
    notebook.cell(text).screenshot(path=file)


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch, browser_page(width=960, height=900) as page:
        home = Path(scratch)
        (home / "homework").mkdir()
        file = unpack_handout(home / "homework")
        with lab(file.parent, home / "student", LIGHT) as address:
            student(open_notebook(page, address, file), folder)
        with lab(file.parent, home / "instructor", DARK) as address:  # who trusts nothing of this
            picture(open_notebook(page, address, file), CHECK, folder / "not-yet-dark-untrusted.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
