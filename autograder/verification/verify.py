"""The assignment graded: does it give its solution everything, its stub nothing, and each wrong answer its name?

A check that was never seen to fail is decoration. So everything that is known to be wrong is put to the checks: the
wrong examples of the instructor, each known mistake of the table, and automatic mutants of the solution.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from autograder.errors import UsageError, did_you_mean
from autograder.exams import Exam, make_exam, with_one_question
from autograder.grading import grade
from autograder.load.assignment import load_assignment
from autograder.records import (
    Answers,
    Assignment,
    Deck,
    Gap,
    Outcome,
    QuestionProof,
    QuestionResult,
    Report,
    Submission,
    Tally,
    Verification,
)
from autograder.sandbox.client import Sandbox
from autograder.sandbox.nest import usual_jobs
from autograder.verification.examples import prove_examples
from autograder.verification.known import prove_known
from autograder.verification.leaks import leaks_of_handout, leaks_of_words
from autograder.verification.models import prove_models
from autograder.verification.mutation import Survivor, passes, prepare_trials, score_mutants
from autograder.verification.rehearsal import CAN_FORK, rehearse

TRIALS = 1000
"""Random trials of a mutant that the checks let pass, until it counts as another way to write the same."""

NOTHING_YET = (Outcome.NOT_STARTED, Outcome.SKIPPED)
"""How the questions of a handout end: not started, or skipped for want of functions."""

Progress = Callable[[Iterator[QuestionProof], int], "Iterator[QuestionProof]"]
"""Hands the proofs on as they come, and may tell somebody; is told how many there will be."""


@dataclass(frozen=True)
class Sources:
    """The files that say what is right and what is wrong. `stub` is the handout, where there is one."""

    solution: Path
    stub: Path | None
    wrong: Mapping[str, tuple[Path, ...]]

    @property
    def folder(self) -> Path:
        return self.solution.parent


def find_sources(assignment: Assignment) -> Sources:
    """The solution, the handout and the wrong examples, by question. Raises UsageError where there is no solution."""
    folder = assignment.folder.resolve().parent.parent / "solutions" / assignment.name
    solution = folder / "solution.py"
    if not solution.is_file():
        raise UsageError(
            f"{solution}: no such file. An assignment is verified by its solution: put one function for each question "
            "into it, and wrong ones into wrong/QUESTION/MISTAKE.py beside it."
        )
    handout = assignment.folder / f"{assignment.name}.py"
    wrong = {path.name: tuple(sorted(path.glob("*.py"))) for path in sorted(folder.glob("wrong/*")) if path.is_dir()}
    return Sources(solution, handout if handout.is_file() else None, wrong)


def verify(
    assignment: Assignment,
    seed: int,
    sandbox: Sandbox,
    jobs: int | None = None,
    progress: Progress = lambda proofs, total: proofs,
) -> Verification:
    """The proof of each question, and what is wrong with the whole. Questions are looked at `jobs` at a time.

    Raises UsageError where there is no solution, and on systems that cannot fork.
    """
    if not CAN_FORK:
        raise UsageError("`grader verify` needs Linux or macOS: it runs each example in a copy of its own process.")
    sources = find_sources(assignment)
    found = progress(_prove_questions(assignment, sources, seed, sandbox, jobs), len(assignment.questions))
    proofs = tuple(found)
    gaps = (*_strange_folders(assignment, sources), *leaks_of_handout(assignment, sources.solution))
    return Verification(assignment.name, assignment.version, seed, proofs, gaps)


def _prove_questions(
    assignment: Assignment, sources: Sources, seed: int, sandbox: Sandbox, jobs: int | None
) -> Iterator[QuestionProof]:
    """The proof of each question, in order; the one with most to do begins first, or it would run alone in the end."""
    names = [question.name for question in assignment.questions]
    prove = partial(prove_question, str(assignment.folder.resolve()), sources, seed)
    lanes = min(jobs or usual_jobs(), len(names))
    with ProcessPoolExecutor(lanes, get_context("fork"), initializer=_end_at_ctrl_c) as pool:
        longest_first = sorted(names, key=lambda name: -len(sources.wrong.get(name, ())))
        pending = {name: pool.submit(prove, name) for name in longest_first}
        exam = make_exam(assignment, seed)
        solution = _graded(exam, sources.solution, sandbox)
        stub = _graded(exam, sources.stub, sandbox) if sources.stub else None
        for name in names:
            yield _with_own_files(pending[name].result(), solution, stub, sources)


def _end_at_ctrl_c() -> None:
    """Without a traceback of its own: the process that asked has the word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


# ---- the solution and the stub: through the sandbox, as a student's ------------------------------------------


def _graded(exam: Exam, file: Path, sandbox: Sandbox) -> Report:
    return grade(exam, Submission(file.name, "script", file.read_bytes()), sandbox)


