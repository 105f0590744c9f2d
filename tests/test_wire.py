"""Frames: what is written is read again, and whatever else arrives is a ProtocolFault and nothing worse."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.answer import MOST_DIMENSIONS, most_entries
from autograder.errors import ProtocolFault
from autograder.exams import Exam
from autograder.places.lines import LONGEST_TEXT
from autograder.places.reasons import FACTS_OF_REASONS
from autograder.records import Argument, Array, Call, Case, CaseAnswer, Limits, Note, Reply, Run, Slot, Value, Written
from autograder.render.feedback import Catalogue
from autograder.sandbox import packing, wire
from autograder.sandbox.journal import shapes_of
from autograder.sandbox.packing import Reader, Writer
from autograder.source.cells import UnreadableSource
from autograder.source.extract import extract

pytestmark = pytest.mark.once

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no bug."""

FUNCTIONS = ("add_backward", "multiply_backward")

DTYPES = st.sampled_from(packing.DTYPES)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
ARRAYS = hnp.arrays(DTYPES, SHAPES)
GRADIENTS = hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=LONGEST_TEXT)
COUNTS = st.integers(0, 2**32 - 1)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case as the grader sends it: calls with arguments in any layout, some of them one array."""
    calls = []
    for arrays in draw(st.lists(st.sampled_from(wire.ARRAYS), min_size=1, max_size=3)):
        arguments = draw(st.lists(st.builds(Argument, ARRAYS, st.sampled_from(wire.LAYOUTS)), min_size=1, max_size=3))
        if draw(st.booleans()):
            arguments.append(Argument(arguments[0].values, same_as=0))
        calls.append(Call(tuple(arguments), (), np.zeros(0), arrays))
    slots = st.builds(Slot, st.sampled_from(wire.SLOTS), st.integers(0, 255), TEXTS, st.integers(0, 255))
    return Case(
        question="",
        function=draw(st.sampled_from(FUNCTIONS)),
        family="",
        words="",
        calls=tuple(calls),
        slots=tuple(draw(st.lists(slots, max_size=3))),
        kept_after=draw(st.none() | st.integers(0, 2)),
    )


NAMES = st.lists(TEXTS, max_size=3).map(tuple)
SIGNATURES = st.lists(st.builds(wire.Signature, TEXTS, NAMES, TEXTS, NAMES, NAMES), max_size=3).map(tuple)


@st.composite
def runs(draw: st.DrawFn) -> Case:
    """A training run as the grader sends it: one call, with a list of constants and a list of parameters."""
    constants = draw(st.lists(ARRAYS, max_size=3))
    parameters = draw(st.lists(GRADIENTS, min_size=1, max_size=3))
    run = Run(
        model=draw(TEXTS),
        constants=tuple(f"x{number}" for number in range(len(constants))),
        parameters=tuple(f"W{number}" for number in range(len(parameters))),
        lr=draw(st.floats(0, 10)),
        steps=draw(st.integers(0, 4)),
        needs=FUNCTIONS,
    )
    return Case(
        question="",
        function=run.function,
        family="",
        words="",
        calls=(Call(tuple(Argument(values) for values in [*constants, *parameters]), (), np.zeros(0)),),
        slots=(Slot("list", len(constants)), Slot("list", len(parameters))),
        run=run,
    )


@st.composite
def trained(draw: st.DrawFn) -> tuple[Case, CaseAnswer]:
    """A training run and an answer to it that an honest worker might send: whole, raised, or no longer finite."""
    case = draw(runs())
    assert case.run is not None
    rows, raised = case.run.steps + 1, None
    ends = draw(st.sampled_from(["whole", "raised", "not finite"] if case.run.steps else ["whole"]))
    if ends != "whole":
        rows = draw(st.integers(1, case.run.steps))
    stacks = [np.ones((rows, *argument.values.shape)) for argument in case.calls[0].arguments[case.slots[0].size :]]
    if ends == "raised":
        function = draw(st.sampled_from([case.run.function, *FUNCTIONS]))
        more = draw(st.sampled_from([{}, {"reason": "wrong-gradient"}]))
        raised = {**draw(exceptions()), "function": function, "step": rows}
        raised = {**raised, **more} if "reason" not in raised else raised
    if ends == "not finite" and any(stack.size for stack in stacks):
        next(stack for stack in stacks if stack.size)[-1] = np.inf
    elif ends == "not finite":
        stacks = [np.ones((case.run.steps + 1, *stack.shape[1:])) for stack in stacks]
    values = tuple(Value("array", stack.shape, stack) for stack in stacks)
    held = draw(st.none() | st.just(b"".join(one.values.tobytes() for one in case.calls[0].arguments)))
    return case, CaseAnswer((Reply("list", values, raised),), (held,))


@st.composite
def requests(draw: st.DrawFn) -> wire.Request:
    return wire.Request(
        kind=draw(st.sampled_from(["notebook", "script"])),
        source=draw(st.binary()),
        functions=FUNCTIONS,
        forwards=("add", "multiply"),
        cases=tuple(draw(st.lists(COUNTS, max_size=3))),
        given=draw(NAMES),
        required=draw(NAMES),
    )


@st.composite
def settings_of_assignments(draw: st.DrawFn) -> wire.Setting:
    return wire.Setting(
        modules=draw(st.dictionaries(TEXTS, st.binary(), max_size=3)),
        limits=Limits(load=draw(st.floats(0, 1e6)), memory=draw(COUNTS)),
        operations=draw(SIGNATURES),
        models=draw(NAMES),
    )


@st.composite
def facts(draw: st.DrawFn, fault: str) -> dict[str, Any]:
    names = sorted(wire.FACTS[fault])
    return {name: draw(st.integers(1, 10**6) if name in wire.WHOLE_NUMBERS else TEXTS) for name in names}


PLACES = st.fixed_dictionaries({"where": TEXTS, "line": st.integers(1, 10**6), "code": TEXTS})


@st.composite
def exceptions(draw: st.DrawFn) -> dict[str, Any]:
    """The facts of an exception; perhaps with a place, an expression in it, and a reason."""
    raised = draw(facts("raised"))
    if draw(st.booleans()):
        raised |= draw(PLACES)
        start, stop = sorted(draw(st.sets(st.integers(0, LONGEST_TEXT), min_size=2, max_size=2)))
        if draw(st.booleans()):
            raised |= {"expression": draw(TEXTS), "start": start, "stop": stop, "shapes": draw(TEXTS)}
    if draw(st.booleans()):
        reason = draw(st.sampled_from(sorted(FACTS_OF_REASONS)))
        raised |= {"reason": reason, **{name: draw(TEXTS) for name in sorted(FACTS_OF_REASONS[reason])}}
    return raised


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    if draw(st.booleans()):
        return Reply(raised=draw(exceptions()))
    values = st.builds(lambda data: Value("array", data.shape, data), GRADIENTS) | st.builds(
        Value, TEXTS, st.lists(COUNTS, max_size=MOST_DIMENSIONS).map(tuple)
    )
    return Reply(draw(st.sampled_from(wire.CONTAINERS)), tuple(draw(st.lists(values, max_size=3))))


@st.composite
def answered(draw: st.DrawFn) -> tuple[Case, CaseAnswer]:
    """A case and an answer to it that an honest worker might send."""
    case = draw(cases())
    held = [
        draw(st.none() | st.just(b"".join(argument.values.tobytes() for argument in call.arguments)))
        for call in case.calls
    ]
    kept = draw(st.none() | replies())
    return case, CaseAnswer(tuple(draw(replies()) for _ in case.calls), tuple(held), kept)


@st.composite
def some_notes(draw: st.DrawFn) -> Note:
    fault = draw(st.sampled_from(sorted(wire.NOTES)))
    return Note(fault, draw(facts(fault)))


@st.composite
def findings(draw: st.DrawFn) -> tuple[dict[str, Written], list[Note], Note | None]:
    states = [draw(st.sampled_from(wire.STATES)) for _ in FUNCTIONS]
    calls = st.lists(st.sampled_from(FUNCTIONS), max_size=2).map(tuple)
    written = {name: Written(state, draw(facts(state)), draw(calls)) for name, state in zip(FUNCTIONS, states)}
    return written, draw(st.lists(some_notes(), max_size=3)), None


LOADED = st.builds(
    wire.Loaded, st.frozensets(st.sampled_from(FUNCTIONS)), st.lists(some_notes(), max_size=3).map(tuple)
)


@st.composite
def mutated(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    """A well-formed body with bytes changed, cut out or put in, or a length replaced by another one."""
    body = bytearray(draw(bodies))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        match draw(st.sampled_from(["change", "cut", "insert", "length"])):
            case "change":
                body[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "cut":
                del body[at : at + draw(st.integers(1, 9))]
            case "insert":
                body[at:at] = draw(st.binary(min_size=1, max_size=9))
            case "length":
                body[at : at + 4] = struct.pack("<I", draw(COUNTS | st.sampled_from([0, 1, 2**31, 2**32 - 1])))
    return bytes(body)


def is_same_array(one: Array | None, other: Array | None) -> bool:
    """Bit for bit: NaN is NaN, and -0.0 is not 0.0."""
    if one is None or other is None:
        return one is other
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


def is_same_reply(one: Reply, other: Reply) -> bool:
    return (
        (one.container, one.raised, len(one.values)) == (other.container, other.raised, len(other.values))
        and all((a.kind, a.shape) == (b.kind, b.shape) for a, b in zip(one.values, other.values))
        and all(is_same_array(a.data, b.data) for a, b in zip(one.values, other.values))
    )


def raises_only_protocol_faults(decode: Callable[[], object]) -> None:
    with contextlib.suppress(ProtocolFault):
        decode()


# ---- there and back ----------------------------------------------------------------------------------------


@UNHURRIED
@given(ARRAYS)
def test_an_array_comes_back_bit_for_bit(array: Array) -> None:
    """Every dtype, 0-d and empty ones, NaN and its payload included."""
    out = Writer()
    out.array(array)
    read = Reader(bytes(out.data))

    assert is_same_array(read.array(largest=4**4), array)
    read.done()


@UNHURRIED
@given(requests())
def test_a_request_comes_back_as_it_was_sent(request: wire.Request) -> None:
    """All that a worker is told of a submission, and the numbers of the cases to put to it."""
    assert wire.decode_request(wire.encode_request(request)) == request


@UNHURRIED
@given(settings_of_assignments())
def test_a_setting_comes_back_as_it_was_sent(setting: wire.Setting) -> None:
    """The public files, the limits that a worker sets itself, and how operations are called."""
    back = wire.decode_setting(wire.encode_setting(setting))

    assert (back.modules, back.operations, back.models) == (setting.modules, setting.operations, setting.models)
    assert (back.limits.load, back.limits.memory) == (setting.limits.load, setting.limits.memory)


@UNHURRIED
@given(st.lists(cases() | runs(), max_size=3))
def test_a_deck_comes_back_as_it_was_sent(sent: list[Case]) -> None:
    """All that is called; neither operands nor the upstream of the reference travel."""
    back, shapes = wire.decode_deck(wire.encode_deck(sent))

    assert list(shapes) == [shapes_of(case) for case in sent]
    for got, case in zip(back, sent):
        assert (got.run, got.slots) == (case.run, case.slots)
        assert (got.function, got.kept_after, len(got.calls)) == (case.function, case.kept_after, len(case.calls))
        for got_call, sent_call in zip(got.calls, case.calls):
            assert got_call.arrays == sent_call.arrays
            assert [a.layout for a in got_call.arguments] == [a.layout for a in sent_call.arguments]
            assert [a.same_as for a in got_call.arguments] == [a.same_as for a in sent_call.arguments]
            values = zip(got_call.arguments, sent_call.arguments)
            assert all(is_same_array(a.values, b.values) for a, b in values)


@UNHURRIED
@given(st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_what_is_said_of_walls_comes_back_as_it_was_sent(pairs: dict[str, str]) -> None:
    """Layers that did not take hold, and what a probe tried."""
    assert wire.decode_sealed(wire.encode_sealed(pairs)) == pairs
    assert wire.decode_probed(wire.encode_probed(pairs)) == pairs


@UNHURRIED
@given(answered() | trained())
def test_an_answer_comes_back_as_it_was_sent(pair: tuple[Case, CaseAnswer]) -> None:
    """Numbers bit for bit, exceptions as facts, and the bytes of the arguments."""
    case, answer = pair

    body = wire.encode_answer(answer)
    back = wire.decode_answer(body, case)

    assert len(body) <= wire.longest_answer(case)
    assert (back.arguments, back.stopped) == (answer.arguments, "")
    assert len(back.replies) == len(answer.replies)
    assert all(is_same_reply(a, b) for a, b in zip(back.replies, answer.replies))
    assert (back.kept is None) == (answer.kept is None)
    assert back.kept is None or answer.kept is None or is_same_reply(back.kept, answer.kept)


@UNHURRIED
@given(cases() | runs())
def test_memory_is_the_only_reason_that_a_worker_may_give(case: Case) -> None:
    """Time, death and disturbance are the grader's to see."""
    assert wire.decode_answer(wire.encode_answer(CaseAnswer(stopped="memory")), case).stopped == "memory"
    for reason in ("time", "died", "disturbed", "not-called", "luck"):
        with pytest.raises(ProtocolFault):
            wire.decode_answer(wire.encode_answer(CaseAnswer(stopped=reason)), case)


