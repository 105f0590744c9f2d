"""The command as its users meet it: what it prints, where, and how it exits."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from conftest import ROOT, SOLUTIONS

GRADER = [sys.executable, "-c", "from grader_cli.main import main; main()"]
SOLUTION = SOLUTIONS / "solution.py"
HANDOUT = ROOT / "assignments" / "backprop" / "backprop.py"
LOOP = "def add_backward(grad_out, a, b):\n    while True:\n        pass\n"


def grader(*args: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    words = [*GRADER, *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, cwd=cwd, env={**os.environ, **env}, check=False)


# ---- check -------------------------------------------------------------------------------------------------


def test_check_of_a_right_file_says_so_and_exits_0(tmp_path: Path) -> None:
    """The end of the work is a clear word."""
    done = grader("check", SOLUTION)

    assert done.returncode == 0
    assert done.stdout.startswith("solution.py   100 / 100\n")
    assert done.stdout.endswith("Everything is right. Hand it in.\n")
    assert done.stderr == ""


def test_check_exits_1_while_something_is_not_right_yet() -> None:
    """Scripts and editors can tell; the next command is the last line."""
    done = grader("check", HANDOUT, "-q", "matmul")

    assert done.returncode == 1
    assert done.stdout == (
        "backprop.py   0 / 14\n\n"
        "○ matmul   Not started   0 / 14\n"
        "    matmul_backward is not written yet.\n\n"
        f"Next   matmul, then grader check {HANDOUT} -q matmul\n"
    )


HINTS = {
    1: """
    Next  Compare the shape of b with that of grad_b. How
          often was each entry of b used?
    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1

Next   multiply, then grader check hw.py -q multiply
       Stuck? Add --hints 2 for a second hint.
""",
    2: """
    Next  Compare the shape of b with that of grad_b. How
          often was each entry of b used?
    Then  Add up over every axis that broadcasting added or
          stretched.
    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1

Next   multiply, then grader check hw.py -q multiply
       Still stuck? Add --hints 3 for the last hint.
""",
    3: """
    Next  Compare the shape of b with that of grad_b. How
          often was each entry of b used?
    Then  Add up over every axis that broadcasting added or
          stretched.
    Last  `grad_b = unbroadcast(grad, b.shape)`, and the
          same for `a`.
    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1

Next   multiply, then grader check hw.py -q multiply
""",
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a homework whose mistake is known."""
    wrong = SOLUTIONS / "wrong" / "multiply" / "no-unbroadcast.py"
    (tmp_path / "hw.py").write_text(wrong.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("hints", HINTS)
def test_hints_come_one_after_the_other(desk: Path, hints: int) -> None:
    """As many as were asked for, and how to see the next one; all of it fits a narrow window."""
    done = grader("check", "hw.py", "-q", "multiply", "--hints", hints, cwd=desk, COLUMNS="60")

    card, end = HINTS[hints].split("\n\nNext   ")
    assert f" length 1.{card}\n" in done.stdout
    assert done.stdout.endswith(f"\n\nNext   {end}")
    assert max(map(len, done.stdout.splitlines())) <= 60


def test_the_assignment_chooses_the_language_of_the_whole_screen(desk: Path) -> None:
    """A class that is taught in German reads German."""
    shutil.copytree(ROOT / "assignments" / "backprop", desk / "backprop")
    toml = desk / "backprop" / "assignment.toml"
    toml.write_text(f'language = "de"\n{toml.read_text(encoding="utf-8")}', encoding="utf-8")

    checked = grader("check", "hw.py", "-q", "multiply", "-a", "backprop", "--hints", 3, cwd=desk, COLUMNS="60")
    right = grader("check", SOLUTION, "-a", "backprop", cwd=desk)
    shown = grader("grade", "hw.py", "-a", "backprop", cwd=desk)

    assert (
        checked.stdout
        == """\
hw.py   6 / 12

✗ multiply   Noch nicht   6 / 12
    Was Broadcasting wiederholt hat, ist in grad_b nicht
    aufsummiert. Ein mehrfach benutzter Wert addiert seine
    Gradienten; so bekommt der Gradient am Ende die Form
    seines Operanden. Für a (2, 3), b (1, 3): grad_b hat die
    Form (2, 3), erwartet ist (1, 3), die Form von b. Achse
    0 ist zu lang: sie müsste die Länge 1 haben.
    Weiter   Vergleiche die Form von b mit der von grad_b.
             Wie oft wurde jeder Eintrag von b benutzt?
    Danach   Summiere über jede Achse, die Broadcasting
             hinzugefügt oder gestreckt hat.
    Zuletzt  `grad_b = unbroadcast(grad, b.shape)`, und für
             `a` genauso.
    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1

    erwartet (1, 3)               deins (2, 3)
      3.1066   0.2310  -1.1629      1.6111  -0.0615  -0.1839
                                    1.4956   0.2924  -0.9791
                                  Σ axis=0
                                    3.1066   0.2310  -1.1629

    Zum Ausprobieren in eine Zelle:

    grad_out = np.array([
        [-2.1368892, -1.6683431, 1.53785],
        [-1.3517108, -0.44484273, -1.5336462],
    ], dtype=np.float32).astype(float)
    a = np.array([
        [-0.75393325, 0.03684149, -0.11956015],
        [-1.1064161, -0.65736526, 0.6383812],
    ], dtype=np.float32).astype(float)
    b = np.array([
        [0.15073511, -0.1918756, -1.0493914],
    ], dtype=np.float32).astype(float)
    multiply_backward(grad_out, a, b)

Weiter   multiply, dann grader check hw.py --assignment backprop -q multiply
"""
    )
    assert "\n✓ numeric_gradient   Richtig   8 / 8\n" in right.stdout
    assert right.stdout.endswith("\n\nAlles stimmt. Du kannst abgeben.\n")
    assert "○ add   Nicht begonnen   0 / 8\n    add_backward ist in dieser Datei nicht definiert.\n" in shown.stdout


# ---- grade -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    (folder / "ada.py").write_text(SOLUTION.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "bob.py").write_text(HANDOUT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "cem.py").write_bytes(b"\x00\x01")
    (folder / "dan").mkdir()
    (folder / "dan" / "homework.ipynb").write_text("{", encoding="utf-8")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "old.ipynb").write_text("{}", encoding="utf-8")
    return folder


