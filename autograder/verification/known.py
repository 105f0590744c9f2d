"""Known mistakes of the table: does each that can happen in a question lose points there?"""

from __future__ import annotations

from autograder.checks.misconceptions.imitate import asked_of, imitate
from autograder.checks.misconceptions.table import rows_of
from autograder.exams import Exam
from autograder.records import Answers, Gap, Question, Tally
from autograder.verification.mutation import passes

OFTEN = 5
"""In how many trials a mistake must show to be one that can happen: rounding alone may do it in one."""


def prove_known(
    exam: Exam, question: Question, right: Answers, trial: Exam, right_in_trial: Answers
) -> tuple[Tally, list[Gap]]:
    """How many of the known mistakes that can happen here lose points, and a gap for each that does not.

    Variants of a mistake count as one. Where a mistake shows in no case, random trials tell whether it could.
    """
    asked = asked_of(exam.assignment, question, exam.deck)
    asked_in_trial = asked_of(trial.assignment, question, trial.deck)
    of: set[str] = set()
    gaps: dict[str, Gap] = {}
    for variant, row in rows_of(question.forward).items():
        id = variant.partition("--")[0]
        imitations = list(imitate(row, asked, right))
        if any(not passes(exam, answers) for _, answers in imitations):
            of.add(id)
        elif imitations:
            gaps.setdefault(id, _unpaid(id, question, exam.deck.cases[imitations[0][0]].words))
        else:
            in_trial = [number for number, _ in imitate(row, asked_in_trial, right_in_trial)]
            if len(in_trial) >= OFTEN:
                gaps.setdefault(id, _unseen(id, question, trial.deck.cases[in_trial[0]].words))
    of |= gaps.keys()
    return Tally(len(of) - len(gaps), len(of)), list(gaps.values())


def _unpaid(id: str, question: Question, words: str) -> Gap:
    return Gap(
        f"The known mistake {id} shows for {words}, and loses no points.",
        f"Give points to the family of that case, or add it to a family of {question.name} that has some.",
    )


def _unseen(id: str, question: Question, words: str) -> Gap:
    return Gap(
        f"The known mistake {id} shows in no case of {question.name}.",
        f"It would, for example, for {words}: add such a case.",
    )
