"""The nouns, in the order in which a submission meets them. All are frozen.

assignment: questions, the forward functions that are their answer key, and limits
deck:       the cases that every submission of a class is asked
submission: the bytes that a student handed in
answers:    what a process that holds the student's functions returned for a deck
report:     what the grader concludes, question by question and check by check
verification: what an assignment's own examples say of its checks

Shapes are given in the letters of the course: N examples, D features, H hidden units, V classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Forward = Callable[..., Any]
Facts = Mapping[str, Any]

FAMILIES = ("runs", "values", "shapes", "pure", "hard", "verdicts", "steps", "learning", "bonus")
"""The checks of a question, in the order in which they are asked: what may hang comes last."""

BONUS = "bonus"
"""The family whose points come on top of the maximum."""

VERDICTS = "verdicts"
"""The family of a numeric gradient: how many wrong gradients it tells from the right one. Points by its share."""

MISTAKE_KEYS = ("headline", "reason", "hint1", "hint2", "hint3", "idea", "concept")
"""All that is said of a known mistake: to a student the first five, one hint at a time, to an instructor the rest."""

STEPS = "steps"
"""The family of a model's single steps: backward calls along its training run. Points by their share."""

LEARNING = "learning"
"""The family of a model's whole training run."""

RESULTS_SCHEMA = "grader/results/v1"

GRADESCOPE_SCHEMA = "grader/gradescope/v1"
"""Of our own part of Gradescope's results.json, its `extra_data`: a class page is made from it."""


class Outcome(str, Enum):
    """How a question or a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    ERROR = "error"


class ReportOutcome(str, Enum):
    """How a submission ended. ERROR is a fault of ours and has no score."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    ERROR = "error"


# ---- the assignment ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds on the clock, and MiB of memory."""

    load: float = 5.0
    call: float = 2.0
    function: float = 8.0
    submission: float = 60.0
    memory: int = 1024


@dataclass(frozen=True)
class Operand:
    """One argument of a forward function.

    `shape` may hold letters, whose sizes a case gives; with the shape (), it is a plain number in every case.
    Integer class labels have `classes`: the letter (or number) of how many there are. `draw` is the default way
    to draw the numbers. A list of arrays has its shapes from each case.
    """

    name: str
    shape: tuple[int | str, ...] | None = None
    draw: str = "normal"
    classes: int | str | None = None
    is_list: bool = False


@dataclass(frozen=True)
class CasePlan:
    """How one case is drawn: a line of the assignment's `cases`. `key` says where it stands in the TOML.

    A case of verdicts names the `forward` that is differentiated, its `operands`, and the one `wrt` which it is.
    """

    family: str
    key: str
    sizes: Mapping[str, int] = field(default_factory=dict)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    draws: Mapping[str, str] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    layouts: Mapping[str, str] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    then: Mapping[str, int] = field(default_factory=dict)
    forward: str = ""
    operands: tuple[Operand, ...] = ()
    wrt: str = ""


@dataclass(frozen=True)
class Question:
    """One function to write: what it receives, what it returns, and what each family of checks is worth.

    It receives operands of the forward function, "grad_out", "out", the shape of an operand ("x.shape"), or a
    function to differentiate and the point ("f" and "x"; then each case names its own forward). `arguments` are
    the student's names for them, where a case is told by these. `result` names what comes back for an operand.
    A training question has `models`, and no function of its own.
    """

    name: str
    function: str
    forward: str
    receives: tuple[str, ...]
    gradients: tuple[str, ...]
    operands: tuple[Operand, ...]
    points: Mapping[str, int]
    cases: tuple[CasePlan, ...]
    visibility: str = "visible"
    arguments: tuple[str, ...] = ()
    result: str = "grad_{operand}"
    models: tuple[str, ...] = ()

    @property
    def max_score(self) -> int:
        return sum(points for family, points in self.points.items() if family != BONUS)


