"""What a student meets in a notebook: checks, the strip, hints, and the file to hand in."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cells import Cells

from autograder.answer import answer
from autograder.exams import SEED, make_exam
from autograder.judging import judge
from autograder.load.assignment import load_assignment
from autograder.notebook import Notebook
from autograder.notebook.clock import Clock, OutOfTime
from autograder.records import Outcome
from conftest import ROOT, SOLUTIONS

SOLUTION = (SOLUTIONS / "solution.py").read_text(encoding="utf-8")
STUB = "def multiply_backward(grad_out, a, b):\n    raise NotImplementedError\n"
NO_SUM = "import numpy as np\n\ndef multiply_backward(grad_out, a, b):\n    return grad_out * b, grad_out * a\n"
ENDLESS = "def sigmoid_backward(grad_out, out):\n    while True:\n        pass\n"


@pytest.fixture
def cells() -> Cells:
    return Cells()


def grader_in(cells: Cells, assignment: str = "backprop", version: str | None = None) -> Notebook:
    return Notebook(assignment, version, namespace=cells.namespace)


@pytest.fixture
def solved(cells: Cells) -> Cells:
    cells.run(SOLUTION)
    return cells


def test_a_right_function_passes(solved: Cells) -> None:
    """The card is one line: nothing is left to say."""
    assert grader_in(solved).check("multiply").text == "✓ multiply   Passed   12 / 12"


def test_the_first_problem_is_told_as_in_a_terminal(cells: Cells) -> None:
    """The mistake by its name, the first failing case, the next thought, what was earned, and the numbers."""
    cells.run(NO_SUM)

    told = grader_in(cells).check("multiply").text

    assert told.startswith(
        "✗ multiply   Not yet   6 / 12\n"
        "    What broadcasting repeated was not added up in grad_b. A value that is used\n"
        "    several times adds its gradients, so the gradient ends with the shape of its\n"
        "    operand. For a (2, 3), b (1, 3): grad_b has shape (2, 3), expected (1, 3),\n"
        "    the shape of b. Axis 0 is too long: it should have length 1.\n"
        "    Next  Compare the shape of b with that of grad_b. How often was each entry\n"
        "          of b used?\n"
        "    runs 2/2 · values 3/3 · shapes 0/5 · pure 1/1 · hard 0/1\n"
    )
    assert "Σ axis=0" in told
    assert told.endswith("multiply_backward(grad_out, a, b)")


@pytest.mark.parametrize(
    ("before", "told"),
    [
        pytest.param(
            STUB,
            "○ multiply   Not started   0 / 12\n"
            "    multiply_backward is not written yet.\n"
            "    Next  Write it, run its cell, and then run this one again.",
            id="stub",
        ),
        pytest.param(
            "",
            "○ multiply   Not started   0 / 12\n"
            "    multiply_backward is not defined in this notebook yet.\n"
            "    Next  Run the cell that defines it, and then this one again.",
            id="cell-not-run",
        ),
        pytest.param(
            "def multiply_backwards(grad_out, a, b):\n    return grad_out * b, grad_out * a\n",
            "○ multiply   Not started   0 / 12\n"
            "    multiply_backward is not defined in this file. multiply_backwards is\n"
            "    ({place}, line 1): is that it?\n"
            "    Next  Then call it multiply_backward: the grader finds functions by their\n"
            "          names.",
            id="other-name",
        ),
        pytest.param(
            "multiply_backward = 3\n",
            "○ multiply   Not started   0 / 12\n"
            "    multiply_backward is not defined in this notebook yet.\n"
            "    Next  Run the cell that defines it, and then this one again.",
            id="no-function",
        ),
        pytest.param(
            "def multiply_backward(grad_out, a, b):\n    return grad_out * B, grad_out * a\n",
            "✗ multiply   Not yet   0 / 12\n"
            "    For a (3, 4), b (3, 4): multiply_backward raised NameError in {place}, line\n"
            "    2, “B”: name 'B' is not defined.\n"
            "        return grad_out * B, grad_out * a\n"
            "                          ~\n",
            id="raised",
        ),
    ],
)
def test_what_is_not_there_yet_is_told_in_a_notebook_s_words(cells: Cells, before: str, told: str) -> None:
    """Whoever wrote a function and did not run its cell is told to run it."""
    if before:
        cells.run(before)
        place = next(
            (value.__code__.co_filename for value in cells.namespace.values() if hasattr(value, "__code__")), ""
        )
        told = told.format(place=place)

    text = grader_in(cells).check("multiply").text

    if sys.version_info >= (3, 11) or "~" not in told:  # before, Python does not tell the expression
        assert " ".join(text.split()).startswith(" ".join(told.split()))


def test_a_check_sees_what_was_run_last(cells: Cells) -> None:
    """The functions are looked up anew each time, in the memory of the notebook."""
    grader = grader_in(cells)
    cells.run(STUB)
    before = grader.check("multiply").text
    cells.run(SOLUTION)

    assert before.startswith("○ multiply")
    assert grader.check("multiply").text.startswith("✓ multiply")


def test_the_caller_s_own_functions_are_checked(tmp_path: Path) -> None:
    """Without a namespace, those are meant that stand where the grader is made: in a script, too."""
    script = tmp_path / "hw.py"
    script.write_text(
        f"{SOLUTION}\nfrom autograder.notebook import Notebook\nprint(Notebook('backprop').check('sgd_step'))\n",
        encoding="utf-8",
    )

    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert run.stdout == "✓ sgd_step   Passed   4 / 4\n"


def test_check_all_is_one_strip_and_what_comes_next(solved: Cells) -> None:
    """Whoever asks "am I done?" sees all questions, the points, and where to go on."""
    grader = grader_in(solved)
    done = grader.check_all().text
    solved.run(STUB)
    solved.run("del sigmoid_backward")

    assert done == (
        "✓ unbroadcast  ✓ add  ✓ multiply  ✓ sigmoid  ✓ matmul  ✓ softmax_cross_entropy\n"
        "✓ sgd_step  ✓ numeric_gradient  ✓ graph  ✓ bigram  ✓ xor  ✓ language_model\n"
        "100 / 100\n"
        "\n"
        "Everything is right. Save the notebook, then run grader.export()."
    )
    assert grader.check_all().text == (
        "✓ unbroadcast  ✓ add  ○ multiply  ○ sigmoid  ✓ matmul  ✓ softmax_cross_entropy\n"
        "✓ sgd_step  ✓ numeric_gradient  – graph  – bigram  – xor  – language_model\n"
        "63 / 100\n"
        "\n"
        "Next: multiply"
    )


def test_a_helper_of_the_student_s_is_not_charged_twice(solved: Cells) -> None:
    """As in a class: who calls a broken unbroadcast is asked once more with a right one, and then theirs is back."""
    solved.run("def unbroadcast(grad, shape):\n    return grad.sum()\n")
    broken = solved.namespace["unbroadcast"]
    grader = grader_in(solved)

    assert "✓ add   Passed   8 / 8" in grader.check("add").text
    assert "right unbroadcast in its place" in " ".join(grader.check("add").text.split())
    assert grader.report(["unbroadcast"]).score == 1
    assert solved.namespace["unbroadcast"] is broken


def test_an_endless_loop_is_stopped_with_a_sentence(cells: Cells) -> None:
    """And the kernel lives: the next check is answered."""
    cells.run(SOLUTION)
    cells.run(ENDLESS)
    grader = grader_in(cells)

    told = " ".join(grader.check("sigmoid").text.split())

    assert told.startswith("◷ sigmoid Stopped 0 / 10 For x (3, 4): sigmoid_backward took longer than 2 seconds and")
    assert "line 2, “while True:”" in told
    assert grader.check("add").text.startswith("✓ add")


def test_a_loop_that_catches_everything_is_stopped_too(cells: Cells) -> None:
    """`except BaseException` catches what stops it, and then the next one."""
    cells.run(
        "def sgd_step(params, grads, lr):\n"
        "    for attempt in range(3):\n"
        "        try:\n"
        "            while True:\n"
        "                pass\n"
        "        except BaseException:\n"
        "            pass\n"
        "    return [p - lr * g for p, g in zip(params, grads)]\n"
    )

    (question,) = grader_in(cells).report(["sgd_step"]).questions

    assert question.outcome is Outcome.STOPPED


def test_a_thread_without_a_timer_is_stopped_as_well() -> None:
    """Where the system's timer does not reach, an exception is thrown into the thread: so it is on Windows."""
    stopped = []

    def loop() -> None:
        with Clock() as clock:
            try:
                clock.begin(0.05)
                while True:
                    pass
            except OutOfTime:
                stopped.append(next(frame.f_code.co_name for frame in clock.frames))
            finally:
                clock.end()

    thread = threading.Thread(target=loop)
    thread.start()
    thread.join()

    assert stopped == ["loop"]


