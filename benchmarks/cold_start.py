"""`grader grade FILE.py` from nothing, against `python -c "import numpy"`: the ratio of medians of paired runs.

Run it with `make bench`, or alone: `.venv/bin/python benchmarks/cold_start.py`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
AIM = 3.5


def seconds(words: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - started


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
    for _ in range(RUNS):
        for name, words in ways.items():
            times[name].append(seconds(words))

    floor, *_ = (statistics.median(runs) for runs in times.values())
    print(f"cold start, {RUNS} paired runs, medians")
    for name, runs in times.items():
        median = statistics.median(runs)
        print(f"  {median * 1e3:7.1f} ms   {median / floor:5.2f} x   {name}")
    print(f"  aim: under {AIM} x")


if __name__ == "__main__":
    main()
