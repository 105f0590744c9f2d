"""The autograder zip: what is in it, that it is the same every time, and that it gives nothing away."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from otter_runs import BACKPROP
from test_cli import grader
from test_handout import code_lines

from autograder.errors import UsageError
from autograder.exams import SEED
from autograder.otter.bundle import make_otter_zip
from conftest import ROOT, SOLUTIONS

FOLDER = ROOT / "assignments" / "backprop"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    make_otter_zip(BACKPROP, target, SEED)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_tests_settings_and_the_public_assignment(packed: dict[str, bytes]) -> None:
    """What otter reads, what a platform runs, and what our plugin grades by; not the handout."""
    assert sorted(packed) == sorted(
        [
            *(f"tests/{question.name}.py" for question in BACKPROP.questions),
            *(f"assignments/backprop/{name}" for name in ("assignment.toml", "forward.py", "training.py")),
            *(f"assignments/backprop/data/{name}" for name in ("mary.txt", "unseen.txt")),
            "otter_config.json",
            "run_autograder",
            "setup.sh",
        ]
    )


def test_the_settings_name_our_plugin_and_show_every_box(packed: dict[str, bytes]) -> None:
    """All questions of `backprop` are visible: each has a box of its own."""
    assert json.loads(packed["otter_config.json"]) == {
        "show_hidden": True,
        "show_all_public": True,
        "force_public_test_summary": False,
        "show_stdout": False,
        "plugins": [{"autograder.otter.plugin.GraderPlugin": {"assignment": "backprop", "seed": 2026}}],
    }


def test_the_same_assignment_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whoever makes it anew sees in the bytes whether something has changed."""
    for name in ("one.zip", "two.zip"):
        make_otter_zip(BACKPROP, tmp_path / name, SEED)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_no_line_of_the_solution_is_in_the_zip(packed: dict[str, bytes]) -> None:
    """Otter unpacks it beside the submission: the answer key is the forward pass, and nothing else is there."""
    handed_out = [(FOLDER / name).read_text(encoding="utf-8") for name in ("forward.py", "backprop.py")]
    solution = code_lines((SOLUTIONS / "solution.py").read_text(encoding="utf-8"))
    solution -= set().union(*map(code_lines, handed_out))

    assert len(solution) > 8
    for name, content in packed.items():
        text = " ".join(content.decode().split())
        assert not [line for line in solution if " ".join(line.split()) in text], name


def test_what_runs_may_be_run(tmp_path: Path) -> None:
    """The two scripts are executable when they are unpacked."""
    make_otter_zip(BACKPROP, tmp_path / "autograder.zip", SEED)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}

    assert {name for name, mode in modes.items() if mode & 0o111} == {"setup.sh", "run_autograder"}


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_are_scripts(script: str, packed: dict[str, bytes], tmp_path: Path) -> None:
    """A shell reads them to their end."""
    (tmp_path / script).write_bytes(packed[script])

    subprocess.run(["bash", "-n", str(tmp_path / script)], check=True)


def test_the_setup_is_lean(packed: dict[str, bytes]) -> None:
    """No conda, no browser, no LaTeX: minutes of every image that is built."""
    commands = [line for line in packed["setup.sh"].decode().splitlines() if not line.startswith("#")]

    assert not [word for word in ("conda", "mamba", "chromium", "playwright", "tex") if word in "\n".join(commands)]


def test_a_wheel_is_packed_and_installed_from_the_zip(tmp_path: Path) -> None:
    """For platforms that find this grader in no index."""
    wheel = tmp_path / "backprop_grader-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    make_otter_zip(BACKPROP, tmp_path / "autograder.zip", SEED, wheel)

    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        assert archive.read(f"wheels/{wheel.name}") == b"wheel"
        assert f"'./wheels/{wheel.name}[otter]'" in archive.read("setup.sh").decode()


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    """Nothing else can be meant by it."""
    (tmp_path / "numpy-2.0.whl").write_bytes(b"wheel")

    with pytest.raises(UsageError) as raised:
        make_otter_zip(BACKPROP, tmp_path / "autograder.zip", SEED, tmp_path / "numpy-2.0.whl")

    assert str(raised.value) == (
        f"{tmp_path / 'numpy-2.0.whl'}: not a wheel of this grader, whose name begins with backprop_grader-."
    )


# ---- the command -------------------------------------------------------------------------------------------


def test_the_command_makes_the_zip_and_names_the_next_one(tmp_path: Path) -> None:
    """In the folder in which it is called, unless --out says where."""
    done = grader("otter", "zip", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Made   backprop-otter.zip   12 questions, 100 points, seed 2026\n"
        "Next   otter run -a backprop-otter.zip submission.ipynb   "
        "where otter-grader and this grader are installed\n"
    )
    assert zipfile.is_zipfile(tmp_path / "backprop-otter.zip")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["backpropp"], 2, 'Error: backpropp: no assignment of this name. Did you mean "backprop"?\n'),
        (["backprop", "-o", "nowhere/a.zip"], 3, "Error: nowhere/a.zip.part: No such file or directory.\n"),
    ],
    ids=["assignment", "folder"],
)
def test_what_cannot_be_done_ends_in_a_sentence(args: list[str], code: int, said: str, tmp_path: Path) -> None:
    """The exit codes of every command: 2 for what was asked, 3 for the machine."""
    done = grader("otter", "zip", *args, cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_the_zip_is_made_without_otter() -> None:
    """It is made where the handout is, and otter takes a second to import, and half a gigabyte."""
    program = "import sys, grader_cli.otter; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert not {"otter", "nbformat", "pandas"} & set(loaded)