def test_a_clock_that_was_not_needed_leaves_nothing() -> None:
    """The timer is off and the handler of before is back, as if nothing had been."""
    before = signal.getsignal(signal.SIGALRM)
    with Clock() as clock:
        clock.begin(60.0)
        clock.end()

    assert clock.frames == []
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_button_that_interrupts_is_obeyed(cells: Cells) -> None:
    """KeyboardInterrupt ends the check; it is no answer."""
    cells.run("def sgd_step(params, grads, lr):\n    raise KeyboardInterrupt\n")

    with pytest.raises(KeyboardInterrupt):
        grader_in(cells).check("sgd_step")


def test_sys_exit_in_an_answer_ends_nothing(cells: Cells) -> None:
    """It is told like any other exception."""
    cells.run("import sys\n\ndef sgd_step(params, grads, lr):\n    sys.exit(0)\n")

    assert "SystemExit" in grader_in(cells).check("sgd_step").text


def test_hints_go_one_further_each_time(cells: Cells) -> None:
    """And stay at the last; with a new problem they begin anew."""
    cells.run(NO_SUM)
    grader = grader_in(cells)

    said = [grader.hint("multiply").text for _ in range(4)]
    cells.run("def multiply_backward(grad_out, a, b):\n    return -grad_out * b, -grad_out * a\n")
    grader.check("multiply")

    assert [text.splitlines()[0] for text in said] == [
        "Hint 1 of 3 on multiply",
        "Hint 2 of 3 on multiply",
        "Hint 3 of 3 on multiply",
        "Hint 3 of 3 on multiply",
    ]
    assert grader.hint("multiply").text.startswith("Hint 1 of 3 on multiply\n")
    assert grader.hint("multiply", 2).text.startswith("Hint 2 of 3 on multiply\n")
    assert grader.hint("multiply", 4).text == "There is no such hint: multiply has 3 on this problem."


