"""From a master to a handout: fresh, the same twice, without a line of a solution; and what a master may not have."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from masters import ANSWER, CONFIG, QUESTION, Cell, make_course, master_cells, notebook_of_cells

from autograder.errors import BuildError, UsageError
from autograder.load.assignment import load_assignment
from autograder.release.build import Build, build_handout, student_zip
from autograder.release.graders import OTTERS, WHEEL
from autograder.release.handout import read_notebook
from autograder.release.wheel import build_wheel, find_clone
from conftest import ROOT, SOLUTIONS, functions_of

pytestmark = pytest.mark.notebook

FOLDER = ROOT / "assignments" / "backprop"
BACKPROP = load_assignment(str(FOLDER))


@pytest.fixture(scope="module")
def built() -> Build:
    return build_handout(BACKPROP)


# ---- ours --------------------------------------------------------------------------------------------------


def test_what_is_committed_is_what_the_master_becomes(built: Build) -> None:
    """Whoever changes the master, the words or the points runs `grader build backprop`."""
    committed = [FOLDER / "backprop.ipynb", FOLDER / "backprop.py", *sorted(FOLDER.glob("tests/*"))]

    assert {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in committed} == built.handout
    assert (SOLUTIONS / "solution.py").read_bytes() == built.solution


def test_the_zip_for_students_is_the_same_twice(built: Build) -> None:
    """Nobody has to wonder whether anything changed; and the wheel has no time of its own either."""
    first, second = (student_zip(BACKPROP, build_handout(BACKPROP), build_wheel(find_clone())) for _ in range(2))

    assert first == second


@pytest.fixture(scope="module")
def unpacked(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip in a folder of its own, and the wheel in another, unpacked as pip does it."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(io.BytesIO(student_zip(BACKPROP, built, build_wheel(find_clone())))) as packed:
        packed.extractall(folder)
    with zipfile.ZipFile(folder / "backprop" / WHEEL) as wheel:
        wheel.extractall(folder / "installed")
    return folder


def test_the_zip_has_all_that_a_student_needs_and_no_more(unpacked: Path) -> None:
    """The grader's own files are in the wheel."""
    files = {path.relative_to(unpacked / "backprop").as_posix() for path in (unpacked / "backprop").rglob("*.*")}

    tests = {f"tests/{question.name}.py" for question in BACKPROP.questions}
    public = {"training.py", "data/mary.txt", "data/unseen.txt"}
    assert files == {"README.md", "backprop.ipynb", "backprop.py", WHEEL, *public, *tests}


def test_the_handout_runs_with_numpy_and_the_zip_alone(unpacked: Path) -> None:
    """An empty environment, apart from numpy: every cell runs, nothing is started, and nothing is missing."""
    done = run_cells(unpacked / "backprop" / "backprop.ipynb", unpacked / "installed")

    assert done.stderr == ""
    shown = done.stdout.splitlines()
    file = next(number for number, line in enumerate(shown) if line.startswith(str(unpacked)))
    assert shown[file] == str(unpacked / "installed" / "autograder" / "__init__.py")
    assert "\n".join(shown[file + 1 :]) == (
        "○ unbroadcast  ○ add  ○ multiply  ○ sigmoid  ○ matmul  ○ softmax_cross_entropy\n"
        "○ sgd_step  ○ numeric_gradient  – graph  – bigram  – xor  – language_model\n"
        "0 / 100\n\nNext: unbroadcast"
    )


def test_the_zip_of_an_assignment_of_your_own_brings_it_along(unpacked: Path, tmp_path: Path) -> None:
    """The wheel has the assignments of the repository; another one is found beside the notebook."""
    assignment = make_course(tmp_path, master_cells())
    packed = student_zip(assignment, build_handout(assignment), (WHEEL, b""))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "student")

    done = run_cells(tmp_path / "student" / "squares" / "squares.ipynb", unpacked / "installed")

    assert done.stderr == ""
    assert done.stdout.endswith("○ square   0 / 10\n\nNext: square\n")