@UNHURRIED
@given(findings())
def test_findings_come_back_as_they_were_sent(sent: tuple[dict[str, Written], list[Note], Note | None]) -> None:
    """What the source says of each function, with the place, and the notes."""
    written, sent_notes, unreadable = wire.decode_findings(wire.encode_findings(*sent), FUNCTIONS)

    assert (written, list(sent_notes), unreadable) == sent


@UNHURRIED
@given(LOADED)
def test_what_was_loaded_comes_back_as_it_was_sent(loaded: wire.Loaded) -> None:
    """Which functions can be called, and which lines raised."""
    assert wire.decode_loaded(wire.encode_loaded(loaded), FUNCTIONS) == loaded


@UNHURRIED
@given(PLACES | st.just({}))
def test_whereabouts_come_back_as_they_were_sent(place: dict[str, Any]) -> None:
    """A place, or none when no line of the student's runs; in any alphabet within the bound."""
    body = wire.encode_whereabouts(place)

    assert len(body) <= wire.LONGEST_WHEREABOUTS
    assert wire.decode_whereabouts(body) == place


# ---- anything else -----------------------------------------------------------------------------------------


@UNHURRIED
@given(st.binary(max_size=400), cases() | runs())
def test_arbitrary_bytes_are_a_protocol_fault_at_worst(body: bytes, case: Case) -> None:
    """Whatever a worker sends, the grader never raises anything else."""
    raises_only_protocol_faults(lambda: wire.decode_answer(body, case))
    raises_only_protocol_faults(lambda: wire.decode_findings(body, FUNCTIONS))
    raises_only_protocol_faults(lambda: wire.decode_loaded(body, FUNCTIONS))
    raises_only_protocol_faults(lambda: wire.decode_whereabouts(body))
    raises_only_protocol_faults(lambda: wire.decode_sealed(body))
    raises_only_protocol_faults(lambda: wire.decode_probed(body))


