"""A folder of grades → a gradebook, from class.json and results.jsonl alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.gradebook import Entry, Gradebook, entry_from_json
from autograder.grades.class_file import ClassFile, read_class_file
from autograder.grades.folder import RESULTS
from autograder.grades.ledger import Stamp, read_lines, stamp_of
from autograder.policy import grade_students, remarks_on_policy
from autograder.records import QuestionResult, report_from_json
from autograder.render.feedback import load_policy_words

EVIDENCE = ("inputs", "call", "at", "expected_array", "got_array", "wrong_entries", "summed", "sum_axis", "graph")
"""Facts that only the student's own page shows: most of what a result is made of."""


def read_gradebook(folder: Path) -> Gradebook:
    """What came of a class so far, without the numbers of the evidence, so that a large class fits into memory.

    Raises UsageError where no grades are kept, or where somebody else has written into the files; and OSError.
    """
    facts = read_class_file(folder)
    entries = _entries(folder / RESULTS, facts)
    words = load_policy_words(facts.language)
    remarks = (*facts.remarks, *remarks_on_policy(entries, facts.policy))
    if len(entries) < facts.handins:
        remarks = (f"Not finished: {len(entries)} of {facts.handins} submissions are graded so far.", *remarks)
    return Gradebook(
        assignment=facts.assignment,
        title=facts.title,
        version=facts.version,
        seed=facts.seed,
        max_score=facts.max_score,
        layout=facts.layout,
        layers=facts.layers,
        policy=facts.policy,
        grades=grade_students(entries, facts.students, facts.policy, facts.overrides, facts.max_score, words),
        entries=entries,
        remarks=remarks,
    )


def _entries(file: Path, facts: ClassFile) -> tuple[Entry, ...]:
    """The last one of each hand-in, of those that were graded as the class is now."""
    stamp = Stamp(facts.assignment, facts.version, facts.seed)
    shared = _Shared()
    entries: dict[str, Entry] = {}
    if file.exists():
        for _, _, line in read_lines(file):
            if stamp_of(line) == stamp:
                entries[line["handin"]["name"]] = shared.entry(line)
    return tuple(entries.values())


class _Shared:
    """Entries from JSON, whose equal questions are one object: most of a class is right in the same way."""

    def __init__(self) -> None:
        self._questions: dict[str, QuestionResult] = {}

    def entry(self, line: Mapping[str, Any]) -> Entry:
        report = line["report"]
        entry = entry_from_json({**line, "report": {**report, "questions": []}})
        questions = tuple(self._question(report, question) for question in report["questions"])
        return replace(entry, report=replace(entry.report, questions=questions))

    def _question(self, report: Mapping[str, Any], question: Mapping[str, Any]) -> QuestionResult:
        for check in question["checks"]:
            check["facts"] = {name: fact for name, fact in check["facts"].items() if name not in EVIDENCE}
        key = json.dumps(question)
        if key not in self._questions:
            self._questions[key] = report_from_json({**report, "questions": [question]}).questions[0]
        return self._questions[key]