@dataclass(frozen=True)
class Operation:
    """A forward function of a model, and how the backward function that a student writes for it is called.

    `operands` are its parameters; `receives` and `gradients` are those of the question that asks for `function`.
    """

    forward: Forward
    operands: tuple[str, ...]
    function: str
    receives: tuple[str, ...]
    gradients: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A model that is trained, as training.py has it.

    `data` and `start` draw constants and parameters by name; `unseen` draws constants that the run does not learn from.
    `loss(ops, parameters, constants)` is one number, made by forward calls such as `ops.matmul(x, W)`. `steps` steps of
    gradient descent with learning rate `lr`; none for a model that is walked back once. `optimum(constants)` is the
    smallest loss there is, where it is known. `operations` are the forward functions that it calls; `fault` says why it
    cannot be run forward, if it cannot: that may lie in forward.py, so it is told when these functions are proved.
    """

    name: str
    title: str
    lr: float
    steps: int
    data: Callable[[np.random.Generator], Mapping[str, Array]]
    unseen: Callable[[np.random.Generator], Mapping[str, Array]]
    start: Callable[[np.random.Generator], Mapping[str, Array]]
    loss: Callable[..., Any]
    optimum: Callable[[Mapping[str, Array]], float] | None
    operations: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class Policy:
    """What a course makes of late work and of several attempts.

    `due` is a time in ISO 8601 with its offset; "" where nothing is late unless the platform says so. After
    `grace_days`, each day begun costs `percent_a_day` of the maximum, and never more than `most_percent` in all.
    `counts` is "latest" or "best": the attempt that makes the grade.
    """

    due: str = ""
    grace_days: float = 0.0
    percent_a_day: float = 0.0
    most_percent: float = 100.0
    counts: str = "latest"


@dataclass(frozen=True)
class Assignment:
    """All that an instructor wrote. The `forwards` are trusted; `modules` are the public files by import name.

    `words` replace sentences of the `language`, by fault; `mistake_words` those on known mistakes, by question, or ""
    for any, and then by the mistake's id. `operations` are the forward functions that a model may call, and `models`
    those that are trained, by name. With `mercy`, a function that lost its points costs none a second time.
    The `policy` is what a class is graded by where the command says nothing else.
    """

    name: str
    title: str
    version: str
    folder: Path
    questions: tuple[Question, ...]
    limits: Limits
    forwards: Mapping[str, Forward]
    modules: Mapping[str, bytes]
    words: Mapping[str, Mapping[str, str]]
    language: str = "en"
    mistake_words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    mercy: bool = True
    policy: Policy = Policy()

    @property
    def max_score(self) -> int:
        return sum(question.max_score for question in self.questions)


# ---- the deck ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerKey:
    """What the reference answers a case with: the VJP of `forward` in the operands at the places `wrt`.

    Operands lie in one flat row, named "a" or "params[0]"; `lists` says, for each parameter of the forward function,
    how many of them make its list, or None for a plain array. `results` names the VJPs. No worker is sent any of it.
    """

    forward: str = ""
    operands: tuple[str, ...] = ()
    lists: tuple[int | None, ...] = ()
    wrt: tuple[int, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One argument of the student's function, put together from the next `size` arrays of a call.

    "array": the array itself. "list": a list of them. "shape": a tuple of whole numbers. "function": the scalar
    function `f(x) = sum(weights * forward(..., x, ...))`, made from the weights and the other operands, with x at the
    place `hole`.
    """

    kind: str = "array"
    size: int = 1
    forward: str = ""
    hole: int = 0


@dataclass(frozen=True, eq=False)
class Argument:
    """An array as the student's function receives it: C-ordered `values`, and the layout to lay them out in.

    Layouts: "C", "F", "strided" (every second entry of a larger array), "repeated" (a read-only view that repeats
    its first row without storing it again, as `np.broadcast_to` makes), "scalar" (a numpy scalar).
    `same_as` is the position of an earlier argument that is the very same object.
    """

    values: Array
    layout: str = "C"
    same_as: int | None = None