@UNHURRIED
@given(st.data(), answered() | trained())
def test_a_damaged_answer_is_a_protocol_fault_at_worst(data: st.DataObject, pair: tuple[Case, CaseAnswer]) -> None:
    """What is still read after the damage has arrays of the shape that they say they have, and no more than allowed."""
    case, answer = pair
    body = data.draw(mutated(st.just(wire.encode_answer(answer))))

    try:
        back = wire.decode_answer(body, case)
    except ProtocolFault:
        return
    for value in (value for reply in back.replies for value in reply.values):
        assert value.data is None or value.data.shape == value.shape
        assert value.data is None or value.data.size <= most_entries(case)


@UNHURRIED
@given(mutated(PLACES.map(wire.encode_whereabouts)))
def test_damaged_whereabouts_are_a_protocol_fault_at_worst(body: bytes) -> None:
    """What is still read after the damage is a place, or none."""
    try:
        place = wire.decode_whereabouts(body)
    except ProtocolFault:
        return
    assert set(place) in (set(), set(wire.PLACE))


RUN = Run("xor", ("x",), ("W", "b"), lr=1.0, steps=3, needs=FUNCTIONS)
RUN_CASE = Case(
    question="",
    function=RUN.function,
    family="",
    words="",
    calls=(Call((Argument(np.ones(2)), Argument(np.ones((2, 3))), Argument(np.ones(()))), (), np.zeros(0)),),
    slots=(Slot("list", 1), Slot("list", 2)),
    run=RUN,
)


