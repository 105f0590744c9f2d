"""Faults and facts become sentences. The only place that chooses words for students; the words are in `words/`."""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError, did_you_mean
from autograder.records import (
    MISTAKE_KEYS,
    STEPS,
    VERDICTS,
    Assignment,
    CheckResult,
    Facts,
    Note,
    Question,
    QuestionResult,
    Report,
)
from autograder.render.card import ScreenWords
from autograder.render.evidence import EvidenceWords
from autograder.render.html_words import HtmlWords

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent / "words"

Words = Mapping[str, Mapping[str, str]]
Phrases = Mapping[str, Any]

LANGUAGES = tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))
"""Those in which there are words for students."""

SHARED_MISTAKES = ("pairs", "common", "structure", "behaviour", "unbroadcast")
"""Files of words for mistakes that can happen in several questions, those of an instructor as well.
Where two have words for one id, the first counts; those of unbroadcast speak of its own arguments, and come last."""


IN_A_MISTAKE = ("function", "operand", "result")
"""What the sentences on a mistake may name in braces."""


def constants_of(assignment: Assignment) -> Mapping[str, str]:
    """What every sentence may name."""
    return {"seconds": f"{assignment.limits.call:g}", "memory": str(assignment.limits.memory)}


@dataclass(frozen=True)
class Catalogue:
    """All sentences, by fault; the phrases that facts are put into; and what every sentence may name, such as the time
    limit. `names` are those that a sentence on a mistake needs, by question. `own_mistakes` are the assignment's own
    words for known mistakes, by question, or "" for any."""

    words: Words
    constants: Mapping[str, str]
    phrases: Phrases
    names: Words
    language: str = "en"
    own_mistakes: Mapping[str, Words] = field(default_factory=dict)

    def words_of_mistake(self, id: str, question: str) -> Mapping[str, str] | None:
        """What is said of a known mistake: headline, reason, three hints, an idea for class, and the concept.

        One mistake may need other words in another question; these are looked for first. The assignment's come on top.
        """
        shipped = (self._mistakes.get(file, {}) for file in (question, *SHARED_MISTAKES))
        layers = [next((words[id] for words in shipped if id in words), {})]
        layers += [self.own_mistakes.get(where, {}).get(id, {}) for where in ("", question)]
        said = {key: text for layer in layers for key, text in layer.items()}
        return said if len(said) == len(MISTAKE_KEYS) else None

    @cached_property
    def _mistakes(self) -> Mapping[str, Words]:
        """By file and id. Read when the first mistake is named: a right submission does not wait for it."""
        files = sorted((FOLDER / "mistakes" / self.language).glob("*.toml"))
        return {file.stem: _read(file) for file in files}

    @classmethod
    def load(cls, assignment: Assignment) -> Catalogue:
        """The words of the assignment's language, with those that it overrides. Raises AssignmentError."""
        file, language = str(assignment.folder / "assignment.toml"), assignment.language
        if language not in LANGUAGES:
            wanted, hint = f"one of {', '.join(LANGUAGES)}", did_you_mean(language, LANGUAGES)
            raise AssignmentError(file, "language", wanted=wanted, got=f'"{language}"', hint=hint)
        constants = constants_of(assignment)
        words = _overridden(_read(FOLDER / f"{language}.toml"), assignment.words, constants, file)
        phrases = _load_phrases(language)
        names = {question.name: _names(question, phrases) for question in assignment.questions}
        shipped = cls(words, constants, phrases, names, language)
        if not assignment.mistake_words:
            return shipped
        for question, own in assignment.mistake_words.items():
            shipped._check_mistakes(question, own, assignment.mistake_words.get("", {}), file)
        return replace(shipped, own_mistakes=assignment.mistake_words)

    def _check_mistakes(self, question: str, own: Words, of_any: Words, file: str) -> None:
        """Raises AssignmentError for a mistake that nobody knows, unless all of it is said, and for a wrong brace."""
        at = f"words.mistakes-of.{question}" if question else "words.mistakes"
        shared = (question, *SHARED_MISTAKES) if question else tuple(self._mistakes)
        known = {id for name in shared for id in self._mistakes.get(name, {})}
        for id, texts in own.items():
            missing = [key for key in MISTAKE_KEYS if key not in texts and key not in of_any.get(id, {})]
            if id not in known and missing:
                wanted = f"the id of a known mistake, or, for one of your own, all of {', '.join(MISTAKE_KEYS)}"
                got = f'"{id}" without {", ".join(missing)}'
                raise AssignmentError(file, f"{at}.{id}", wanted=wanted, got=got, hint=did_you_mean(id, known))
            _check_braces(texts, IN_A_MISTAKE, file, f"{at}.{id}")

    def say(self, fault: str, key: str, facts: Facts) -> str:
        known = {**self.constants, **_in_words(facts, self.phrases)}
        if "reason" in facts:  # a sentence of our own, in place of Python's
            known["text"] = self.words[f"raised-{facts['reason']}"]["message"].format_map(known)
        said = self.words[fault][key].format_map(known)
        return said.replace("?.", "?").replace(",.", ".")  # what is filled in may end in a mark of its own


