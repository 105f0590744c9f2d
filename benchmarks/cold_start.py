"""`grader grade FILE.py` from nothing, against `python -c "import numpy"`: the ratio of medians of paired runs.

And its parts: processor time of the parent, each the smallest of some fresh interpreters, which says more than the
clock where other programs run.

Run it with `make bench`, or alone: `.venv/bin/python benchmarks/cold_start.py`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
AIM = 3.0

PARTS = """
import gc, json, time
spent = {}
def note(name, since=[0.0]):
    now = time.process_time()
    spent[name], since[0] = now - since[0], now
note("interpreter")
gc.disable()
import grader_cli.main
note("import the command")
import numpy
note("import numpy")
import grader_cli.grade
gc.freeze(); gc.enable()
note("import the library")
from autograder.checks.cases import make_function_deck, with_training
from autograder.checks.reference import make_reference, prove_forwards
from autograder.checks.verdicts import prove_verdicts
from autograder.render.feedback import Catalogue
assignment = grader_cli.grade.load_assignment("backprop")
note("load the assignment")
functions = make_function_deck(assignment, 2026)
note("draw the deck")
prove_forwards(assignment, functions)
note("prove the forward functions")
deck = with_training(functions, assignment)
note("train the models")
Catalogue.load(assignment)
note("read the words")
reference = make_reference(assignment, deck)
prove_verdicts(assignment, deck, reference)
note("answer the deck")
with_training(make_function_deck(assignment, 2026, 1), assignment)
note("a further deck: draw it, train")
print(json.dumps(spent))
"""


def seconds(words: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - started


def parts() -> dict[str, float]:
    """The processor time of each part in seconds, once."""
    words = [sys.executable, "-c", PARTS]
    told = subprocess.run(words, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout
    return {name: float(spent) for name, spent in json.loads(told).items()}


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles a program anew at every start
    grader = str(Path(sys.executable).parent / "grader")
    file = "solutions/backprop/solution.py"
    ways = {
        "python -c 'import numpy'": [sys.executable, "-c", "import numpy"],
        f"grader grade {file}": [grader, "grade", file],
        f"grader grade {file} --json": [grader, "grade", file, "--json"],
    }
    for words in ways.values():
        seconds(words)
    times: dict[str, list[float]] = {name: [] for name in ways}
    taken = []
    for _ in range(RUNS):
        for name, words in ways.items():
            times[name].append(seconds(words))
        taken.append(parts())

    floor, *_ = (statistics.median(runs) for runs in times.values())
    print(f"cold start, {RUNS} paired runs, medians")
    for name, runs in times.items():
        median = statistics.median(runs)
        print(f"  {median * 1e3:7.1f} ms   {median / floor:5.2f} x   {name}")
    print(f"  aim: under {AIM} x")
    print("its parts, processor time of the parent, smallest")
    for name in taken[0]:
        print(f"  {min(one[name] for one in taken) * 1e3:7.1f} ms   {name}")


if __name__ == "__main__":
    main()
