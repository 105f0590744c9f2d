"""A class in a folder: whole lines whatever happens, the same bytes in the end, and nobody graded twice."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import jsonschema
import pytest
import referencing
from graders import GRADER, SOLUTION, grader, make_files, start_grader, tree, wait_for_lines
from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook import Entry, Export, Handin, Policy, Student, entry_from_json, entry_to_json
from autograder.grades import read_gradebook, write_outputs
from autograder.grades.folder import open_folder
from autograder.grades.ledger import Ledger, Stamp, cut_torn_line, line_of, read_lines
from autograder.grades.run import Course, Workers, grade_into, make_plan
from autograder.load.assignment import load_assignment
from autograder.records import Note, Report, ReportOutcome
from autograder.sandbox.nest import Nest
from conftest import ROOT
from grader_cli.class_folder import names_on_screen

pytestmark = pytest.mark.once  # other Pythons keep a class in tests/test_report.py

STAMP = Stamp("backprop", "1.0", 2026)
STUDENTS = 9


def entry(name: str, score: int | None = 5, digest: str = "0" * 64, student: str = "") -> Entry:
    outcome = ReportOutcome.ERROR if score is None else ReportOutcome.GRADED
    report = Report(name, outcome, score, 10, 0, (), (), ())
    return Entry(Handin(name, (Student(student or name),), file=name), digest, report)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `class` that was graded into `grades` without any disturbance; `shown` is what it said."""
    folder = tmp_path_factory.mktemp("desk")
    make_files(folder / "class", STUDENTS)
    done = grader("grade", "class", "--out", "grades", "-j", 1, cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "shown").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def copy(desk: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(desk, tmp_path / "copy")
    return tmp_path / "copy"


# ---- what is there ---------------------------------------------------------------------------------------------


def test_a_class_becomes_a_folder(desk: Path) -> None:
    """One line for each hand-in in the order of the export, and all that is made of them."""
    lines = [json.loads(line) for line in (desk / "grades" / "results.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [line["handin"]["name"] for line in lines] == [f"s{number:04}.py" for number in range(STUDENTS)]
    assert [line["report"]["score"] for line in lines[:3]] == [100, 82, 0]
    assert {"grades.csv", "report.html", "class.json", "students/s0000.html", "students/s0001.txt"} <= set(
        tree(desk / "grades")
    )


def test_the_screen_says_what_was_graded_and_where_it_is(desk: Path) -> None:
    """From the layout to the next command."""
    shown = (desk / "shown").read_text(encoding="utf-8")

    head = (
        r"Layout +plain files, 9 students, 9 files\nAssignment +backprop 1\.0 · 100 points · seed 2026\nIsolation .*\n"
    )
    assert re.match(head + r"Graded +9 submissions in \d", shown)
    assert "3 submissions need a look\n✗  s0002 " in shown
    assert "Wrote       grades/results.jsonl   " in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_screen_fits_the_terminal(copy: Path, columns: int) -> None:
    """Names of any length, too."""
    name = "a" * 90 + ".py"
    (copy / "class" / name).write_text("def add_backward(:\n", encoding="utf-8")

    done = grader("grade", "class", "--out", "grades", "--resume", cwd=copy, COLUMNS=str(columns))

    assert done.returncode == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines() if not line.startswith("Next")) <= columns
    assert "Resumed     9 of 10 are graded already\n" in done.stdout


def test_every_line_keeps_to_the_schema(desk: Path) -> None:
    """Whoever reads results.jsonl with a program can rely on it."""
    schemas = [
        json.loads((ROOT / "autograder" / name).read_text(encoding="utf-8"))
        for name in ("grades/entry.schema.json", "results.schema.json")
    ]
    registry: referencing.Registry = referencing.Registry().with_resources(
        (schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas
    )
    validator = jsonschema.Draft202012Validator(schemas[0], registry=registry)

    for _, _, line in read_lines(desk / "grades" / "results.jsonl"):
        validator.validate(line)
        assert entry_to_json(entry_from_json(line)) == {key: line[key] for key in ("handin", "digest", "report")}


def test_git_never_sees_a_name(tmp_path: Path) -> None:
    """The folder is ignored before anything else is in it."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with open_folder(tmp_path / "grades") as folder:
        assert sorted(path.name for path in folder.iterdir()) == [".gitignore", ".lock"]
        (folder / "results.jsonl").write_text("{}\n", encoding="utf-8")

    status = subprocess.run(["git", "-C", tmp_path, "status", "--short", "-uall"], capture_output=True, check=True)
    assert status.stdout == b""


def test_a_gradebook_is_read_from_the_folder_alone(desk: Path) -> None:
    """Without the numbers of the evidence, which make up most of it."""
    book = read_gradebook(desk / "grades")

    assert (book.assignment, book.version, book.seed, book.max_score) == ("backprop", "1.0", 2026, 100)
    assert [grade.score for grade in book.grades[:3]] == [100, 82, 0]
    assert len(book.entries) == STUDENTS
    facts = {name for e in book.entries for q in e.report.questions for check in q.checks for name in check.facts}
    assert not facts & {"inputs", "expected_array", "got_array", "graph"}


def test_outputs_are_made_anew_from_the_two_files(copy: Path) -> None:
    """And nothing else: whoever deletes a page by mistake has it back, and what is of nobody goes."""
    before = tree(copy / "grades")
    (copy / "grades" / "grades.csv").unlink()
    shutil.rmtree(copy / "grades" / "students")
    (copy / "grades" / "students").mkdir()
    (copy / "grades" / "students" / "nobody.html").write_text("old", encoding="utf-8")

    write_outputs(copy / "grades")

    assert tree(copy / "grades") == before


# ---- refused ---------------------------------------------------------------------------------------------------

REFUSED = {
    "again": (
        ["class", "--out", "grades"],
        "grades: there are results already. --resume grades what is new or was not finished, --regrade grades all anew "
        "and tells who changes.",
    ),
    "both": (
        ["class", "--out", "grades", "--resume", "--regrade"],
        "--resume grades what is left, --regrade all anew. Choose one of them.",
    ),
    "foreign": (
        ["class", "--out", "class"],
        "class: this folder holds no grades, but other things (s0000.py). Choose an empty one, or one that is not "
        "there yet, with --out.",
    ),
    "file": (
        ["class", "--out", "shown"],
        "shown: grades need a folder, and this is a file. Choose another one with --out.",
    ),
    "alone": (
        ["class", "--resume"],
        "--resume, --regrade and what is said of late work and attempts go with --out: they are about a folder of "
        "grades.",
    ),
    "late": (
        ["class", "--late-percent", "10"],
        "--resume, --regrade and what is said of late work and attempts go with --out: they are about a folder of "
        "grades.",
    ),
    "json": (
        ["class", "--out", "grades", "--json"],
        "--json is for one run. With --out, grades/results.jsonl says it all, line by line.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
def test_nothing_is_written_over_without_being_asked(desk: Path, args: list[str], message: str) -> None:
    """What was graded stays, and both ways on are named."""
    before = tree(desk)

    done = grader("grade", *args, cwd=desk)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {message}\n")
    assert tree(desk) == before


def test_two_graders_do_not_share_a_folder(copy: Path) -> None:
    """The second one says so at once."""
    with open(copy / "grades" / ".lock", "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = grader("grade", "class", "--out", "grades", "--resume", cwd=copy)

    assert done.returncode == 2
    assert done.stderr == (
        "Error: grades: another grader is writing there. Wait for it, or choose another folder with --out.\n"
    )


def test_a_line_that_somebody_edited_is_named(copy: Path) -> None:
    """Which one, and what to do; nothing is thrown away by guess."""
    file = copy / "grades" / "results.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], "oops\n", *lines[2:]]), encoding="utf-8")

    done = grader("grade", "class", "--out", "grades", "--resume", cwd=copy)

    assert done.returncode == 2
    assert done.stderr == (
        "Error: grades/results.jsonl: line 2 is no result (JSONDecodeError: Expecting value: line 1 column 1 (char 0)"
        "). Delete that line, and --resume grades what it stood for; or grade all anew with --regrade.\n"
    )


# ---- resumed ---------------------------------------------------------------------------------------------------


def test_what_is_there_is_not_graded_again(copy: Path) -> None:
    """A class that is finished stays as it is, byte for byte."""
    before = tree(copy / "grades")

    done = grader("grade", "class", "--out", "grades", "--resume", cwd=copy)

    assert "Resumed     9 of 9 are graded already\n" in done.stdout
    assert "Graded      0 submissions" in done.stdout
    assert tree(copy / "grades") == before


def test_a_new_file_and_a_newcomer_are_graded(copy: Path) -> None:
    """The others are not; the order is that of the export; what does not count any more is kept beside."""
    before = (copy / "grades" / "results.jsonl").read_bytes()
    (copy / "class" / "s0001.py").write_text(SOLUTION, encoding="utf-8")
    (copy / "class" / "a.py").write_text(SOLUTION, encoding="utf-8")

    done = grader("grade", "class", "--out", "grades", "--resume", cwd=copy)

    assert "Note        Another file than before: 1 submission is graded anew.\n" in done.stdout
    assert "Resumed     8 of 10 are graded already\n" in done.stdout
    assert "Results that are not of this class any more are kept in" in done.stdout
    assert (copy / "grades" / "results-1.jsonl").read_bytes().startswith(before)
    book = read_gradebook(copy / "grades")
    assert [e.handin.name for e in book.entries[:3]] == ["a.py", "s0000.py", "s0001.py"]
    assert [grade.score for grade in book.grades[:4]] == [100, 100, 100, 0]


def test_another_seed_grades_all_anew(copy: Path) -> None:
    """Results of two seeds are never mixed; that is said."""
    done = grader("grade", "class", "--out", "grades", "--resume", "-s", 7, cwd=copy)

    assert "Note        Seed 7 in place of 2026: 9 submissions are graded anew.\n" in done.stdout
    assert {line["seed"] for _, _, line in read_lines(copy / "grades" / "results.jsonl")} == {7}


def test_two_at_a_time_write_the_same_bytes(desk: Path, tmp_path: Path) -> None:
    """As one at a time does."""
    grader("grade", "class", "--out", tmp_path / "grades", "-j", 2, cwd=desk)

    assert tree(tmp_path / "grades") == tree(desk / "grades")


def test_killed_and_resumed_is_the_same(desk: Path, tmp_path: Path) -> None:
    """`kill -9` in the middle, in the middle of a line even: the same bytes in the end as without."""
    out = tmp_path / "grades"
    with start_grader("grade", "class", "--out", out, "-j", 1, cwd=desk) as process:
        wait_for_lines(out / "results.jsonl", 3, process)
        process.kill()
    with open(out / "results.jsonl", "ab") as torn:
        torn.write(b'{"schema":"grader/ent')

    done = grader("grade", "class", "--out", out, "--resume", cwd=desk, COLUMNS="500")

    assert done.returncode == 0, done.stderr
    assert "the last line was cut short when grading was stopped." in " ".join(done.stdout.split())
    assert tree(out) == tree(desk / "grades")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_stopped_gently_says_how_to_go_on(desk: Path, tmp_path: Path, number: signal.Signals) -> None:
    """One sentence on what is kept, the command that goes on, and exit code 130."""
    out = tmp_path / "grades"
    make_files(tmp_path / "class", 120)
    with start_grader("grade", "class", "--out", "grades", "-j", 1, cwd=tmp_path) as process:
        wait_for_lines(out / "results.jsonl", 2, process)
        process.send_signal(number)
        _, err = process.communicate()

    assert process.returncode == 130
    assert re.search(
        r"\nStopped\. \d+ of 120 submissions are graded and kept in grades/results\.jsonl\.\n"
        r"Go on with  grader grade class --out grades -j 1 --resume\n$",
        err,
    ), err
    kept = list(read_lines(out / "results.jsonl"))
    assert 2 <= len(kept) < 120
    assert "Not finished: " in read_gradebook(out).remarks[0]


FULL = """
import resource, sys
from pathlib import Path
from autograder.grades.ledger import Ledger
resource.setrlimit(resource.RLIMIT_FSIZE, (250, 250))
with Ledger(Path(sys.argv[1])) as ledger:
    for letter in "abcd":
        ledger.append(letter.encode() * 99 + b"\\n")
"""


def test_a_line_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    """What was written before it stays, whole."""
    file = tmp_path / "results.jsonl"

    done = subprocess.run([GRADER[0], "-c", FULL, file], capture_output=True, text=True, check=False)

    assert "File too large" in done.stderr
    assert file.read_bytes() == b"a" * 99 + b"\n" + b"b" * 99 + b"\n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_keeps_what_is_graded(desk: Path, small_disk: Path) -> None:
    """A clear word, exit code 3, whole lines; with room again, the rest is graded."""
    done = grader("grade", "class", "--out", small_disk / "grades", cwd=desk)

    assert done.returncode == 3
    out = small_disk / "grades"
    kept = len(list(read_lines(out / "results.jsonl")))
    assert 0 < kept < STUDENTS
    assert done.stderr == (
        f"Error: {out}: No space left on device. {kept} of 9 submissions are graded and kept in {out}/results.jsonl. "
        "Make room, then go on with the same command and --resume.\n"
    )
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    assert grader("grade", "class", "--out", small_disk / "grades", "--resume", cwd=desk).returncode == 0
    assert tree(small_disk / "grades") == tree(desk / "grades")


# ---- regraded --------------------------------------------------------------------------------------------------


def test_a_regrade_tells_who_changes(copy: Path) -> None:
    """By how much, in which question, and what is another one than before; the old results stay."""
    before = (copy / "grades" / "results.jsonl").read_bytes()
    (copy / "class" / "s0001.py").write_text(SOLUTION, encoding="utf-8")

    done = grader("grade", "class", "--out", "grades", "--regrade", cwd=copy, COLUMNS="100")

    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.partition("1 submission changed; before: results-1.jsonl\n")[2].split())
    assert told.startswith("s0001 82 → 100 +18 add 0 → 8, graph 2 → 4, ")
    assert " · another file Wrote " in told
    assert (copy / "grades" / "results-1.jsonl").read_bytes() == before
    assert not (copy / "grades" / ".regrading").exists()


def test_a_regrade_that_changes_nothing_says_so(copy: Path) -> None:
    """And writes the same bytes once more."""
    before = (copy / "grades" / "results.jsonl").read_bytes()

    done = grader("grade", "class", "--out", "grades", "--regrade", cwd=copy)

    assert "Nobody changes. The results of before are in results-1.jsonl.\n" in done.stdout
    assert (copy / "grades" / "results.jsonl").read_bytes() == before


def test_a_regrade_that_was_stopped_goes_on(copy: Path) -> None:
    """It still knows what to compare with."""
    file = copy / "grades" / "results.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    (copy / "grades" / "results-1.jsonl").write_bytes(b"".join(lines).replace(b'"score":82,', b'"score":80,'))
    (copy / "grades" / ".regrading").write_text("results-1.jsonl", encoding="ascii")
    file.write_bytes(b"".join(lines[:4]))

    done = grader("grade", "class", "--out", "grades", "--resume", cwd=copy, COLUMNS="120")

    assert "3 submissions changed; before: results-1.jsonl\n" in done.stdout
    assert "s0001  80 → 82  +2  same file, version and seed: the grader or this machine\n" in done.stdout
    assert file.read_bytes() == b"".join(lines)


# ---- hand-ins of all kinds -------------------------------------------------------------------------------------


def test_a_hand_in_without_a_file_is_graded_too(tmp_path: Path) -> None:
    """Whoever handed in nothing that can be read has a report that says so, in their place; a name is only shown."""
    for name in ("a.py", "odd.PY"):  # a kind of file that the grader does not expect there: its own fault
        (tmp_path / name).write_text(SOLUTION, encoding="utf-8")
    reason = Note("zip-nothing", {"names": "nothing"})
    evil = Student("eve", "<script>alert(1)</script>\x1b[2J\udc80")
    handins = (
        Handin("a", (Student("ada"), evil), tmp_path / "a.py", notes=(Note("zip-several", {"names": "b.py"}),)),
        Handin("b", (Student("bob"),), None, notes=(reason,)),
        Handin("c", (Student("cem"),), tmp_path / "gone.py"),
        Handin("d", (Student("dora"),), tmp_path / "odd.PY"),
    )
    course = Course(load_assignment("backprop"), 2026, Export("test", "", handins, (Student("dan", "Dan"),)), Policy())
    out = tmp_path / "grades"
    with open_folder(out) as folder, Nest() as nest:
        grade_into(folder, course, make_plan(folder, course), Workers(1, nest), lambda reports, total: reports)
        write_outputs(folder)

    book = read_gradebook(out)
    assert [(e.handin.name, e.report.outcome.value, e.report.score) for e in book.entries] == [
        ("a", "graded", 100),
        ("b", "unreadable", 0),
        ("c", "unreadable", 0),
        ("d", "error", None),
    ]
    assert [handin.name for handin, _ in make_plan(out, course).todo] == ["d"]
    assert book.entries[0].handin.notes[0].message.startswith("This zip holds several files")
    assert {grade.student.id: grade.score for grade in book.grades} == {
        "ada": 100, "bob": 0, "cem": 0, "dan": None, "dora": None, "eve": 100,
    }  # fmt: skip
    pages = [path.read_text(encoding="utf-8") for path in out.rglob("*.html")]
    assert len(pages) == 6
    assert not [page for page in pages if "<script>alert" in page or "\x1b" in page]


def test_two_of_one_name_are_told_apart_on_the_screen(desk: Path) -> None:
    """By what their hand-ins are called; nothing hidden in a name reaches the terminal."""
    book = read_gradebook(desk / "grades")
    ada, other, evil = (Student(id, name) for id, name in (("1", "Ada"), ("2", "Ada"), ("3", "E\x1b[2Jve")))
    entries = [replace(book.entries[0], handin=Handin(f"h{one.id}", (one,))) for one in (ada, other, evil)]

    names = names_on_screen(replace(book, entries=tuple(entries)))

    assert names == {"h1": "Ada (h1)", "h2": "Ada (h2)", "h3": "E�[2Jve"}


# ---- the ledger ------------------------------------------------------------------------------------------------


@given(st.data())
def test_wherever_a_file_is_cut_whole_lines_are_left(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A process may be killed at any byte."""
    file = tmp_path_factory.mktemp("ledger") / "results.jsonl"
    with Ledger(file) as ledger:
        for name in ("a", "b", "c"):
            ledger.append(line_of(entry(name), STAMP))
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    file.write_bytes(whole[:at])

    was_torn = cut_torn_line(file)

    left = file.read_bytes()
    assert left == whole[: whole.rfind(b"\n", 0, at) + 1]
    assert was_torn == (left != whole[:at])


def test_a_line_holds_what_no_file_should_hold(tmp_path: Path) -> None:
    """Ends of lines of all kinds, half characters: one line of UTF-8, and back again."""
    hostile = entry("a\u2028b\x85c\rd\ne\udc80f\x00", student='"},{"id":"x')
    with Ledger(tmp_path / "results.jsonl") as ledger:
        ledger.append(line_of(hostile, STAMP))

    (line,) = [line for _, _, line in read_lines(tmp_path / "results.jsonl")]
    assert entry_from_json(line) == hostile


# ---- the full figures ------------------------------------------------------------------------------------------


@pytest.mark.proof
def test_killed_ten_times_at_random_is_the_same(tmp_path: Path) -> None:
    """Killed at a random line each time, and resumed until it is done: the same bytes as undisturbed."""
    make_files(tmp_path / "class", 60)
    grader("grade", "class", "--out", "undisturbed", cwd=tmp_path)
    random, out = Random(9), tmp_path / "grades"
    for _ in range(10):
        there = out.joinpath("results.jsonl").read_bytes().count(b"\n") if out.joinpath("results.jsonl").exists() else 0
        with start_grader("grade", "class", "--out", "grades", "--resume", cwd=tmp_path) as process:
            wait_for_lines(out / "results.jsonl", there + random.randrange(1, 6), process)
            process.kill()
    done = grader("grade", "class", "--out", "grades", "--resume", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert tree(out) == tree(tmp_path / "undisturbed")


@pytest.mark.proof
def test_memory_does_not_grow_with_the_class(tmp_path: Path, record_property: object) -> None:
    """1,000 submissions need what 100 do, but for a little for each name."""
    peaks = {}
    for count in (100, 1000):
        make_files(tmp_path / f"class{count}", count)
        program = (
            "import resource, sys\nfrom grader_cli.main import main\ntry:\n    main()\nfinally:\n"
            "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
        )
        words = [GRADER[0], "-c", program, "grade", f"class{count}", "--out", f"grades{count}"]
        done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False, env=os.environ)
        assert done.returncode == 0, done.stderr
        peaks[count] = int(done.stderr.split()[-1]) / 1024
    assert callable(record_property)
    record_property("peak memory, 100 and 1,000 submissions", f"{peaks[100]:.0f} and {peaks[1000]:.0f} MB")

    assert peaks[1000] < peaks[100] + 16


def test_the_screen_says_which_file_is_graded_and_how_grades_get_back(tmp_path: Path) -> None:
    """A resubmission on Canvas: the newest is graded, aloud; and the next command is Canvas's."""
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as packed:
        packed.writestr("lovelaceada_20000_9911_hw1.py", SOLUTION)
        packed.writestr("lovelaceada_20000_9912_hw1-1.py", SOLUTION)

    done = grader("grade", "submissions.zip", "--out", "grades", cwd=tmp_path)

    assert (
        "Note        1 hand-in has several files. One of each is graded, the newest\n"
        "            notebook: report.html lists which, and which not.\n"
    ) in done.stdout
    assert done.stdout.endswith(
        "Next   grader report grades --open   ·   grader export grades --to canvas --gradebook FILE\n"
    )


def test_a_slow_one_holds_nobodys_result_up(tmp_path: Path) -> None:
    """What is graded is written down, whoever is before it in the export; in the end, the order is the export's."""
    make_files(tmp_path / "class", 6)
    looping = SOLUTION.replace(
        "def sgd_step(params, grads, lr):\n", "def sgd_step(params, grads, lr):\n    while 1: ...\n"
    )
    assert looping != SOLUTION
    (tmp_path / "class" / "s0000.py").write_text(looping, encoding="utf-8")
    file = tmp_path / "grades" / "results.jsonl"

    with start_grader("grade", "class", "--out", "grades", "-j", 2, cwd=tmp_path) as process:
        wait_for_lines(file, 4, process)
        begun = [line["handin"]["name"] for _, _, line in read_lines(file)]
        process.communicate()

    assert "s0000.py" not in begun[:4]
    names = [line["handin"]["name"] for _, _, line in read_lines(file)]
    assert names == [f"s{number:04}.py" for number in range(6)]