def test_grade_json_is_one_document_and_nothing_else(class_folder: Path) -> None:
    """Machines read stdout; people read stderr."""
    done = grader("grade", class_folder, "--json")

    document = json.loads(done.stdout)
    schema = json.loads((ROOT / "autograder" / "results.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert done.returncode == 0
    assert [(r["submission"], r["outcome"], r["score"]) for r in document["reports"]] == [
        ("ada.py", "graded", 100),
        ("bob.py", "graded", 0),
        ("cem.py", "unreadable", 0),
        ("dan/homework.ipynb", "unreadable", 0),
    ]
    assert done.stderr == "Grading  4 of 4\n"


@pytest.mark.once
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_class_fits_the_terminal(class_folder: Path, columns: int) -> None:
    """Nothing is wider than the window, and nobody's name or problem is lost."""
    done = grader("grade", class_folder, COLUMNS=str(columns))

    assert max(len(line) for line in done.stdout.splitlines() if not line.startswith("Next")) <= columns
    assert "2 submissions need a look" in done.stdout
    assert "softmax_cross_entropy" in done.stdout
    flat = " ".join(done.stdout.split())
    assert "cem.py" in flat
    assert "\x1b" not in done.stdout


@pytest.mark.once
def test_fail_under_exits_1_when_a_score_is_lower(class_folder: Path) -> None:
    """For a script that guards a solution."""
    assert grader("grade", SOLUTION, "--fail-under", 100).returncode == 0
    assert grader("grade", class_folder, "--fail-under", 50).returncode == 1


def test_grade_of_one_file_prints_its_cards() -> None:
    """One file is shown like `check`, and its score is no error."""
    done = grader("grade", HANDOUT)

    assert done.returncode == 0
    assert done.stdout.startswith("backprop.py   0 / 100\n\n○ unbroadcast   Not started   0 / 6\n")


@pytest.mark.once
def test_colour_is_for_terminals_and_for_those_who_want_it() -> None:
    """No escape codes in a pipe, colour on a terminal, none with NO_COLOR."""

    def on_a_terminal(**env: str) -> str:
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [*GRADER, "check", str(HANDOUT), "-q", "add"], stdout=theirs, stderr=theirs, env={**os.environ, **env}
        ) as process:
            os.close(theirs)
            shown = b""
            while True:
                try:
                    chunk = os.read(ours, 4096)
                except OSError:  # how Linux says that the other end is closed
                    break
                if not chunk:
                    break
                shown += chunk
            process.wait()
        os.close(ours)
        return shown.decode()

    wrong = SOLUTIONS / "wrong" / "add" / "no-upstream.py"
    assert "\x1b" not in grader("check", wrong, "-q", "add").stdout
    assert "Not started" in on_a_terminal(TERM="xterm")
    assert "\x1b" not in on_a_terminal(TERM="xterm", NO_COLOR="1")


# ---- errors ------------------------------------------------------------------------------------------------

USAGE = "Usage: grader {verb} {args}\nTry 'grader {verb} -h' for help.\n\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["chek"], 'There is no command chek. Did you mean "check"?'),
        (
            ["frobnicate"],
            "There is no command frobnicate. They are demo, check, grade, report, export, similar, verify, build, "
            "otter, gradescope, host, doctor.",
        ),
        (["check", "nowhere.py"], "Error: nowhere.py: no such file."),
        (["grade", "nowhere/"], "Error: nowhere: no such file."),
        (
            ["grade", "notes.txt"],
            "Error: notes.txt: neither a notebook (.ipynb) nor a script (.py), nor a zip with one of them.",
        ),
        (["grade", "empty"], "Error: empty: no .ipynb, .py or .zip file in this folder."),
        (["check", "empty"], "empty is a folder. Check one file, or use `grader grade empty`."),
        (["check", "hw.py", "-q", "mulitply"], 'Error: backprop has no question mulitply: did you mean "multiply"?'),
        (["check", "hw.py", "-q", "xyz"],
         "Error: backprop has no question xyz: they are unbroadcast, add, multiply, sigmoid, matmul, "
         "softmax_cross_entropy, sgd_step, numeric_gradient, graph, bigram, xor, language_model."),
        (["grade", "hw.py", "-a", "bakprop"],
         'Error: bakprop: no assignment of this name. Did you mean "backprop"?'),
        (["grade", "hw.py", "-a", "empty"], "Error: empty: no assignment.toml in this folder."),
        (["demo", "--out", "empty"],
         "Error: empty exists and was not made by this command. Choose another folder with --out."),
        (["demo", "--out", "notes.txt/class"],
         "Error: notes.txt/class: the sample class cannot be written there: Not a directory."),
    ],
    ids=["misspelt command", "unknown command", "no file", "no folder", "another kind of file", "empty folder",
         "a folder to check", "misspelt question", "unknown question", "misspelt assignment", "no assignment",
         "somebody's folder", "a folder in a file"],
)  # fmt: skip
def test_wrong_usage_is_told_and_exits_2(tmp_path: Path, args: list[str], message: str) -> None:
    """What, where, and what to try; never a traceback."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "hw.py").write_text(SOLUTION.read_text(encoding="utf-8"), encoding="utf-8")

    done = grader(*args, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].removeprefix("Error: ") == message.removeprefix("Error: ")
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_quietly_and_leaves_no_worker_behind(tmp_path: Path) -> None:
    """Half-way through a class, one word, exit code 130, and no process of ours left running."""
    for number in range(8):
        (tmp_path / f"{number}.py").write_text(LOOP)
    with subprocess.Popen(
        [*GRADER, "grade", str(tmp_path), "-j", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"}, start_new_session=True,
    ) as process:  # fmt: skip
        wait_for_a_worker_of(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    assert process.returncode == 130
    assert err.splitlines()[-1] == "Stopped."
    assert "Traceback" not in err
    assert out == ""
    assert not workers_of(process.pid)


def workers_of(pid: int) -> list[str]:
    """Children of a process, by Linux's own list."""
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return []


