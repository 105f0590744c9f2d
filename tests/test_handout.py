"""The handout: its two forms agree, it gives nothing away, and its forward functions are the ones that are graded."""

from __future__ import annotations

import ast
import re

import nbformat
import numpy as np
import pytest

from autograder.exams import Exam
from autograder.release.handout import HandoutCell, notebook_of, notebook_text, read_notebook, script_of
from conftest import ROOT, SOLUTIONS, functions_of

FOLDER = ROOT / "assignments" / "backprop"
SCRIPT = (FOLDER / "backprop.py").read_text(encoding="utf-8")
NOTEBOOK = (FOLDER / "backprop.ipynb").read_text(encoding="utf-8")


def test_the_two_forms_have_the_same_cells() -> None:
    """Whoever works in one misses nothing of the other. In a script, what the grader says is printed."""
    cells = read_notebook(NOTEBOOK)
    same = read_notebook(notebook_of(SCRIPT))

    assert [cell.kind for cell in cells] == [cell.kind for cell in same]
    for cell, other in zip(cells, same):
        if cell.kind == "code" and not cell.text.startswith("grader."):
            assert cell.text == other.text
    checks = [cell.text for cell in cells if cell.text.startswith("grader.check")]
    assert [f"print({text})" for text in checks] == [cell.text for cell in same if cell.text.startswith("print(grader")]


def test_a_script_that_is_made_a_notebook_is_the_same_script_again() -> None:
    """Nothing gets lost on the way: not a cell, not a line, not an indentation."""
    assert script_of(read_notebook(notebook_of(SCRIPT))) == SCRIPT


def test_prose_is_wrapped_and_titles_and_tables_are_not() -> None:
    """A script is read in an editor; a list keeps its indentation, and a picture is told in words."""
    words = "word " * 30
    cells = [
        HandoutCell("markdown", f"# A title {words}\n\n1. {words}\n\n| a | {words} |\n\n![three nodes](graph.svg)"),
        HandoutCell("code", "x = 1\n"),
        HandoutCell("raw", "nobody sees this"),
        HandoutCell("code", "def f():\n    pass"),
    ]

    assert script_of(cells) == (
        f"# %% [markdown]\n# # A title {words}".rstrip() + "\n"
        "#\n"
        f"# 1. {'word ' * 22}word\n"
        f"#    {'word ' * 6}word\n"
        "#\n"
        f"# | a | {words} |\n"
        "#\n"
        "# (Picture: three nodes)\n"
        "\n"
        "# %%\n"
        "x = 1\n"
        "\n\n"
        "# %%\n"
        "def f():\n"
        "    pass\n"
    )


def test_a_notebook_is_the_same_twice() -> None:
    """Ids count the cells, and nothing knows the time."""
    cells = read_notebook(NOTEBOOK)

    assert notebook_text(cells) == notebook_text(cells) == NOTEBOOK


def test_the_notebook_is_valid_and_clean() -> None:
    """Format 4, no outputs, no execution counts, a stub a cell."""
    notebook = nbformat.reads(NOTEBOOK, as_version=4)

    nbformat.validate(notebook)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code_cells)
    assert sum("raise NotImplementedError" in cell.source for cell in code_cells) == 8


def code_lines(source: str) -> set[str]:
    """The statements of all function bodies, without docstrings and stubs, however they are spaced."""
    return {
        ast.unparse(statement)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for statement in node.body
        if not isinstance(statement, ast.Raise)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    }


def test_no_line_of_the_solution_is_handed_out() -> None:
    """Neither the handout nor any public file of the assignment holds a line of a backward function."""
    forward = code_lines((FOLDER / "forward.py").read_text(encoding="utf-8")) | code_lines(SCRIPT)
    given = {line for line in forward if line.startswith(("shifted =", "log_probs ="))}  # the stable softmax is given
    solution = code_lines((SOLUTIONS / "solution.py").read_text(encoding="utf-8")) - given

    assert len(solution) > 8
    for file in FOLDER.iterdir():
        if file.is_file():
            text = " ".join(file.read_text(encoding="utf-8").split())
            assert not [line for line in solution if " ".join(line.split()) in text], file.name


@pytest.mark.parametrize("name", ["add", "multiply", "sigmoid", "matmul", "softmax_cross_entropy"])
def test_the_forward_functions_of_the_handout_are_those_that_are_graded(exam: Exam, name: str) -> None:
    """A student who reads the handout has read the answer key."""
    given = functions_of(FOLDER / "backprop.py")[name]
    for case in exam.deck.cases:
        if case.question == name and case.family == "values":
            operands = case.calls[0].operands
            np.testing.assert_allclose(given(*operands), exam.assignment.forwards[name](*operands), rtol=1e-12)


def test_the_handout_says_the_points_of_the_assignment(exam: Exam) -> None:
    """Question 3: multiply (12 points)."""
    titles = re.findall(r"^# ## Question (\d+): .* \((\d+) points\)$", SCRIPT, re.MULTILINE)
    wanted = [(str(number), str(q.max_score)) for number, q in enumerate(exam.assignment.questions, start=1)]

    assert titles == wanted


def test_the_stubs_take_what_the_grader_gives(exam: Exam) -> None:
    """Each stub has the name and the arguments that the assignment says; training asks for no function of its own."""
    stubs = {node.name: node for node in ast.parse(SCRIPT).body if isinstance(node, ast.FunctionDef)}
    asked = [question for question in exam.assignment.questions if not question.models]
    for question in asked:
        assert tuple(argument.arg for argument in stubs[question.function].args.args) == (
            question.arguments or question.receives
        )