def _with_own_files(proof: QuestionProof, solution: Report, stub: Report | None, sources: Sources) -> QuestionProof:
    """The proof, with what the solution and the handout earn in this question, and what is wrong with that."""
    right = _result_of(solution, proof.name)
    empty = _result_of(stub, proof.name)
    gaps = list(proof.gaps)
    if right is None or right.outcome is not Outcome.PASSED:
        said = _first_message(right) or "; ".join(note.message for note in solution.notes)
        gaps.insert(0, Gap(
            f"{sources.solution.name} earns {right.score if right else 0} of {proof.max_score}. {said}",
            "Correct the function, or the points and cases of this question.",
        ))  # fmt: skip
    if empty is not None and empty.outcome not in NOTHING_YET and sources.stub is not None:
        gaps.append(Gap(
            f"{sources.stub.name} counts as {empty.outcome.value} with {empty.score} of {proof.max_score} as it is "
            "handed out, not as not started.",
            "Let its function hold nothing but a docstring and `raise NotImplementedError`.",
        ))  # fmt: skip
    return replace(
        proof,
        solution=right.score if right else 0,
        stub=None if stub is None else empty.score if empty else 0,
        gaps=tuple(gaps),
    )


def _result_of(report: Report | None, name: str) -> QuestionResult | None:
    questions = report.questions if report is not None else ()
    return next((question for question in questions if question.name == name), None)


def _first_message(result: QuestionResult | None) -> str:
    return next((check.message for check in result.checks if check.message), "") if result else ""


# ---- one question ------------------------------------------------------------------------------------------


def prove_question(folder: str, sources: Sources, seed: int, name: str) -> QuestionProof:
    """What the wrong examples, the known mistakes and the mutants of one question say of its checks.

    The solution and the stub earn nothing here: they go through the sandbox, as a student's file does.
    """
    exam = make_exam(with_one_question(load_assignment(folder), name), seed, name)
    (question,) = exam.shown
    if question.models:
        solution = sources.solution.read_text(encoding="utf-8")
        noticed, gaps = prove_models(exam, question, solution, sources.wrong)
        return QuestionProof(name, question.max_score, 0, None, noticed, Tally(), Tally(), Tally(), 0, tuple(gaps))
    wrong, named, gaps = prove_examples(exam, question, sources.wrong.get(name, ()))
    proof = QuestionProof(name, question.max_score, 0, None, wrong, named, Tally(), Tally(), 0, tuple(gaps))
    return _with_solution(proof, exam, sources.solution)


def _with_solution(proof: QuestionProof, exam: Exam, file: Path) -> QuestionProof:
    """The proof with what can only be found where the solution is right."""
    (question,) = exam.assignment.questions
    solution = file.read_text(encoding="utf-8")
    ask = partial(_ask, exam.assignment)
    right = ask(solution, exam.deck)
    if not passes(exam, right):
        return proof
    trials = prepare_trials(exam, question, TRIALS)
    first = trials.chunks[0]
    rows, unseen = prove_known(exam, question, right, first, ask(solution, first.deck))
    score = score_mutants(exam, question, solution, trials, ask)
    survivors = [_gap_of_survivor(one, solution, file.name) for one in score.survivors]
    return replace(
        proof,
        rows=rows,
        mutants=Tally(score.killed, score.killed + len(score.survivors)),
        same=len(score.equivalent),
        gaps=(*proof.gaps, *unseen, *survivors, *leaks_of_words(exam, question, solution)),
    )


def _ask(assignment: Assignment, source: str, deck: Deck) -> Answers:
    return rehearse(source, assignment, deck)


def _gap_of_survivor(survivor: Survivor, solution: str, file: str) -> Gap:
    mutant = survivor.mutant
    before, after = solution.splitlines(), mutant.source.splitlines()
    at = next((n for n, (old, new) in enumerate(zip(before, after)) if old != new), mutant.line - 1)
    return Gap(
        f"A mutant of the solution passes all checks ({file}, line {at + 1}).",
        f"It is wrong, for example, for {survivor.case}: add such a case.",
        removed=before[at].strip(),
        added=after[at].strip() if at < len(after) else "",
    )


def _strange_folders(assignment: Assignment, sources: Sources) -> list[Gap]:
    """Folders of wrong examples that belong to no question: nobody would ever look at them."""
    names = [question.name for question in assignment.questions if question.function]
    gaps = []
    for folder in sources.wrong:
        if folder not in names:
            hint = did_you_mean(folder, names) or f"the questions are {', '.join(names)}."
            gaps.append(Gap(f"wrong/{folder}/ belongs to no question.", f"{hint[0].upper()}{hint[1:]}"))
    return gaps
