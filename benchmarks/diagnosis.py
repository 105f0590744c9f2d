"""What naming mistakes costs: a right submission with and without the table, and what a wrong one costs instead.

Answers are judged and put into words, in this process; medians of interleaved runs.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from autograder import grading
from autograder.answer import answer
from autograder.records import Answers

ROOT = Path(__file__).resolve().parent.parent
RUNS = 41


def answers_of(exam: grading.Exam, *files: Path) -> Answers:
    namespace: dict[str, Any] = {"__name__": "example"}
    for file in files:
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), namespace)
    functions = {
        question.function: namespace[question.function] for question in exam.assignment.questions if question.function
    }
    return answer(functions, exam.deck, exam.assignment)


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    exam = grading.prepare(str(ROOT / "assignments" / "backprop"))
    solutions = ROOT / "solutions" / "backprop"
    right = answers_of(exam, solutions / "solution.py")
    wrong = answers_of(exam, solutions / "solution.py", solutions / "wrong" / "multiply" / "no-unbroadcast.py")

    def report(answers: Answers) -> Any:
        return grading.make_report(exam, "hw.py", answers, grading.judge(exam, answers))

    def report_without(answers: Answers) -> Any:
        with patch.object(grading, "diagnose", lambda *_: ()):
            return report(answers)

    report(wrong)  # what is read on first use
    times: dict[str, list[float]] = {"right": [], "right without": [], "wrong": [], "wrong without": []}
    for _ in range(RUNS):
        times["right"].append(seconds(lambda: report(right)))
        times["right without"].append(seconds(lambda: report_without(right)))
        times["wrong"].append(seconds(lambda: report(wrong)))
        times["wrong without"].append(seconds(lambda: report_without(wrong)))
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"a right submission with the table, against without: {median['right'] / median['right without']:.2f}")
    print(f"one wrong function with the table, against without: {median['wrong'] / median['wrong without']:.2f}")
    print(f"naming one wrong function: {1e3 * (median['wrong'] - median['wrong without']):.1f} ms")


if __name__ == "__main__":
    main()