def load_screen_words(language: str) -> ScreenWords:
    """The fixed words of a student's screen, in one of the LANGUAGES."""
    screen = _load_phrases(language)["screen"]
    parts = {"evidence": EvidenceWords(**screen["evidence"]), "html": HtmlWords(**screen["html"])}
    return ScreenWords(**{**screen, **parts})


def load_notebook_words(language: str) -> Mapping[str, str]:
    """What a notebook's grader says beside its cards, in one of the LANGUAGES."""
    words: Mapping[str, str] = _load_phrases(language)["notebook"]
    return words


def load_gradescope_words(language: str) -> Mapping[str, str]:
    """What stands above the questions on Gradescope, in one of the LANGUAGES."""
    words: Mapping[str, str] = _load_phrases(language)["gradescope"]
    return words


def load_host_words(language: str) -> Mapping[str, str]:
    """What stands around the cards on hosts that show plain text or Markdown, in one of the LANGUAGES."""
    words: Mapping[str, str] = _load_phrases(language)["hosts"]
    return words


def load_policy_words(language: str) -> Mapping[str, str]:
    """What is said of late work and of decisions about a score, in one of the LANGUAGES."""
    words: Mapping[str, str] = _load_phrases(language)["policy"]
    return words


def load_handout_words(language: str) -> Mapping[str, str]:
    """What stands in a handout beside the words of its master, in one of the LANGUAGES."""
    words: Mapping[str, str] = _load_phrases(language)["handout"]
    return words


def load_otter_words(language: str) -> Mapping[str, str]:
    """What is said in otter beside the cards, in one of the LANGUAGES."""
    words: Mapping[str, str] = _load_phrases(language)["otter"]
    return words


def load_page_words(language: str) -> Mapping[str, Any]:
    """What stands on the page of a class and on those of its students, in one of the LANGUAGES."""
    words: Mapping[str, Any] = _load_phrases(language)["page"]
    return words


@cache
def _load_phrases(language: str) -> Phrases:
    """What facts are put into, and the words of the screen. Read once: a page for each student asks for them."""
    return _read(FOLDER / "phrases" / f"{language}.toml")


def _names(question: Question, phrases: Phrases) -> dict[str, str]:
    """What a sentence may name where nobody knows which result is meant. A numeric gradient is one in x."""
    operands = question.gradients or question.receives[-1:]
    results = [question.result.format(operand=operand) for operand in operands]
    either = phrases["names"]["or"]
    return {"function": question.function, "operand": either.join(operands), "result": either.join(results)}


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _overridden(words: Words, own: Words, constants: Collection[str], file: str) -> Words:
    """The words, with those of the assignment in their place. Raises AssignmentError for one that has no place."""
    for fault, texts in own.items():
        if fault not in words:
            hint = did_you_mean(fault, words)
            wanted = "the id of a message that exists"
            raise AssignmentError(file, f"words.{fault}", wanted=wanted, got=f'"{fault}"', hint=hint)
        known = {*constants, *(name for text in words[fault].values() for name in _braced(text))}
        if "case" in known:  # all that is said of a called function knows its name too
            known.add("function")
        _check_braces(texts, known, file, f"words.{fault}")
    return {fault: {**texts, **own.get(fault, {})} for fault, texts in words.items()}


def _check_braces(texts: Mapping[str, str], known: Collection[str], file: str, at: str) -> None:
    """Raises AssignmentError for the first text that has something in braces which cannot be filled in."""
    for key, text in texts.items():
        unknown = _unknown_brace(text, known)
        if unknown is not None:
            wanted = f"nothing in braces but {', '.join(sorted(known))}"
            hint = did_you_mean(unknown.strip("{}"), known) or "Write {{ and }} for braces themselves."
            raise AssignmentError(file, f"{at}.{key}", wanted=wanted, got=unknown, hint=hint)


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
        notes=tuple(explain_note(note, catalogue) for note in report.notes),
        questions=tuple(
            _name_mistake(_explain_question(question, catalogue), catalogue) for question in report.questions
        ),
    )


