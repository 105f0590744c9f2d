"""What a notebook's grader costs: the second `check("multiply")` against the calls of the student's functions in it,
and the first cell against `import numpy`. Ratios of medians of runs that take turns.

Run it with `make bench`, or alone: `.venv/bin/python benchmarks/notebook.py`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHECKS, STARTS = 200, 21
AIM = 1.3

FIRST_CELLS = {
    "import numpy": "import numpy",
    "from autograder.notebook import Notebook": "from autograder.notebook import Notebook",
    "both": "import numpy; from autograder.notebook import Notebook",
    "both, and Notebook('backprop', version='1.0')": (
        "import numpy; from autograder.notebook import Notebook; Notebook('backprop', version='1.0')"
    ),
}


def seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def medians(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Seconds of each, in turns, so that whatever else the machine does meets all of them."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, do in ways.items():
            spent[name].append(seconds(do))
    return {name: statistics.median(times) for name, times in spent.items()}


def of_a_check() -> dict[str, float]:
    from autograder.answer import answer_case, quiet
    from autograder.exams import SEED, make_exam, with_helpers
    from autograder.load.assignment import load_assignment
    from autograder.notebook import Notebook

    functions: dict[str, Any] = {}
    exec((ROOT / "solutions" / "backprop" / "solution.py").read_text(encoding="utf-8"), functions)
    grader = Notebook("backprop", namespace=functions)
    exam = make_exam(with_helpers(load_assignment("backprop"), "multiply"), SEED, "multiply")

    def answering() -> None:
        with quiet():
            for case in exam.deck.cases:
                answer_case(functions[case.function], case, exam.assignment.forwards)

    def check() -> None:
        assert grader.check("multiply").text.startswith("✓")

    check()
    answering()
    return medians({"answering": answering, "check": check}, CHECKS)


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles a program anew at every start
    spent = of_a_check()
    ratio = spent["check"] / spent["answering"]
    print(f"second check('multiply'): {1e3 * spent['check']:.2f} ms, of which answering {1e3 * spent['answering']:.2f}")
    print(f"  ratio {ratio:.2f}: our own time is {ratio - 1:.2f} of the answering itself")
    ways = {name: lambda code=code: subprocess.run([sys.executable, "-c", code]) for name, code in FIRST_CELLS.items()}
    for start in ways.values():
        start()
    starts = medians(ways, STARTS)
    for name, took in starts.items():
        print(f"{1e3 * took:6.0f} ms  {took / starts['import numpy']:.2f} x numpy  {name}")
    print(f"  (aim {AIM} for the import; the last line loads the assignment, to compare the versions)")


if __name__ == "__main__":
    main()
