"""One assignment and the functions of one notebook: what stands behind each method of `Notebook`."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import wrap

from autograder.copies import in_place_of, right_function
from autograder.errors import did_you_mean
from autograder.exams import SEED, Exam, make_exam, operation_of, with_helpers
from autograder.judging import report_on
from autograder.load.assignment import load_assignment
from autograder.notebook.answering import answer_in_place, with_places
from autograder.notebook.cards import Card, sentence_card
from autograder.notebook.handin import find_notebooks, pack, unsaved_functions
from autograder.notebook.live import Functions, Namespace, callable_in, with_right, written_in
from autograder.notebook.places import place_in_words
from autograder.notebook.progress import ProgressLine
from autograder.records import Answers, Case, CheckResult, QuestionResult, Report
from autograder.render.card import body_lines, first_problem
from autograder.render.evidence import evidence_lines
from autograder.render.feedback import load_notebook_words, load_screen_words
from autograder.render.html_card import cards_html
from autograder.render.html_strip import strip_html
from autograder.render.strip import is_finished, not_right, strip_lines
from autograder.source.cells import UnreadableSource

WIDTH = 80


class Session:
    """Keeps the exam of each question that was checked, and which hints were given."""

    def __init__(self, assignment: str, namespace: Namespace) -> None:
        self.assignment = load_assignment(assignment)
        self.words = load_notebook_words(self.assignment.language)
        self.screen = replace(load_screen_words(self.assignment.language), finished=self.words["finished"])
        self._namespace = namespace
        self._exams: dict[str, Exam] = {}
        self._last: dict[str, QuestionResult] = {}
        self._hints_given: dict[str, tuple[str, int]] = {}

    # ---- what a student calls --------------------------------------------------------------------------------

    def check(self, name: str) -> Card:
        refusal = self._refusal(name)
        if refusal:
            return sentence_card(refusal)
        report = self._report_of(name)
        (question,) = report.questions
        self._last[name] = question
        text = body_lines(report, self.screen, WIDTH)[1:]
        problem = first_problem(question)
        if problem is not None:
            text += evidence_lines(problem.facts, self.screen.evidence, WIDTH)
        return Card("\n".join(text), cards_html(report, self.screen))

    def check_all(self) -> Card:
        report = self.report()
        self._last.update({question.name: question for question in report.questions})
        lines = strip_lines(report, self.screen, WIDTH)
        for note in report.notes:
            lines += ["", *wrap(f"{self.screen.note}  {note.message}", WIDTH)]
        lines += ["", self._what_next(report)]
        return Card("\n".join(lines), strip_html(report, self.screen))

    def hint(self, name: str, number: int | None = None) -> Card:
        refusal = self._refusal(name)
        if refusal:
            return sentence_card(refusal)
        question = self._last[name] = self._last.get(name) or self._report_of(name).questions[0]
        problem = first_problem(question)
        hints = [] if problem is None else [hint for hint in (problem.hint, *problem.more_hints) if hint]
        if problem is None:
            return sentence_card(self.words["right"].format(name=name))
        if not hints:
            return sentence_card(problem.message)
        number = self._number_of_next(name, problem, len(hints)) if number is None else number
        if not 1 <= number <= len(hints):
            return sentence_card(self.words["no_such_hint"].format(name=name, of=len(hints)))
        label = self.words["hint"].format(number=number, of=len(hints), name=name)
        return sentence_card(f"{label}\n{hints[number - 1]}")

    def export(self, file: str | None) -> Card:
        functions = self._functions_asked()
        found = [Path(file)] if file is not None else find_notebooks(self._namespace, functions)
        if len(found) != 1 or not found[0].is_file():
            return sentence_card(self._which_file(file, found))
        try:
            return self._packed(found[0], functions)
        except UnreadableSource as error:
            note = error.note
            return sentence_card(self._exam("").catalogue.say(note.fault, "message", note.facts))
        except OSError as error:
            why = error.strerror or type(error).__name__
            return sentence_card(self.words["cannot_write"].format(file=found[0].name, why=why))

    def report(self, names: Sequence[str] | None = None) -> Report:
        """The report over the named questions, or over all that are visible. Raises UsageError for an unknown one."""
        if names is not None and len(names) == 1:
            return self._report_of(names[0])
        shown = self._visible() if names is None else list(names)
        for name in shown:
            with_helpers(self.assignment, name)  # raises for one that is not there
        report = self._report_of("")
        questions = tuple(question for question in report.questions if question.name in shown)
        return _with_questions(report, questions)

    def warning_of_another(self, version: str) -> str:
        """What to do where the handout has another version than the installed assignment, "" where it is the same."""
        installed = self.assignment.version
        if version == installed:
            return ""
        return self.words["version"].format(handout=version, installed=installed)

    # ---- answering -------------------------------------------------------------------------------------------

    def _report_of(self, name: str) -> Report:
        exam = self._exam(name)
        functions = [question.function for question in exam.assignment.questions if question.function]

        with ProgressLine() as line:

            def tell(case: Case, step: int) -> None:
                if case.run is not None:
                    facts = {"name": case.run.model, "step": step, "steps": case.run.steps}
                    line.show(self.words["progress"].format(**facts))

            def ask(only: Collection[str] | None, given: Sequence[str]) -> Answers:
                written = written_in(self._namespace, functions)
                with with_right(self._namespace, self._right(exam, given)):
                    callables = callable_in(self._namespace, written)
                    answers = answer_in_place(
                        self._namespace, callables, written, exam.deck, exam.assignment, tell, only
                    )
                return with_places(answers, place_in_words)

            return report_on(exam, self.assignment.name, ask(None, ()), ask)

    def _exam(self, name: str) -> Exam:
        if name not in self._exams:
            asked = with_helpers(self.assignment, name) if name else self.assignment
            self._exams[name] = make_exam(asked, SEED, name)
        return self._exams[name]

    def _right(self, exam: Exam, given: Sequence[str]) -> Functions:
        """Right functions for those that are given, called as the student's are."""
        questions = {question.function: question for question in exam.assignment.questions}
        return {
            name: in_place_of(self._namespace[name], right_function(operation_of(exam.assignment, questions[name])))
            for name in given
        }

    def _functions_asked(self) -> list[str]:
        return [question.function for question in self.assignment.questions if question.function]

    # ---- handing in ------------------------------------------------------------------------------------------

    def _packed(self, file: Path, functions: Sequence[str]) -> Card:
        """The notebook in its zip. Raises UnreadableSource, and OSError."""
        unsaved = unsaved_functions(file, self._namespace, written_in(self._namespace, functions))
        if unsaved:
            return sentence_card(self.words["unsaved"].format(file=file.name, names=", ".join(unsaved)))
        target = file.with_name(f"{self.assignment.name}-hand-in.zip")
        pack(file, target)
        return sentence_card(self.words["packed"].format(file=file.name, zip=target.name))

    def _which_file(self, asked: str | None, found: Sequence[Path]) -> str:
        if asked is not None:
            return self.words["not_there"].format(file=asked, folder=os.getcwd())
        if not found:
            return self.words["no_file"].format(folder=os.getcwd())
        names = [file.name for file in found]
        return self.words["several"].format(files=", ".join(names), first=names[0])

    # ---- words -----------------------------------------------------------------------------------------------

    def _refusal(self, name: str) -> str:
        """Why there is nothing to show for a name, if there is a reason."""
        names = [question.name for question in self.assignment.questions]
        if name not in names:
            hint = did_you_mean(name, self._visible()) or self.words["names"].format(names=", ".join(self._visible()))
            return self.words["no_question"].format(name=name, hint=hint)
        return "" if name in self._visible() else self.words["later"].format(name=name)

    def _visible(self) -> list[str]:
        return [question.name for question in self.assignment.questions if question.visibility == "visible"]

    def _what_next(self, report: Report) -> str:
        if is_finished(report):
            return self.screen.finished
        return self.words["next"].format(name=not_right(report)[0].name)

    def _number_of_next(self, name: str, problem: CheckResult, of: int) -> int:
        """One more than the last time, as long as the problem is the same; the last one again after that."""
        last, number = self._hints_given.get(name, ("", 0))
        number = min(number + 1, of) if last == problem.message else 1
        self._hints_given[name] = (problem.message, number)
        return number


def _with_questions(report: Report, questions: tuple[QuestionResult, ...]) -> Report:
    """The report over these questions alone."""
    score, max_score = (sum(getattr(one, key) for one in questions) for key in ("score", "max_score"))
    return replace(report, questions=questions, score=score, max_score=max_score)