def course(rows: int, last: float = 1.0, *, W: tuple[int, ...] = (2, 3), rows_of_b: int | None = None) -> list[Array]:
    """What a run has recorded: two parameters, of ones; the last row of the second may be something else."""
    b = np.ones(rows if rows_of_b is None else rows_of_b)
    b[-1:] = last
    return [np.ones((rows, *W)), b]


def ended(step: int, function: str = FUNCTIONS[0], **more: Any) -> dict[str, Any]:
    return {"exception": "ValueError", "text": "x", "function": function, "step": step, **more}


HONEST: dict[str, tuple[list[Array], dict[str, Any] | None]] = {
    "whole": (course(4), None),
    "whole, and not finite in the end": (course(4, np.nan), None),
    "no longer finite": (course(2, np.inf), None),
    "not finite from the start": (course(1, -np.inf), None),
    "raised in the first step": (course(1), ended(1)),
    "raised in the last step": (course(3), ended(3, FUNCTIONS[1])),
    "raised in the forward pass": (course(2), ended(2, RUN.function)),
    "no gradient": (course(2), ended(2, reason="wrong-gradient")),
}

FORGED: dict[str, tuple[str, list[Array], dict[str, Any] | None]] = {
    "too many rows": ("list", course(5), None),
    "too few, without a reason": ("list", course(3), None),
    "none": ("list", course(0), None),
    "none, and raised": ("list", course(0), ended(0)),
    "all, and raised": ("list", course(4), ended(4)),
    "raised in another step": ("list", course(2), ended(3)),
    "another shape": ("list", course(4, W=(3, 2)), None),
    "rows that differ": ("list", course(4, rows_of_b=3), None),
    "one parameter": ("list", course(4)[:1], None),
    "three parameters": ("list", [*course(4), np.ones(4)], None),
    "nothing": ("list", [], None),
    "numbers without rows": ("list", [np.ones(()), np.ones(())], None),
    "a tuple": ("tuple", course(4), None),
    "one": ("one", course(4), None),
    "another function": ("list", course(2), ended(2, "softmax_backward")),
    "no function": ("list", course(2), {"exception": "ValueError", "text": "x", "step": 2}),
    "no step": ("list", course(2), {"exception": "ValueError", "text": "x", "function": FUNCTIONS[0]}),
    "another fact": ("list", course(2), ended(2, score="80")),
    "another reason": ("list", course(2), ended(2, reason="full-score")),
}