@dataclass(frozen=True)
class Run:
    """A whole training run as one call of a case: gradient descent with the student's backward functions.

    The case has two slots, lists of the model's `constants` and of its `parameters` at the start. What comes back is a
    list, one array for each parameter: its values at the start and after each step, stacked, of shape
    (steps + 1, *shape); fewer where the run came to an end. `needs` are the functions that are called.
    """

    model: str
    constants: tuple[str, ...]
    parameters: tuple[str, ...]
    lr: float
    steps: int
    needs: tuple[str, ...]

    @property
    def function(self) -> str:
        """What stands where other cases have the name of a student's function."""
        return f"training {self.model}"


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a student's function, and what the reference needs to answer it, which no worker is sent.

    `arguments` are the arrays of all slots, in one row. `arrays` says which arrays carry the arguments: "fresh" ones,
    the "same" ones as in the first call of the case, or those of the first call, "updated" in place.
    """

    arguments: tuple[Argument, ...]
    operands: tuple[Array, ...]
    grad_out: Array
    arrays: str = "fresh"


@dataclass(frozen=True, eq=False)
class Case:
    """Calls that are made one after the other. The first result is read again after call `kept_after`.

    A case is plain if its numbers, dtypes and layouts are those that the assignment usually draws.
    """

    question: str
    function: str
    family: str
    words: str
    calls: tuple[Call, ...]
    slots: tuple[Slot, ...]
    key: AnswerKey = AnswerKey()
    kept_after: int | None = None
    run: Run | None = None
    is_plain: bool = True

    @property
    def time_share(self) -> int:
        """How many times the limit of a call it may take. A training run in plain loops needs a part of its share."""
        return 1 if self.run is None else 2


@dataclass(frozen=True, eq=False)
class Deck:
    """All that a submission is asked. The same for every submission of a class."""

    seed: int
    index: int
    cases: tuple[Case, ...]


# ---- the submission and its answers ------------------------------------------------------------------------


@dataclass(frozen=True)
class Submission:
    """A file as it was handed in; `kind` is "notebook" or "script"."""

    name: str
    kind: str
    source: bytes


@dataclass(frozen=True)
class Note:
    """Something about the submission as a whole that a person should read."""

    fault: str
    facts: Facts = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True, eq=False)
class Value:
    """One returned value. `data` is float64 in C order; None when it is not numeric, or absurdly large."""

    kind: str
    shape: tuple[int, ...] = ()
    data: Array | None = None


@dataclass(frozen=True, eq=False)
class Reply:
    """What one call gave: a container ("one", "tuple", "list", "dict") of values, or an exception's facts."""

    container: str = ""
    values: tuple[Value, ...] = ()
    raised: Facts | None = None


@dataclass(frozen=True, eq=False)
class CaseAnswer:
    """The replies to one case. `arguments` holds, for each call, the bytes of its arguments afterwards.

    `stopped` names the reason when the case has no answer: "memory", which may recover; "time", "died" or
    "disturbed"; or "not-called" after one of these three. `at` is the place where it was stopped, where that is known.
    `kept` is the first result, read again later.
    """

    replies: tuple[Reply, ...] = ()
    arguments: tuple[bytes | None, ...] = ()
    kept: Reply | None = None
    stopped: str = ""
    at: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What the source says of one graded function: "written", a "stub", "missing", "broken", or the way in which it is
    there without counting (such as "lookalike" or "inside-class"), and where.

    `calls` are the other graded functions that it reaches by their names, through helpers or not. A training run is
    "written", or it "needs" functions that are not: those in `names`.
    """

    state: str
    facts: Facts = field(default_factory=dict)
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answers:
    """One submission's answers to a deck, in the order of its cases; None where the function is not there.

    `alone` holds the functions that were asked in a process of their own, where no other one ran.
    """

    written: Mapping[str, Written]
    notes: tuple[Note, ...]
    cases: tuple[CaseAnswer | None, ...]
    alone: frozenset[str] = frozenset()
    unreadable: Note | None = None


# ---- the report --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckResult:
    """One family of one question. `fault` and `facts` are data; `message` and `hint` are the words for them.

    `more_hints` go further, one after the other, for whoever asks for them.
    """

    name: str
    outcome: Outcome
    score: int = 0
    max_score: int = 0
    fault: str | None = None
    facts: Facts = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    more_hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionResult:
    """One question. `misconceptions` are ids of known mistakes that explain the wrong answers."""

    name: str
    function: str | None
    outcome: Outcome
    score: int
    max_score: int
    visibility: str
    misconceptions: tuple[str, ...]
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True)
class Report:
    """What the grader concludes of one submission. Holds nothing that changes from run to run, except for the line at
    which a loop of several lines was stopped."""

    submission: str
    outcome: ReportOutcome
    score: int | None
    max_score: int
    deck: int
    flags: tuple[str, ...]
    notes: tuple[Note, ...]
    questions: tuple[QuestionResult, ...]


@dataclass(frozen=True)
class Results:
    """The reports of one run, and what they depend on."""

    assignment: str
    version: str
    seed: int
    layers: Mapping[str, str]
    seconds: float
    reports: tuple[Report, ...]


# ---- the assignment, verified --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Something that an assignment does not keep yet, and what to try. `removed` and `added` are a line of a mutant."""

    message: str
    hint: str
    removed: str = ""
    added: str = ""


@dataclass(frozen=True)
class Tally:
    """How many of several things are as they should be."""

    good: int = 0
    of: int = 0