def test_a_hint_on_what_is_right_is_none(solved: Cells) -> None:
    """Nothing is hinted at where nothing is wrong."""
    assert grader_in(solved).hint("add").text == "add is right: there is nothing left to hint at."


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("mulitply", 'There is no question mulitply: did you mean "multiply"?', id="typo"),
        pytest.param(
            "q1",
            "There is no question q1: they are unbroadcast, add, multiply, sigmoid, matmul, softmax_cross_entropy, "
            "sgd_step, numeric_gradient, graph, bigram, xor, language_model.",
            id="another-course",
        ),
    ],
)
def test_an_unknown_question_is_answered_in_a_sentence(cells: Cells, name: str, told: str) -> None:
    """No traceback for a typo."""
    grader = grader_in(cells)

    assert grader.check(name).text == told
    assert grader.hint(name).text == told


def test_a_handout_of_another_version_is_noticed(cells: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    """Once, where the grader is made; the same version says nothing."""
    grader_in(cells, version="1.0")
    quiet = capsys.readouterr().out
    grader_in(cells, version="0.9")

    assert quiet == ""
    assert capsys.readouterr().out == (
        "This handout is version 0.9, and the grader that is installed here belongs to version 1.0. Points may differ "
        "from those that count. Install the wheel that came with this handout, or get the handout anew.\n"
    )


def test_a_card_is_text_and_html(cells: Cells) -> None:
    """Notebooks show the one, terminals and screen readers the other; what a student wrote does nothing in either."""
    cells.run("def sgd_step(params, grads, lr):\n    raise ValueError('<script>alert(1)</script>')\n")

    card = grader_in(cells).check("sgd_step")

    shown = card._repr_mimebundle_()
    assert shown == {"text/plain": repr(card), "text/html": card.html}
    assert "<script>" in repr(card)
    assert "<script>" not in card.html


# ---- the same verdict as in a class ------------------------------------------------------------------------


def wrong_examples() -> Iterator[Path]:
    yield from sorted((SOLUTIONS / "wrong").glob("*/*.py"))


@pytest.mark.parametrize("file", list(wrong_examples())[::9], ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_notebook_judges_as_a_class_does(file: Path) -> None:
    """One deck, one code: what is asked in place gets the points that the same functions get elsewhere."""
    here, elsewhere = Cells(), Cells()
    for cells in (here, elsewhere):
        cells.run(SOLUTION)
        cells.run(file.read_text(encoding="utf-8"))
    name = file.parent.name
    exam = make_exam(load_assignment("backprop"), SEED)
    asked = [question.function for question in exam.assignment.questions if question.function]
    answers = answer({name: elsewhere.namespace[name] for name in asked}, exam.deck, exam.assignment)

    (result,) = grader_in(here).report([name]).questions

    expected = next(one for one in judge(exam, answers) if one.name == name)
    assert result.outcome is expected.outcome
    assert [check.score for check in result.checks] == [check.score for check in expected.checks]


# ---- handing in --------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def test_the_saved_notebook_is_packed(solved: Cells, folder: Path) -> None:
    """Into a zip with nothing else in it."""
    file = solved.save(folder / "my homework.ipynb")

    told = grader_in(solved).export().text

    assert told == ("my homework.ipynb is packed into backprop-hand-in.zip, beside it. Hand in that one file.")
    with zipfile.ZipFile(folder / "backprop-hand-in.zip") as packed:
        assert packed.namelist() == ["my homework.ipynb"]
        assert packed.read("my homework.ipynb") == file.read_bytes()


def test_work_that_was_not_saved_is_not_packed(solved: Cells, folder: Path) -> None:
    """The file on the disk is what is graded, so it must have what was run; helpers count as well."""
    file = solved.save(folder / "hw.ipynb")
    solved.run(SOLUTION.replace("(1.0 - out)\n", "(1.0 - out) * 1.0\n"))
    grader = grader_in(solved)

    told = grader.export().text

    assert told == (
        "Not packed: the saved file hw.ipynb does not have what you ran last of sigmoid_backward. Save the notebook, "
        "then run this cell again."
    )
    assert not (folder / "backprop-hand-in.zip").exists()
    solved.save(file)
    assert grader.export().text.startswith("hw.ipynb is packed into")


def test_the_environment_knows_which_notebook_it_is(
    solved: Cells, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jupyter says it in a variable, so several notebooks in one folder are no question."""
    solved.save(folder / "a.ipynb")
    second = solved.save(folder / "b.ipynb")
    asked = grader_in(solved).export().text
    monkeypatch.setenv("JPY_SESSION_NAME", str(second))

    assert asked == (
        'Several notebooks here could be the one to hand in: a.ipynb, b.ipynb. Say which: grader.export("a.ipynb").'
    )
    assert grader_in(solved).export().text.startswith("b.ipynb is packed into")
    assert grader_in(solved).export("a.ipynb").text.startswith("a.ipynb is packed into")


def test_a_notebook_that_is_elsewhere_is_asked_for(solved: Cells, folder: Path) -> None:
    """As in Colab, where the notebook is no file beside the kernel."""
    (folder / "other.ipynb").write_text("no notebook at all", encoding="utf-8")

    assert grader_in(solved).export().text == (
        f"No notebook with this homework was found in {folder}. Save it there, or say which file it is: "
        'grader.export("my-homework.ipynb"). In Colab, take File, Download, Download .ipynb, and hand that file in.'
    )
    assert grader_in(solved).export("hw.ipynb").text == f"There is no file hw.ipynb in {folder}."
    assert grader_in(solved).export("other.ipynb").text == (
        "This file is no notebook that can be read: Expecting value: line 1 column 1 (char 0). Save it again in "
        "Jupyter, and hand in what that wrote."
    )


def test_a_zip_that_cannot_be_written_is_told(solved: Cells, folder: Path) -> None:
    """And the old one, or whatever stands there, is left alone."""
    solved.save(folder / "hw.ipynb")
    (folder / "backprop-hand-in.zip").mkdir()

    assert grader_in(solved).export().text == (
        "hw.ipynb could not be packed: Is a directory. Nothing is lost; save the notebook and hand in hw.ipynb itself."
    )
    assert sorted(path.name for path in folder.iterdir()) == ["backprop-hand-in.zip", "hw.ipynb"]
