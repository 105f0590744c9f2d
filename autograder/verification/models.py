"""Training questions: does a mistake in any of the functions that their models call cost points there?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.exams import Exam
from autograder.judging import judge
from autograder.records import Assignment, Gap, Question, Tally
from autograder.verification.rehearsal import rehearse


def prove_models(
    exam: Exam, question: Question, solution: str, wrong: Mapping[str, Sequence[Path]]
) -> tuple[Tally, list[Gap]]:
    """Of how many functions some wrong example is noticed, joined to the solution; and a gap for each other one."""
    good, gaps = 0, []
    asked = functions_of(exam.assignment, question)
    for name, function in asked.items():
        files = wrong.get(name, ())
        if any(_is_noticed(exam, question, solution, function, file) for file in files):
            good += 1
        else:
            gaps.append(_gap(question, function, name, len(files)))
    return Tally(good, len(asked)), gaps


def functions_of(assignment: Assignment, question: Question) -> dict[str, str]:
    """The functions that the models of a question call, by the questions that ask for them."""
    called = {forward for model in question.models for forward in assignment.models[model].operations}
    return {one.name: one.function for one in assignment.questions if one.forward in called}


def _is_noticed(exam: Exam, question: Question, solution: str, function: str, file: Path) -> bool:
    source = file.read_text(encoding="utf-8", errors="replace")
    answers = rehearse(solution, exam.assignment, exam.deck, instead={function: source})
    (result,) = (result for result in judge(exam, answers) if result.name == question.name)
    return result.score < question.max_score


def _gap(question: Question, function: str, name: str, files: int) -> Gap:
    if not files:
        return Gap(
            f"Nobody knows whether a wrong {function} costs points here: there is no example of one.",
            f"Put a wrong {function} into wrong/{name}/.",
        )
    return Gap(
        f"No wrong example of {function} costs points here.",
        f"Let a model of {question.name} call it in a way that shows its mistakes.",
    )
