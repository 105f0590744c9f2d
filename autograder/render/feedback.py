"""Faults and facts become sentences. The only place that chooses words for students; the words are in `words/`."""

from __future__ import annotations

import string
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError, did_you_mean
from autograder.records import VERDICTS, Assignment, CheckResult, Facts, Note, QuestionResult, Report

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ENDINGS: Mapping[str, str] = {
    "time": "took too long",
    "memory": "took too much memory",
    "died": "ended the process",
    "disturbed": "disturbed the channel to the grader",
}


SHARED_MISTAKES = ("pairs", "common", "unbroadcast", "structure", "behaviour")
"""Files of words for mistakes that can happen in several questions, those of an instructor as well."""


@dataclass(frozen=True)
class Catalogue:
    """All sentences, by fault; and what every sentence may name, such as the time limit."""

    words: Mapping[str, Mapping[str, str]]
    constants: Mapping[str, str]
    language: str = "en"

    def words_of_mistake(self, id: str, question: str) -> Mapping[str, str] | None:
        """What is said of a known mistake: headline, reason, three hints, an idea for class, and the concept.

        One mistake may need other words in another question; these are looked for first.
        """
        files = (question, *SHARED_MISTAKES)
        return next((self._mistakes[file][id] for file in files if id in self._mistakes.get(file, {})), None)

    @cached_property
    def _mistakes(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """By file and id. Read when the first mistake is named: a right submission does not wait for it."""
        folder = Path(__file__).parent / "words" / "mistakes" / self.language
        files = sorted(folder.glob("*.toml"))
        return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}

    @classmethod
    def load(cls, assignment: Assignment, language: str = "en") -> Catalogue:
        """The words of a language, with those that the assignment overrides."""
        text = (Path(__file__).parent / "words" / f"{language}.toml").read_text(encoding="utf-8")
        words: dict[str, Mapping[str, str]] = dict(tomllib.loads(text))
        constants = {"seconds": f"{assignment.limits.call:g}", "memory": str(assignment.limits.memory)}
        file = str(assignment.folder / "assignment.toml")
        for fault, own in assignment.words.items():
            if fault not in words:
                hint = did_you_mean(fault, words)
                raise AssignmentError(
                    file, f"words.{fault}", wanted="the id of a message that exists", got=f'"{fault}"', hint=hint
                )
            known = {*constants, *(name for text in words[fault].values() for name in _braced(text))}
            if "case" in known:  # all that is said of a called function knows its name too
                known.add("function")
            for key, text in own.items():
                unknown = _unknown_brace(text, known)
                if unknown is not None:
                    raise AssignmentError(
                        file,
                        f"words.{fault}.{key}",
                        wanted=f"nothing in braces but {', '.join(sorted(known))}",
                        got=unknown,
                        hint=did_you_mean(unknown.strip("{}"), known) or "Write {{ and }} for braces themselves.",
                    )
            words[fault] = {**words[fault], **own}
        return cls(words, constants, language)

    def say(self, fault: str, key: str, facts: Facts) -> str:
        said = self.words[fault][key].format_map({**self.constants, **_in_words(facts)})
        return said.replace("?.", "?")  # Python's own words may end in a question


def _unknown_brace(text: str, known: Collection[str]) -> str | None:
    """What stands in braces in a sentence and cannot be filled in, if anything."""
    try:
        return next((f"{{{name}}}" for name in _braced(text) if name not in known), None)
    except ValueError as error:
        return str(error)


def _braced(text: str) -> list[str]:
    """What stands in braces in a sentence, with its format. Raises ValueError for a lone brace."""
    return [
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    ]


def explain(report: Report, catalogue: Catalogue) -> Report:
    """The same report with a message for each note, and a message and a hint for each check that did not pass."""
    return replace(
        report,
        notes=tuple(_explain_note(note, catalogue) for note in report.notes),
        questions=tuple(
            _name_mistake(_explain_question(question, catalogue), catalogue) for question in report.questions
        ),
    )


def _explain_question(question: QuestionResult, catalogue: Catalogue) -> QuestionResult:
    return replace(question, checks=tuple(_explain_check(check, catalogue) for check in question.checks))


def _explain_note(note: Note, catalogue: Catalogue) -> Note:
    return replace(note, message=catalogue.say(note.fault, "message", note.facts))


def _explain_check(check: CheckResult, catalogue: Catalogue) -> CheckResult:
    if check.fault is None:
        return check
    message = catalogue.say(check.fault, "message", check.facts)
    if "pattern" in check.facts:
        message = message.removesuffix(".") + catalogue.say(f"pattern-{check.facts['pattern']}", "message", check.facts)
    if check.name == VERDICTS and "of" in check.facts:
        message += " " + catalogue.say("told-apart", "message", check.facts)
    return replace(check, message=message, hint=catalogue.say(check.fault, "hint", check.facts))


def _name_mistake(question: QuestionResult, catalogue: Catalogue) -> QuestionResult:
    """The question with its first mistake named, in the first check that did not pass: what it is, why, and then the
    fact; and the first of its hints as the next thought."""
    found = (catalogue.words_of_mistake(id, question.name) for id in question.misconceptions)
    words = next((words for words in found if words is not None), None)
    place = next((place for place, check in enumerate(question.checks) if check.fault is not None), None)
    if words is None or place is None:
        return question
    check = question.checks[place]
    usual = {"function": question.function, "result": "the result", "operand": "its operand"}
    facts = {**usual, **_in_words(check.facts)}
    headline, reason, hint = (words[key].format_map(facts) for key in ("headline", "reason", "hint1"))
    named = replace(check, message=f"{headline} {reason} {check.message}", hint=hint)
    return replace(question, checks=(*question.checks[:place], named, *question.checks[place + 1 :]))


def _in_words(facts: Facts) -> dict[str, Any]:
    """The facts, with numbers at six digits, and the turns of phrase that are made from them."""
    said: dict[str, Any] = {
        name: f"{value:.6g}" if isinstance(value, float) else value for name, value in facts.items()
    }
    if "line" in facts:
        where = facts.get("where", "")
        said["place"] = f"{where}, line {facts['line']}" if where else f"line {facts['line']}"
        said["place_capital"] = said["place"][0].upper() + said["place"][1:]
        said["runner"] = "“Restart and run all”" if where else "Python"
    said["at"] = f" in {said['place']}, “{facts.get('code', '')}”" if "place" in said else ""
    if "text" in facts:
        said["text"] = str(facts["text"]).rstrip(". ")
    if "why" in facts:
        said["ending"] = ENDINGS[facts["why"]]
    if "wanted" in facts:
        said["wanted_words"] = _wanted_in_words(facts["wanted"])
    return said


def _wanted_in_words(wanted: str) -> str:
    """`one array, grad_x`; `the tuple (grad_a, grad_b)`; `the list [new params[0], new params[1]]`."""
    if wanted.startswith("["):
        return f"the list {wanted}"
    return f"the tuple ({wanted})" if ", " in wanted else f"one array, {wanted}"
