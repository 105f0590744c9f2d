"""What the grader itself does for one submission, against what its functions do to answer the deck.

Own work is comparing, judging, scoring, words and JSON. Answering is the calls alone, in this process, without any
sandbox. Run it with `make bench`, or alone: `.venv/bin/python benchmarks/own_work.py`.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

from autograder.answer import answer
from autograder.exams import prepare
from autograder.judging import judge, make_report
from autograder.records import report_to_json

ROOT = Path(__file__).resolve().parent.parent
RUNS = 50
SUBMISSIONS = {
    "the solution": ["solutions/backprop/solution.py"],
    "loops in Python": ["tests/submissions/backprop/right/plain-loops.py"],
    "one mistake": ["solutions/backprop/solution.py", "solutions/backprop/wrong/multiply/no-unbroadcast.py"],
}


def functions_of(files: list[str]) -> dict[str, Callable[..., Any]]:
    namespace: dict[str, Any] = {}
    for file in files:
        exec(compile((ROOT / file).read_text(encoding="utf-8"), file, "exec"), namespace)
    return {name: value for name, value in namespace.items() if callable(value)}


def main() -> None:
    exam = prepare(str(ROOT / "assignments" / "backprop"))
    calls = sum(len(case.calls) for case in exam.deck.cases)
    print(f"own work against answering, {len(exam.deck.cases)} cases with {calls} calls, medians of {RUNS} runs")
    for name, files in SUBMISSIONS.items():
        functions = functions_of(files)
        answering, own = [], []
        for _ in range(RUNS):
            started = time.perf_counter()
            answers = answer(functions, exam.deck, exam.assignment)
            answered = time.perf_counter()
            report = make_report(exam, name, answers, judge(exam, answers))
            json.dumps(report_to_json(report))
            own.append(time.perf_counter() - answered)
            answering.append(answered - started)
        one, other = statistics.median(own), statistics.median(answering)
        print(f"  {one * 1e3:5.2f} ms own   {other * 1e3:6.2f} ms answering   {one / other:5.2f} x   {name}")


if __name__ == "__main__":
    main()