def there_and_back(container: str, arrays: list[Array], raised: dict[str, Any] | None) -> Reply:
    values = tuple(Value("array", array.shape, array) for array in arrays)
    answer = CaseAnswer((Reply(container, values, raised),), (None,))
    return wire.decode_answer(wire.encode_answer(answer), RUN_CASE).replies[0]


@pytest.mark.parametrize(("arrays", "raised"), HONEST.values(), ids=HONEST)
def test_a_run_may_end_in_three_ways(arrays: list[Array], raised: dict[str, Any] | None) -> None:
    """All rows; those before the step that raised; those up to the first that is not finite."""
    reply = there_and_back("list", arrays, raised)

    assert reply.raised == raised
    assert all(is_same_array(value.data, array) for value, array in zip(reply.values, arrays))
    assert len(reply.values) == len(arrays)


@pytest.mark.parametrize(("container", "arrays", "raised"), FORGED.values(), ids=FORGED)
def test_no_other_end_of_a_run_is_believed(container: str, arrays: list[Array], raised: dict[str, Any] | None) -> None:
    """Whoever compares the rows with others may count on them."""
    with pytest.raises(ProtocolFault):
        there_and_back(container, arrays, raised)


@pytest.mark.parametrize("value", [Value("None"), Value("array", (4,)), Value("complex", (4,))], ids=str)
def test_a_run_gives_numbers_and_nothing_else(value: Value) -> None:
    """What only a student's function may return, such as a None, is none of them."""
    answer = CaseAnswer((Reply("list", (Value("array", (4, 2, 3), np.ones((4, 2, 3))), value)),), (None,))

    with pytest.raises(ProtocolFault, match="something else than a list of arrays"):
        wire.decode_answer(wire.encode_answer(answer), RUN_CASE)


