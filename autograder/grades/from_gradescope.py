"""A Gradescope export whose results are ours → a gradebook. Nothing is graded again."""

from __future__ import annotations

from pathlib import Path

from autograder.gradebook import Gradebook
from autograder.load.gradescope_results import read_gradescope_results
from autograder.policy import grade_students, remarks_on_policy
from autograder.records import Assignment
from autograder.render.feedback import Catalogue, load_policy_words

UNKNOWN_SEED = 0
"""Results do not tell the seed: a student may read them."""


def read_gradescope_gradebook(path: Path, assignment: Assignment, catalogue: Catalogue) -> Gradebook:
    """The gradebook of an export, a zip or a folder, after the policy of the assignment.

    Raises UsageError where it is no export of Gradescope's.
    """
    found = read_gradescope_results(
        path, assignment, lambda question, id: catalogue.words_of_mistake(id, question) is not None
    )
    policy, max_score, words = assignment.policy, assignment.max_score, load_policy_words(assignment.language)
    return Gradebook(
        assignment=assignment.name,
        title=assignment.title,
        version=assignment.version,
        seed=UNKNOWN_SEED,
        max_score=max_score,
        layout="gradescope",
        layers=found.layers,
        policy=policy,
        grades=grade_students(found.entries, found.students, policy, (), max_score, words),
        entries=found.entries,
        remarks=(*remarks_on_policy(found.entries, policy), *found.remarks),
    )