def wait_for_a_worker_of(pid: int) -> None:
    while not workers_of(pid):
        os.sched_yield()


# ---- demo and help -----------------------------------------------------------------------------------------


@pytest.mark.once
def test_demo_makes_a_class_and_grades_it(tmp_path: Path) -> None:
    """The main job with no set-up, to the page of the class; a second run fills the same folder again."""
    first = grader("demo", "--students", 6, cwd=tmp_path)
    second = grader("demo", "--students", 5, cwd=tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert re.search(r"^Graded +6 submissions in \d", first.stdout, re.MULTILINE)
    folder = tmp_path / "demo-class"
    assert len(list((folder / "submissions").iterdir())) == 5
    assert "scores in percent" in second.stdout
    assert "Missing     2 handed in nothing: Vera Lindqvist, Zoltan Kovacs" in second.stdout
    assert f"Open  {folder / 'grades' / 'report.html'}\n" in second.stdout
    page = (folder / "grades" / "report.html").read_text(encoding="utf-8")
    assert "Abena Mensah" in page
    assert (folder / "grades" / "students" / "Abena-Mensah.html").is_file()


@pytest.mark.parametrize("verb", [[], ["demo"], ["check"], ["grade"], ["export"]], ids=" ".join)
def test_help_is_there_for_each_verb(verb: list[str]) -> None:
    """`-h` works everywhere and names every option."""
    done = grader(*verb, "-h")

    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: grader{' ' if verb else ''}{' '.join(verb)} ")


def test_version_is_that_of_the_package() -> None:
    """One number, in one place."""
    from autograder import __version__

    assert grader("--version").stdout == f"grader, version {__version__}\n"


def test_a_packed_class_is_opened_without_a_folder_too(tmp_path: Path) -> None:
    """Whoever only wants to look gets names, and a next command that is about what was given."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as packed:
        packed.writestr("lovelaceada_20000_9911_hw.py", "def add_backward(grad_out, a, b): ...\n")
        packed.writestr("turingalan_20001_9912_hw.py", "def add_backward(grad_out, a, b): ...\n")

    done = grader("grade", "class.zip", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stderr.startswith("Layout      Canvas, 2 students, 2 files\n")
    assert done.stdout.endswith("\nNext   grader grade class.zip --out grades/   to keep results, grades and pages\n")