def test_a_run_gives_float64() -> None:
    """As all numbers that come back."""
    with pytest.raises(ProtocolFault, match="not float64"):
        there_and_back("list", [array.astype(np.float32) for array in course(4)], None)


def test_the_end_of_a_run_is_no_end_of_a_call() -> None:
    """The facts of a run in an answer to an ordinary case would meet a sentence that does not know them."""
    case = Case("", FUNCTIONS[0], "", "", (Call((), (), np.zeros(0)),), ())
    for raised in (ended(1), {"exception": "ValueError", "text": "x", "reason": "wrong-gradient"}):
        answer = CaseAnswer((Reply(raised=raised),), (b"",))
        with pytest.raises(ProtocolFault):
            wire.decode_answer(wire.encode_answer(answer), case)


PLACE = {"where": "", "line": 4, "code": "while True:"}


@pytest.mark.parametrize(
    "forged",
    [
        {**PLACE, "line": 0},
        {**PLACE, "line": -(10**8)},
        {**PLACE, "line": 2 * 10**9},
        {**PLACE, "line": "4"},
        {**PLACE, "code": 4},
        {**PLACE, "score": "80"},
        {"line": 4},
    ],
    ids=["zero", "negative", "huge", "text", "number-for-text", "too-much", "too-little"],
)
def test_whereabouts_are_a_place_and_nothing_else(forged: dict[str, Any]) -> None:
    """A line that no file has, and facts that nobody asked for, are not believed."""
    assert wire.decode_whereabouts(wire.encode_whereabouts(PLACE)) == PLACE

    with pytest.raises(ProtocolFault):
        wire.decode_whereabouts(wire.encode_whereabouts(forged))


SAID = {"exception": "ValueError", "text": "x", **PLACE}
SHOWN = {"expression": "x", "start": 0, "stop": 1, "shapes": ""}