def run_cells(notebook: Path, installed: Path) -> subprocess.CompletedProcess[str]:
    """Each code cell of a notebook, where nothing is installed but numpy and what lies in a folder."""
    program = f"""
import json, linecache, sys
for name in ("click", "rich", "nbformat", "otter", "IPython", "grader_cli"):
    sys.modules[name] = None
sys.path[:0] = [{str(installed)!r}, "."]
cells = json.load(open({notebook.name!r}))["cells"]
names = {{"__name__": "__main__"}}
for number, cell in enumerate(cells):
    if cell["cell_type"] == "code":
        lines = [*"".join(cell["source"]).splitlines(keepends=True)]
        linecache.cache[f"cell {{number}}"] = (1, None, lines, f"cell {{number}}")  # as IPython does it
        exec(compile("".join(lines), f"cell {{number}}", "exec"), names)
import autograder
print(autograder.__file__)
print(names["grader"].check_all())
"""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=notebook.parent, capture_output=True, text=True, check=False
    )


def test_the_script_says_everything_by_itself(unpacked: Path) -> None:
    """`python backprop.py` prints what each check says, ends well, and leaves no file behind."""
    before = sorted(unpacked.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-B", "backprop.py"],
        cwd=unpacked / "backprop",
        env={"PYTHONPATH": str(unpacked / "installed"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("○ unbroadcast   Not started   0 / 6\n")
    assert done.stdout.count("Not started") == 8
    assert sorted(unpacked.rglob("*")) == before


def test_the_notebook_for_otter_keeps_the_cell_of_otter() -> None:
    """Its grader has no hints, and would make a PDF; our grader is not in it."""
    built = build_handout(BACKPROP, OTTERS)
    cells = read_notebook(built.handout["backprop.ipynb"].decode())

    text = "\n".join(cell.text for cell in cells)
    assert cells[0].text == '# Initialize Otter\nimport otter\ngrader = otter.Notebook("backprop.ipynb")'
    assert cells[-2].text == "grader.export(pdf=False)"
    assert "grader.hint" not in text
    assert "autograder.notebook" not in text
    assert [cell.text for cell in cells].count('grader.check("multiply")') == 1
    assert f"python -m pip install {WHEEL} 'otter-grader>=7,<8'" in built.beside["README.md"].decode()


def test_pictures_travel_inside(built: Build) -> None:
    """A notebook that is mailed alone still has its graph, and words for whoever cannot see it."""
    cells = read_notebook(built.handout["backprop.ipynb"].decode())
    (picture,) = [cell.text for cell in cells if "<img" in cell.text]

    assert '<img src="data:image/svg+xml;base64,' in picture
    assert 'alt="The computation graph of L = c (a + 2b). Forward: a = 3, b = 1, c = -2, d = 2, e = 5' in picture
    assert "graph.svg" not in picture


# ---- masters of others -------------------------------------------------------------------------------------


def test_a_small_master_becomes_a_handout(tmp_path: Path) -> None:
    """The smallest one there is: a title, a question, an answer."""
    built = build_handout(make_course(tmp_path, master_cells()))

    assert list(built.handout) == ["squares.ipynb", "squares.py", "tests/square.py"]
    assert 'raise NotImplementedError("square: write the gradient of x")' in built.handout["squares.py"].decode()
    assert built.solution.decode() == (
        '"""The solution of `squares`. Made from squares.ipynb beside it by `grader build`: change it there."""\n'
        "\n\n"
        "def square_backward(grad_out, x):\n"
        '    """The gradient of x, of its shape."""\n'
        "    return grad_out * (x + x)\n"
    )


def test_a_solution_takes_its_helpers_along(tmp_path: Path) -> None:
    """solution.py runs by itself: imports and helpers from other cells come with it, in their order."""
    helper = "import numpy as np\nTWO = 2\n\n\ndef twice(x):\n    return np.multiply(TWO, x)"
    answer = ANSWER.replace("(x + x)", "twice(x)")
    built = build_handout(make_course(tmp_path, [*master_cells(answer=[("code", answer)]), ("code", helper)]))

    file = tmp_path / "solution.py"
    file.write_bytes(built.solution)
    assert functions_of(file)["square_backward"](3.0, 5.0) == 30.0
    assert "import numpy as np\nTWO = 2\n\n\ndef twice(x):" in built.solution.decode()


def test_a_written_question_passes_through(tmp_path: Path) -> None:
    """A person grades it: it needs its points, and no entry in assignment.toml. Its model answer stays at home."""
    written = [
        ("raw", "# BEGIN QUESTION\nname: why\nmanual: true\npoints: 4"),
        ("markdown", "## Question 2: why (4 points)\n\nWhy does the slope of a square grow?"),
        ("raw", "# BEGIN SOLUTION"),
        ("markdown", "Because both of its sides grow at once."),
        ("raw", "# END SOLUTION"),
        ("raw", "# END QUESTION"),
    ]
    built = build_handout(make_course(tmp_path, [*master_cells(), *written]))

    text = "\n".join(cell.text for cell in read_notebook(built.handout["squares.ipynb"].decode()))
    assert "<!-- BEGIN QUESTION -->\n\n## Question 2: why (4 points)" in text
    assert "_Type your answer here, replacing this text._" in text
    assert "both of its sides" not in text
    assert list(built.handout) == ["squares.ipynb", "squares.py", "tests/square.py"]


def test_test_cells_of_the_master_come_after_ours_and_earn_nothing(tmp_path: Path) -> None:
    """The points of a question are those of assignment.toml, in otter too."""
    own = "def test_zero(square_backward):\n    assert square_backward(1.0, 0.0) == 0"
    built = build_handout(make_course(tmp_path, master_cells(tests=[own])))

    text = built.handout["tests/square.py"].decode()
    assert text.startswith("from autograder.otter.cases import cases\nOK_FORMAT, name, (")
    assert text.endswith(
        "\n\nfrom otter.test_files import test_case\n\n\n"
        "@test_case(points=0, hidden=False)\n"
        "def test_zero(square_backward):\n    assert square_backward(1.0, 0.0) == 0\n"
    )


def test_marks_may_stand_in_fenced_blocks(tmp_path: Path) -> None:
    """Where an editor knows no raw cells, otter reads them in markdown."""
    cells = [("markdown", f"```otter\n{text}\n```") if kind == "raw" else (kind, text) for kind, text in master_cells()]
    built = build_handout(make_course(tmp_path, cells))

    assert "return grad_out" not in built.handout["squares.py"].decode()


# ---- what a master may not have ----------------------------------------------------------------------------


def told(tmp_path: Path, cells: Sequence[Cell]) -> str:
    """What is said of a master, with the folder taken out of it."""
    assignment = make_course(tmp_path, cells)
    with pytest.raises(BuildError) as error:
        build_handout(assignment)
    return str(error.value).replace(f"{tmp_path}/solutions/squares/", "")


PUT_IT_BETWEEN = (
    "  Put the answer, and nothing else, between # BEGIN SOLUTION and # END SOLUTION, in a cell between raw cells of "
    "that name."
)
TEST = "def test_zero(square_backward):\n    assert square_backward(1.0, 0.0) == 0"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        pytest.param(
            master_cells(question="# BEGIN QUESTION\npoints: 10"),
            "squares.ipynb: cell 3\n"
            "  wanted  the name of the question after # BEGIN QUESTION\n"
            "  got     {'points': 10}\n"
            "  For example:  name: multiply",
            id="no-name",
        ),
        pytest.param(
            master_cells(question="# BEGIN QUESTION\nname: [square"),
            "squares.ipynb: cell 3\n"
            "  wanted  lines of YAML after # BEGIN QUESTION\n"
            '  got     while parsing a flow sequence in "<unicode string>", line 2, column 7: name: [square ^ '
            "expected ',' or ']', but got '<stream end>' in \"<unicode string>\", line 2, column 14: "
            "name: [square ^",
            id="no-yaml",
        ),
        pytest.param(
            master_cells(question="# BEGIN QUESTION\nname: sqare\npoints: 10"),
            "squares.ipynb: cell 3\n"
            "  wanted  a question of assignment.toml, or one with manual: true that a person grades\n"
            '  got     "sqare"\n'
            '  Did you mean "square"?',
            id="unknown-question",
        ),
        pytest.param(
            master_cells(question="# BEGIN QUESTION\nname: attention\npoints: 10"),
            "squares.ipynb: cell 3\n"
            "  wanted  a question of assignment.toml, or one with manual: true that a person grades\n"
            '  got     "attention"\n'
            "  The questions are square.",
            id="quite-another-question",
        ),
        pytest.param(
            [("raw", CONFIG), ("markdown", "# Squares")],
            "squares.ipynb\n"
            '  wanted  a question "square", as in assignment.toml\n'
            "  got     questions none\n"
            "  Add a raw cell before it:  # BEGIN QUESTION, name: square, points: 10",
            id="question-missing",
        ),
        pytest.param(
            [*master_cells(), *master_cells()[2:]],
            'squares.ipynb: cell 10\n  wanted  each question once\n  got     "square" in cells 3 and 10',
            id="question-twice",
        ),
        pytest.param(
            master_cells(question="# BEGIN QUESTION\nname: square"),
            "squares.ipynb: cell 3\n"
            "  wanted  points: 10\n"
            "  got     no points\n"
            "  Points are changed in assignment.toml, and then here.",
            id="no-points",
        ),
        pytest.param(
            master_cells(question="# BEGIN QUESTION\nname: square\npoints: 12"),
            "squares.ipynb: cell 3\n"
            "  wanted  points: 10\n"
            "  got     points: 12\n"
            "  Points are changed in assignment.toml, and then here.",
            id="other-points",
        ),
        pytest.param(
            [*master_cells(), ("raw", "# BEGIN QUESTION\nname: why\nmanual: true"), ("raw", "# END QUESTION")],
            "squares.ipynb: cell 10\n  wanted  the points of a question that a person grades\n  got     no points",
            id="written-question-without-points",
        ),
        pytest.param(
            master_cells(question=f"{QUESTION}\nmanual: true"),
            "squares.ipynb: cell 3\n"
            "  wanted  manual: true for questions that a person grades, and no others\n"
            '  got     "square", which assignment.toml has, too\n'
            "  Take the line out, or give the question another name.",
            id="graded-by-both",
        ),
        pytest.param(
            master_cells(tests=[TEST, TEST.replace("0.0", "1.0")]),
            "squares.ipynb: cell 10\n"
            "  wanted  test functions with names of their own\n"
            "  got     test_zero again, after cell 9\n"
            "  Of two tests with one name, otter runs only the last one.",
            id="two-tests-of-one-name",
        ),
        pytest.param(
            master_cells(tests=[TEST.replace("square_backward)", "square_backward, at=0.0)", 1)]),
            "squares.ipynb: cell 9\n"
            "  wanted  a test function without default arguments\n"
            "  got     def test_zero(square_backward, at=0.0)\n"
            "  otter looks all arguments up among the student's names, and finds None for these.",
            id="default-argument",
        ),
        pytest.param(
            master_cells(tests=['def test_zero(square_backward):\n    "Nothing yet."']),
            "squares.ipynb: cell 9\n"
            "  wanted  a test that can fail\n"
            "  got     test_zero, which neither asserts nor calls anything\n"
            "  Whatever a student writes would pass it.",
            id="test-of-nothing",
        ),
        pytest.param(
            master_cells(tests=["# to be written"]),
            "squares.ipynb: cell 9\n"
            "  wanted  one test function in a test cell\n"
            "  got     nothing\n"
            "  Write it as a function that asserts: tests in the form of printed outputs are not read.",
            id="empty-test-cell",
        ),
        pytest.param(
            master_cells(tests=["square_backward(1.0, 0.0)\n"]),
            "squares.ipynb: cell 9\n"
            "  wanted  one test function in a test cell\n"
            "  got     1 statements and no function\n"
            "  Write it as a function that asserts: tests in the form of printed outputs are not read.",
            id="test-of-an-output",
        ),
        pytest.param(
            master_cells(tests=["def test_zero(:"]),
            "squares.ipynb: cell 9\n  wanted  a test cell that Python can read\n  got     line 1: invalid syntax",
            id="test-that-is-no-python",
        ),
        pytest.param(
            [cell for cell in master_cells() if "SOLUTION" not in cell[1] or cell[0] == "code"],
            "squares.ipynb: cell 5\n"
            "  wanted  a stub of square_backward for students: a docstring, and `raise NotImplementedError`\n"
            "  got     a function that does something\n" + PUT_IT_BETWEEN,
            id="answer-outside-of-a-block",
        ),
        pytest.param(
            master_cells(answer=[("code", "def square_backward(grad_out, x):\n    return grad_out * (x + x)")]),
            "squares.ipynb: cell 6\n"
            "  wanted  a stub of square_backward for students: a docstring, and `raise NotImplementedError`\n"
            "  got     a function that does something\n" + PUT_IT_BETWEEN,
            id="answer-without-marks",
        ),
        pytest.param(
            master_cells(
                answer=[("code", f"# BEGIN SOLUTION\n{ANSWER.replace('    # BEGIN SOLUTION NO PROMPT' + chr(10), '')}")]
            ),
            "squares.ipynb: cell 6\n"
            "  wanted  a stub of square_backward for students: a docstring, and `raise NotImplementedError`\n"
            "  got     no such function in the handout\n" + PUT_IT_BETWEEN,
            id="answer-with-its-first-line",
        ),
        pytest.param(
            [*master_cells(), ("markdown", "For your notes:\n\n    return grad_out*(x+x)")],
            "squares.ipynb: cell 7, line 3\n"
            "  wanted  no line of a solution in what students receive\n"
            "  got     `return grad_out * (x + x)`, of the solution in cell 6 of squares.ipynb\n"
            "  Take it out of the handout; or write the solution in another way, if the line is meant to be given.",
            id="answer-in-the-prose",
        ),
        pytest.param(
            [*master_cells(), ("code", "half = 0.5  # SOLUTION")],
            "squares.ipynb: cell 7, line 1\n"
            "  wanted  no mark of a solution in what students receive\n"
            "  got     `half = 0.5  # SOLUTION`\n"
            "  otter takes marks and answers out of cells between raw cells # BEGIN SOLUTION and # END SOLUTION only.",
            id="mark-outside-of-a-block",
        ),
        pytest.param(
            [("raw", "# END QUESTION"), *master_cells()],
            "squares.ipynb\n"
            "  wanted  a master that otter assign accepts\n"
            "  got     Found an end question cell with no begin block cell (cell number 1)",
            id="what-otter-refuses",
        ),
        pytest.param(
            [*master_cells(), ("markdown", "![A graph](graph.png)")],
            "graph.png\n"
            "  wanted  a picture, as a markdown cell of the master says\n"
            "  got     no such file beside squares.ipynb",
            id="picture-that-is-missing",
        ),
        pytest.param(
            master_cells(answer=[("code", ANSWER.replace("(x + x)", "(x + x"))]),
            "squares.ipynb: code cell 2\n"
            "  wanted  a solution that Python can read\n"
            "  got     line 3: return grad_out * (x + x",
            id="solution-that-is-no-python",
        ),
    ],
)
def test_a_master_that_would_lose_something_is_refused(tmp_path: Path, cells: Sequence[Cell], message: str) -> None:
    """Nothing is built, and the whole text says the cell, what was wanted, what is there, and what to try."""
    assert told(tmp_path, cells) == message


def test_a_master_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    """Half a merge, or a file of another kind."""
    assignment = make_course(tmp_path, [])
    master = tmp_path / "solutions" / "squares" / "squares.ipynb"
    master.write_text('{"nbformat": 3}', encoding="utf-8")

    with pytest.raises(BuildError) as error:
        build_handout(assignment)
    assert str(error.value) == f"{master}\n  wanted  a notebook of format 4\n  got     it is no notebook of format 4"


def test_an_answer_in_a_public_file_is_refused(tmp_path: Path) -> None:
    """All that goes into the zip is looked through, not only what is built."""
    assignment = make_course(tmp_path, master_cells())
    (assignment.folder / "notes.txt").write_text("\n\ndx = ... return grad_out * ( x + x )\n", encoding="utf-8")

    with pytest.raises(BuildError) as error:
        build_handout(assignment)
    assert str(error.value) == (
        "notes.txt: line 3\n"
        "  wanted  no line of a solution in what students receive\n"
        "  got     `return grad_out * (x + x)`, of the solution in cell 6 of squares.ipynb\n"
        "  Take it out of the handout; or write the solution in another way, if the line is meant to be given."
    )


def test_a_line_of_a_forward_function_is_no_leak(tmp_path: Path) -> None:
    """It is given; a solution may compute the same once more."""
    forward = (
        '\n\ndef norm(x):\n    """No question asks for it."""\n    length = x.dot(x) ** 0.5\n    return x / length\n'
    )
    answer = ANSWER.replace("    return grad_out", "    length = x.dot(x) ** 0.5\n    return grad_out")
    assignment = make_course(tmp_path, master_cells(answer=[("code", answer)]))
    with (assignment.folder / "forward.py").open("a", encoding="utf-8") as file:
        file.write(forward)
    (tmp_path / "solutions" / "squares" / "squares.ipynb").write_text(
        notebook_of_cells([*master_cells(answer=[("code", answer)]), ("code", forward.strip())]), encoding="utf-8"
    )

    assert (
        "length = x.dot(x) ** 0.5"
        in build_handout(load_assignment(str(assignment.folder))).handout["squares.py"].decode()
    )


def test_an_assignment_without_a_master_says_where_it_belongs(tmp_path: Path) -> None:
    """An installed grader has the public side of an assignment only."""
    assignment = make_course(tmp_path, [])
    master = tmp_path / "solutions" / "squares" / "squares.ipynb"
    master.unlink()

    with pytest.raises(UsageError) as error:
        build_handout(assignment)
    assert str(error.value) == (
        f"{master}: no such file. A handout is built from a master: a notebook with prompts and solutions in the "
        "format of otter assign. docs/master.md shows the smallest one."
    )


def test_without_a_clone_there_is_no_wheel() -> None:
    """Who installed the grader is told how the zip comes about."""
    with pytest.raises(UsageError) as error:
        build_wheel(None)
    assert str(error.value) == (
        "This grader was installed without a clone of its repository, so the wheel for students cannot be built. "
        "What to try: clone the repository, pip install -e '.[otter]' hatchling in it, and run the same command there."
    )


# ---- the command -------------------------------------------------------------------------------------------


def grader(*args: object, cwd: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    program = f"{before}\nfrom grader_cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, args)], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_command_writes_and_says_what_is_new(tmp_path: Path) -> None:
    """Everything goes where --out says, but for the solution, which stays beside its master."""
    make_course(tmp_path, master_cells())
    command = ("build", "assignments/squares", "--out", "made")

    first, second = grader(*command, cwd=tmp_path), grader(*command, cwd=tmp_path)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "Written  made/squares.ipynb\n"
        "Written  made/squares.py\n"
        "Written  made/tests/square.py\n"
        "Written  solutions/squares/solution.py\n"
        "Written  made/squares-student.zip\n\n"
        "Next   grader verify assignments/squares\n"
    )
    assert second.stdout == first.stdout.replace("Written", "Same   ")
    assert json.loads((tmp_path / "made" / "squares.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


def test_the_command_without_otter_says_how_to_get_it(tmp_path: Path) -> None:
    """It is 540 MB, so it does not come by itself."""
    make_course(tmp_path, master_cells())
    hidden = (
        "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: f(n, *a) if n != 'otter' else None"
    )

    done = grader("build", "assignments/squares", cwd=tmp_path, before=hidden)

    assert done.returncode == 2
    assert done.stderr == (
        "Error: otter-grader is not installed, and a master is taken apart by it. "
        "What to try: pip install 'backprop-grader[otter]'\n"
    )


def test_the_command_refuses_with_exit_code_2_and_writes_nothing(tmp_path: Path) -> None:
    """A handout with a mistake is worse than none."""
    make_course(tmp_path, master_cells(question="# BEGIN QUESTION\nname: square"))

    done = grader("build", "assignments/squares", "--out", "made", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("Error: solutions/squares/squares.ipynb: cell 3\n  wanted  points: 10\n")
    assert not (tmp_path / "made").exists()


def test_the_handout_of_others_grades_as_not_started(tmp_path: Path) -> None:
    """`grader check` takes both forms as they are handed out."""
    make_course(tmp_path, master_cells())
    grader("build", "assignments/squares", "--out", "made", cwd=tmp_path)

    for file in ("made/squares.ipynb", "made/squares.py"):
        done = grader("check", file, "-a", "assignments/squares", cwd=tmp_path)
        assert "○ square   Not started   0 / 10" in done.stdout