@dataclass(frozen=True)
class QuestionProof:
    """What was seen of one question.

    `wrong`: wrong examples that lose what they promise. `named`: those that are called by the name of their file.
    `rows`: known mistakes that lose points. `mutants`: mutants of the solution that the checks notice, of those that
    are no other way to write the same; `same` counts the latter. `stub` is None where there is no handout.
    """

    name: str
    max_score: int
    solution: int
    stub: int | None
    wrong: Tally
    named: Tally
    rows: Tally
    mutants: Tally
    same: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Verification:
    """An assignment graded: what its own solution, wrong examples and mutants say of its checks."""

    assignment: str
    version: str
    seed: int
    questions: tuple[QuestionProof, ...]
    gaps: tuple[Gap, ...]

    @property
    def mutants(self) -> Tally:
        tallies = [question.mutants for question in self.questions]
        return Tally(sum(one.good for one in tallies), sum(one.of for one in tallies))

    @property
    def all_gaps(self) -> tuple[Gap, ...]:
        return (*(gap for question in self.questions for gap in question.gaps), *self.gaps)


# ---- to and from JSON --------------------------------------------------------------------------------------


def to_json(results: Results) -> dict[str, Any]:
    """The public document of `autograder/results.schema.json`."""
    return {
        "schema": RESULTS_SCHEMA,
        "assignment": results.assignment,
        "version": results.version,
        "seed": results.seed,
        "layers": dict(results.layers),
        "seconds": results.seconds,
        "reports": [report_to_json(report) for report in results.reports],
    }


def from_json(document: Mapping[str, Any]) -> Results:
    """The results that `to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    if document["schema"] != RESULTS_SCHEMA:
        raise ValueError(f"schema is {document['schema']!r}, not {RESULTS_SCHEMA!r}")
    return Results(
        assignment=document["assignment"],
        version=document["version"],
        seed=document["seed"],
        layers=dict(document["layers"]),
        seconds=document["seconds"],
        reports=tuple(report_from_json(report) for report in document["reports"]),
    )


def report_to_json(report: Report) -> dict[str, Any]:
    return {
        "submission": report.submission,
        "outcome": report.outcome.value,
        "score": report.score,
        "max_score": report.max_score,
        "deck": report.deck,
        "flags": list(report.flags),
        "notes": [{"fault": n.fault, "facts": dict(n.facts), "message": n.message} for n in report.notes],
        "questions": [_question_to_json(question) for question in report.questions],
    }


def report_from_json(document: Mapping[str, Any]) -> Report:
    return Report(
        submission=document["submission"],
        outcome=ReportOutcome(document["outcome"]),
        score=document["score"],
        max_score=document["max_score"],
        deck=document["deck"],
        flags=tuple(document["flags"]),
        notes=tuple(Note(n["fault"], n["facts"], n["message"]) for n in document["notes"]),
        questions=tuple(_question_from_json(question) for question in document["questions"]),
    )


def _question_to_json(question: QuestionResult) -> dict[str, Any]:
    return {
        "name": question.name,
        "function": question.function,
        "outcome": question.outcome.value,
        "score": question.score,
        "max_score": question.max_score,
        "visibility": question.visibility,
        "misconceptions": list(question.misconceptions),
        "checks": [
            {
                "name": check.name,
                "outcome": check.outcome.value,
                "score": check.score,
                "max_score": check.max_score,
                "fault": check.fault,
                "facts": dict(check.facts),
                "message": check.message,
                "hint": check.hint,
                "more_hints": list(check.more_hints),
            }
            for check in question.checks
        ],
    }


def _question_from_json(document: Mapping[str, Any]) -> QuestionResult:
    return QuestionResult(
        name=document["name"],
        function=document["function"],
        outcome=Outcome(document["outcome"]),
        score=document["score"],
        max_score=document["max_score"],
        visibility=document["visibility"],
        misconceptions=tuple(document["misconceptions"]),
        checks=tuple(_check_from_json(check) for check in document["checks"]),
    )


def _check_from_json(document: Mapping[str, Any]) -> CheckResult:
    own_kinds = {"outcome": Outcome(document["outcome"]), "more_hints": tuple(document["more_hints"])}
    return CheckResult(**{**document, **own_kinds})


def as_float64(values: Array) -> NDArray[np.float64]:
    """A float64 copy in C order, of the same shape."""
    return np.array(values, dtype=np.float64, order="C", subok=False)