@pytest.mark.parametrize(
    "forged",
    [
        {**SAID, "reason": "full-score"},
        {**SAID, "reason": "unbound"},
        {**SAID, "reason": "truth", "name": "x"},
        {**SAID, "name": "x"},
        {**SAID, **SHOWN, "start": -1},
        {**SAID, **SHOWN, "start": 1},
        {**SAID, **SHOWN, "stop": 10**8},
        {"exception": "ValueError", "text": "x", **SHOWN},
        {**SAID, "start": 0, "stop": 1},
    ],
    ids=[
        *("unknown-reason", "without-facts", "too-much", "facts-without-reason", "before-the-line"),
        *("nothing", "beyond-the-line", "without-a-line", "without-expression"),
    ],
)
def test_an_exception_has_the_facts_of_its_sentence(forged: dict[str, Any]) -> None:
    """Neither a sentence without its facts, nor a mark that is as long as a file, can be forged."""
    case = Case("", FUNCTIONS[0], "", "", (Call((), (), np.zeros(0)),), ())

    def there_and_back(raised: dict[str, Any]) -> object:
        answer = CaseAnswer((Reply(raised=raised),), (b"",))
        return wire.decode_answer(wire.encode_answer(answer), case).replies[0].raised

    assert there_and_back({**SAID, **SHOWN, "reason": "truth"}) == {**SAID, **SHOWN, "reason": "truth"}
    with pytest.raises(ProtocolFault):
        there_and_back(forged)


@UNHURRIED
@given(mutated(findings().map(lambda sent: wire.encode_findings(*sent))))
def test_damaged_findings_are_a_protocol_fault_at_worst(body: bytes) -> None:
    """What is still read after the damage is about the functions that were asked for."""
    try:
        written, _, unreadable = wire.decode_findings(body, FUNCTIONS)
    except ProtocolFault:
        return
    assert set(written) == (set() if unreadable else set(FUNCTIONS))


@UNHURRIED
@given(mutated(LOADED.map(wire.encode_loaded)))
def test_damaged_news_of_loading_are_a_protocol_fault_at_worst(body: bytes) -> None:
    """What is still read after the damage is about the functions that were asked for."""
    try:
        loaded = wire.decode_loaded(body, FUNCTIONS)
    except ProtocolFault:
        return
    assert loaded.defined <= set(FUNCTIONS)


@pytest.mark.parametrize(
    "shape",
    [(2**32 - 1,), (2**16, 2**16), (0, 2**32 - 1), (2**32 - 1, 0, 2**32 - 1), (1,) * 7 + (2**31,), (0,) * 7 + (2**31,)],
    ids=str,
)
def test_a_shape_is_bounded_before_it_is_believed(shape: tuple[int, ...]) -> None:
    """No array is made of huge sizes, neither of their product nor of zero times them, which numpy refuses."""
    out = Writer()
    out.u8(0)
    out.dims(shape)

    with pytest.raises(ProtocolFault, match="with more than 100 entries"):
        Reader(bytes(out.data)).array(largest=100)


@pytest.mark.parametrize("largest", [0, 1, 24, 100])
def test_an_empty_axis_is_no_excuse_for_many_others(largest: int) -> None:
    """(0, 24) is read where 24 entries are allowed, and nowhere else."""
    out = Writer()
    out.array(np.zeros((0, 24)))
    read = Reader(bytes(out.data))

    if largest >= 24:
        assert read.array(largest).shape == (0, 24)
    else:
        with pytest.raises(ProtocolFault):
            read.array(largest)


@pytest.mark.parametrize("numbers", [(float("nan"),), (float("inf"),), (1e300,), (0.5,)], ids=str)
def test_a_line_number_is_a_whole_number(numbers: tuple[float]) -> None:
    """Nothing else becomes a line in a report."""
    body = wire.encode_loaded(wire.Loaded(frozenset(), (Note("complex-numbers", facts_of("complex-numbers")),)))
    forged = body.replace(struct.pack("<d", 1.0), struct.pack("<d", *numbers))
    assert forged != body

    with pytest.raises(ProtocolFault, match="no whole number"):
        wire.decode_loaded(forged, FUNCTIONS)


@pytest.mark.parametrize(
    "forged",
    [
        Note("full-score"),
        Note("complex-numbers"),
        Note("complex-numbers", {"function": "add_backward", "where": "", "line": "<b>", "code": ""}),
        Note("null-bytes", {"why": "luck"}),
        Note("stub", {"where": "", "line": 1, "code": ""}),
        Note("raised", {"exception": "ValueError", "text": "x"}),
        Note("time"),
    ],
    ids=["unknown", "without-facts", "wrong-kind", "too-much", "of-a-function", "of-a-call", "of-a-stop"],
)
def test_a_note_has_the_facts_of_its_sentence(forged: Note) -> None:
    """A forged note must not make the renderer stumble: that would read as a fault of ours."""
    with pytest.raises(ProtocolFault):
        wire.decode_loaded(wire.encode_loaded(wire.Loaded(frozenset(), (forged,))), FUNCTIONS)