def _explain_question(question: QuestionResult, catalogue: Catalogue) -> QuestionResult:
    return replace(question, checks=tuple(_explain_check(check, catalogue) for check in question.checks))


def explain_note(note: Note, catalogue: Catalogue) -> Note:
    """The same note with its sentence."""
    return replace(note, message=catalogue.say(note.fault, "message", note.facts))


def _explain_check(check: CheckResult, catalogue: Catalogue) -> CheckResult:
    if check.fault is None:
        return check
    is_bare = check.facts.get("text") == "" and f"{check.fault}-bare" in catalogue.words
    sentences = [f"{check.fault}-bare" if is_bare else check.fault]
    if check.facts.get("shapes") and not {"left_shape", "array"} & check.facts.keys():
        sentences.append("shapes-there")
    if check.fault in ("time", "load-stopped") and "line" in check.facts:
        sentences.append("stopped-at")
    if check.name == VERDICTS and "of" in check.facts:
        sentences.append("told-apart")
    if check.name == STEPS and check.fault != "needs":
        sentences.append("steps-share")
    if "lost" in check.facts:
        sentences.append("mercy")
    said = [catalogue.say(sentence, "message", check.facts) for sentence in sentences]
    if "pattern" in check.facts:
        pattern = catalogue.say(f"pattern-{check.facts['pattern']}", "message", check.facts)
        said[0] = said[0].removesuffix(".") + pattern
    message = " ".join(said)
    asked = f"raised-{check.facts['reason']}" if "reason" in check.facts else check.fault
    if "steps-share" in sentences:
        asked = "steps-share"
    return replace(check, message=message, hint=catalogue.say(asked, "hint", check.facts))


def _name_mistake(question: QuestionResult, catalogue: Catalogue) -> QuestionResult:
    """The question with its first mistake named, in the first check that did not pass: what it is, why, and then the
    fact; and its hints, one after the other, as the next thoughts."""
    found = (catalogue.words_of_mistake(id, question.name) for id in question.misconceptions)
    words = next((words for words in found if words is not None), None)
    place = next((place for place, check in enumerate(question.checks) if check.fault is not None), None)
    if words is None or place is None:
        return question
    check = question.checks[place]
    told = {key: other.facts[key] for other in question.checks for key in ("result", "operand") if key in other.facts}
    facts = {**catalogue.names[question.name], **told, **_in_words(check.facts, catalogue.phrases)}
    headline, reason, *hints = (words[key].format_map(facts) for key in MISTAKE_KEYS[:5])
    message = f"{headline} {reason} {check.message}"
    named = replace(check, message=message, hint=hints[0], more_hints=tuple(hints[1:]))
    return replace(question, checks=(*question.checks[:place], named, *question.checks[place + 1 :]))


def _in_words(facts: Facts, phrases: Phrases) -> dict[str, Any]:
    """The facts, with numbers at six digits and no -0, and the turns of phrase that are made from them."""
    said: dict[str, Any] = {
        name: f"{value + 0.0:.6g}" if isinstance(value, float) else value
        for name, value in _translated(facts, phrases["terms"])
    }
    if "line" in facts:
        place = phrases["place"]["in_a_cell" if said.get("where") else "in_a_script"].format_map({"where": "", **said})
        said["place"] = place
        said["place_capital"] = place[0].upper() + place[1:]
        said["runner"] = phrases["runner"]["notebook" if said.get("where") else "script"]
    code = facts.get("expression") or facts.get("code")
    said["at"] = (
        phrases["place"]["at" if code else "at_a_line"].format_map({**said, "code": code}) if "place" in said else ""
    )
    if "text" in facts:
        said["text"] = str(said["text"]).rstrip(". ")
    if "why" in facts:
        said["ending"] = phrases["endings"][facts["why"]]
    if "wanted" in facts:
        said["wanted_words"] = phrases["wanted"][_kind_of(facts["wanted"])].format(names=facts["wanted"])
    return said


def _kind_of(wanted: str) -> str:
    """`grad_x` is one array; `grad_a, grad_b` a tuple; `[new params[0], new params[1]]` a list."""
    if wanted.startswith("["):
        return "list"
    return "tuple" if ", " in wanted else "one"


def _translated(facts: Facts, terms: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Any]]:
    """The facts, with the English terms that some of them hold in the words of the language."""
    for name, value in facts.items():
        own = terms.get(name)
        if not own or not isinstance(value, str):
            yield name, value
            continue
        longest_first = "|".join(re.escape(term) for term in sorted(own, key=len, reverse=True))
        words = re.split(rf"(?<!\w)({longest_first})(?!\w)", value)
        yield name, "".join(own.get(word, word) for word in words)
