"""A believable class: right work, typical mistakes, half-done work, and the few submissions that break things.

Made from an assignment's solution and its collection of wrong functions, so it needs a clone; nothing is downloaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from autograder.errors import UsageError
from autograder.records import Assignment
from autograder.release.handout import notebook_of

STUDENTS = [
    "abena-mensah",
    "adil-khan",
    "aiko-tanaka",
    "amara-okafor",
    "ana-souza",
    "anders-lund",
    "anja-weber",
    "arjun-rao",
    "ayse-demir",
    "bao-nguyen",
    "beatriz-costa",
    "bjorn-dahl",
    "camille-roux",
    "chen-wei",
    "chidi-eze",
    "clara-rossi",
    "daniel-cohen",
    "deepa-iyer",
    "diego-vargas",
    "elena-petrova",
    "emeka-obi",
    "emma-jones",
    "farid-haddad",
    "fatima-zahra",
    "felix-braun",
    "grace-kim",
    "hana-novak",
    "hiro-sato",
    "ines-moreau",
    "ivan-horvat",
    "jada-brown",
    "jonas-berg",
    "kofi-asante",
    "layla-aziz",
    "leo-martin",
    "lucia-gomez",
    "mei-lin",
    "mia-olsen",
    "mohamed-ali",
    "nadia-popescu",
    "nils-holm",
    "noor-jansen",
    "omar-farouk",
    "priya-nair",
    "rosa-diaz",
    "sam-taylor",
    "tariq-malik",
    "yuki-mori",
]

ABSENT = ("vera-lindqvist", "zoltan-kovacs")
"""In the roster, and not among the submissions."""

SHARE_RIGHT, SHARE_TYPICAL = 0.2, 0.62
"""Of the class: who has everything right, who made one to three mistakes. The rest did not finish."""

USUAL: Mapping[str, Sequence[str]] = {
    "unbroadcast": ("partial--axis-zero", "sums-everything", "mean-for-sum"),
    "add": ("no-unbroadcast", "no-upstream"),
    "multiply": ("no-unbroadcast", "no-upstream", "swapped"),
    "sigmoid": ("no-upstream", "x-not-out", "forgot-one-minus-out"),
    "matmul": ("missing-transpose", "swapped-order", "transposed"),
    "softmax_cross_entropy": ("nan-large-logits", "not-mean", "no-upstream", "no-onehot"),
    "sgd_step": ("mutates-argument", "ascent"),
    "numeric_gradient": ("one-sided--wrong-points", "integer-result"),
}
"""The mistakes that a class makes again and again, by question; the first of each are the commonest."""

SHARE_USUAL = 0.75
"""Of all mistakes. The others are drawn from the whole collection."""

LOOP = "    while np.asarray(grad_out).size:\n        grad_out = grad_out\n"
EXIT = "    import os\n    os._exit(1)\n"


def make_class(assignment: Assignment, solutions: Path, students: int, seed: int) -> dict[str, str]:
    """File name → text of `students` submissions, half notebooks and half scripts. The same for the same seed."""
    written = tuple(question for question in assignment.questions if question.function)
    assignment = replace(assignment, questions=written)
    right = _functions_of(solutions / "solution.py", {question.function for question in written})
    wrong = {
        question.name: sorted((solutions / "wrong" / question.name).glob("*.py")) for question in assignment.questions
    }
    handout = (assignment.folder / f"{assignment.name}.py").read_text(encoding="utf-8")
    rng = Random(seed)
    names = _names(students)
    breaking = dict(zip(rng.sample(names, min(5, students // 8)), ("loop", "exit", "syntax", "untouched", "renamed")))
    files = {}
    for number, name in enumerate(names):
        answers = _answers(assignment, right, wrong, rng)
        script = _fill_in(handout, answers) if breaking.get(name) != "untouched" else handout
        script = _broken(script, breaking.get(name, ""), assignment)
        is_notebook = number % 2 == 0
        files[f"{name}{'.ipynb' if is_notebook else '.py'}"] = (
            notebook_of(_cluttered(script)) if is_notebook else script
        )
    return files


def make_roster(files: Mapping[str, str]) -> str:
    """A CSV of the class with names and addresses, and two students who handed in nothing."""
    ids = sorted({Path(name).stem for name in files} | set(ABSENT))
    rows = [(id, id.replace("-", " ").title(), f"{id}@example.edu") for id in ids]
    return "".join(f"{','.join(row)}\n" for row in (("id", "name", "email"), *rows))


def solutions_folder(assignment: Assignment) -> Path:
    """The twin folder with the solutions. Raises UsageError where there is none, as in an installed wheel."""
    folder = assignment.folder.resolve().parent.parent / "solutions" / assignment.name
    if not (folder / "solution.py").is_file():
        raise UsageError(
            f"{folder}: no solutions here. A sample class is made from them, so it needs a clone of the repository."
        )
    return folder


def _names(students: int) -> list[str]:
    rounds = range(1, 2 + (students - 1) // len(STUDENTS))
    return [name if turn == 1 else f"{name}-{turn}" for turn in rounds for name in STUDENTS][:students]


def _answers(
    assignment: Assignment, right: Mapping[str, str], wrong: Mapping[str, Sequence[Path]], rng: Random
) -> dict[str, str]:
    """Function name → its source, for one student; functions that are not started are left out."""
    mood = rng.random()
    answers = {}
    mistakes = 0 if mood < SHARE_RIGHT else rng.choice((1, 1, 2, 2, 3))
    with_mistake = set(rng.sample([q.name for q in assignment.questions], min(mistakes, len(assignment.questions))))
    finished = len(assignment.questions)
    if mood > SHARE_RIGHT + SHARE_TYPICAL:
        finished = rng.randrange(1, finished)
    for question in assignment.questions[:finished]:
        if question.name in with_mistake and wrong[question.name]:
            answers[question.function] = _mistake(question.name, wrong[question.name], rng).read_text(encoding="utf-8")
        else:
            answers[question.function] = right[question.function]
    return answers


def _mistake(question: str, wrong: Sequence[Path], rng: Random) -> Path:
    """A wrong answer to a question, usual ones more often."""
    usual = [file for stem in USUAL.get(question, ()) for file in wrong if file.stem == stem]
    if not usual or rng.random() >= SHARE_USUAL:
        return rng.choice(wrong)
    return rng.choices(usual, weights=range(len(usual), 0, -1))[0]


def _functions_of(file: Path, graded: Collection[str]) -> dict[str, str]:
    """Each top-level function of a file, without its docstring, with the helpers before it that it calls and that are
    not graded themselves."""
    text = file.read_text(encoding="utf-8")
    sources: dict[str, str] = {}
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        called = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}.difference(graded)
        node.body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        helpers = [source for name, source in sources.items() if name in called]
        sources[node.name] = "\n\n\n".join([*helpers, ast.unparse(node)]) + "\n"
    return sources


def _fill_in(handout: str, answers: Mapping[str, str]) -> str:
    """The handout with each stub replaced; whoever answers with a file pastes it whole, imports and all."""
    for node in reversed(ast.parse(handout).body):
        if isinstance(node, ast.FunctionDef) and node.name in answers:
            lines = handout.splitlines(keepends=True)
            handout = "".join([*lines[: node.lineno - 1], answers[node.name], *lines[node.end_lineno :]])
    return handout


def _broken(script: str, how: str, assignment: Assignment) -> str:
    first, *_, last = [question.function for question in assignment.questions if "grad_out" in question.receives]
    if how in ("loop", "exit"):
        lines = script.splitlines(keepends=True)
        at = next(number for number, line in enumerate(lines) if line.startswith(f"def {last}("))
        return "".join([*lines[: at + 1], LOOP if how == "loop" else EXIT, *lines[at + 1 :]])
    if how == "syntax":
        return re.sub(rf"^(def {first}\(.*\)):$", r"\1", script, flags=re.MULTILINE)
    if how == "renamed":
        return script.replace(f"def {first}(", f"def my_{first}(")
    return script


def _cluttered(script: str) -> str:
    """What people leave lying around in a notebook. None of it is run."""
    return (
        script.replace("# %%\nimport numpy as np\n", "# %%\n%matplotlib inline\nimport numpy as np\n", 1)
        + "\n\n# %%\nfor epoch in range(10**9):\n    print(epoch)\n\n# %%\ninput('press return')\n"
    )