def test_a_function_that_nobody_asked_for_is_a_protocol_fault() -> None:
    """Neither found nor defined nor left out."""
    written = {name: Written("missing") for name in FUNCTIONS}

    with pytest.raises(ProtocolFault, match="not graded"):
        wire.decode_findings(wire.encode_findings({"full_score": Written("missing")}, [], None), FUNCTIONS)
    forged = {**written, FUNCTIONS[0]: Written("written", PLACE, ("full_score",))}
    with pytest.raises(ProtocolFault, match="calls"):
        wire.decode_findings(wire.encode_findings(forged, [], None), FUNCTIONS)
    with pytest.raises(ProtocolFault, match="leave a function out"):
        wire.decode_findings(wire.encode_findings({FUNCTIONS[0]: written[FUNCTIONS[0]]}, [], None), FUNCTIONS)
    with pytest.raises(ProtocolFault, match="not graded"):
        wire.decode_loaded(wire.encode_loaded(wire.Loaded(frozenset({"full_score"}), ())), FUNCTIONS)


@UNHURRIED
@given(st.text())
def test_what_a_student_says_cannot_move_a_cursor(text: str) -> None:
    """Escape sequences, bells and marks that turn the line around arrive as the sign for an unknown character."""
    out = Writer()
    out.text(text)

    assert Reader(bytes(out.data)).text().isprintable()


# ---- words -------------------------------------------------------------------------------------------------


def facts_of(fault: str) -> dict[str, Any]:
    return {name: 1 if name in wire.WHOLE_NUMBERS else "x" for name in wire.FACTS[fault]}


@pytest.mark.parametrize("fault", sorted(wire.FACTS))
def test_every_fault_that_a_worker_may_report_has_words(exam: Exam, fault: str) -> None:
    """The facts that travel are the facts that the sentence needs, beside those that the grader adds."""
    catalogue = Catalogue.load(exam.assignment)
    if fault != "written":
        assert catalogue.say(fault, "message", {"case": "", "function": "", **facts_of(fault)})


SOURCES = {
    "syntax-error": "def add_backward(grad_out, a, b:\n    return 1\n",
    "defined-twice": "def add_backward(): return 1\ndef add_backward(): return 2\n",
    "complex-numbers": "def add_backward(): return 1j\n",
    "calls-forward": "from forward import add\ndef add_backward(): return add(1, 2)\n",
    "null-bytes": "x\0",
    "wrong-coding-line": "# coding: klingon\n",
    "other-assignment": "def conv(): return 1\n",
    "invisible-characters": "def add_backward():\n\u00a0return 1\n",
    "not-a-notebook": "[]",
    "notebook-too-deep": "[" * 100_000,
    "notebook-format": '{"nbformat": 5}',
    "cut-off": '{"cell_type"',
    "is-pdf": "%PDF-1.4",
    "empty": "",
}


@pytest.mark.parametrize(("fault", "source"), SOURCES.items(), ids=SOURCES)
def test_every_remark_on_a_source_may_travel(fault: str, source: str) -> None:
    """What `extract` says is what the table of facts allows."""
    kind = "notebook" if "notebook" in fault else "script"
    try:
        kept = extract(source.encode(), kind, FUNCTIONS, ("add", "multiply"))
        written, remarks, unreadable = dict(kept.written), list(kept.notes), None
    except UnreadableSource as error:
        written, remarks, unreadable = {}, [], error.note

    _, notes, reason = wire.decode_findings(wire.encode_findings(written, remarks, unreadable), FUNCTIONS)

    assert fault in {note.fault for note in (*notes, reason) if note is not None}
