"""Mistakes that show in what kind of thing comes back, and in what exceptions say: the same in all replies.

The replies' numbers are looked at, too: a pair is called "loss and gradient" only if its first member is a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from autograder.checks.misconceptions.sightings import Asked, is_same_result
from autograder.derivative import vjp
from autograder.records import VERDICTS, Array, Value

Shows = Callable[[Asked], "bool | None"]
"""Whether a reply shows a habit. None where it neither shows nor contradicts it."""

SHAPES = 2
"""In how many shapes a habit must show, so that it is one."""


def name_structure(calls: Sequence[Asked]) -> str:
    """The name of the habit that all replies to a question show, or nothing."""
    answered = [one for one in calls if one.reply.raised is None]
    of_replies = (name for name, shows in HABITS.items() if _is_habit(shows, answered))
    of_calls = (name for name, shows in IN_ALL_CALLS.items() if _is_habit(shows, calls))
    return next(chain(of_replies, of_calls), "")


def _is_habit(shows: Shows, calls: Iterable[Asked]) -> bool:
    shapes = set()
    for one in calls:
        is_shown = shows(one)
        if is_shown is False:
            return False
        if is_shown:
            shapes.add(_shapes(one))
    return len(shapes) >= SHAPES


def _shapes(one: Asked) -> tuple[tuple[int, ...], ...]:
    return tuple(values.shape for values in one.case.calls[0].operands)


# ---- what was asked, and what came back --------------------------------------------------------------------


def _is_list(one: Asked) -> bool:
    """Whether a list of any length is asked for, one array for each operand."""
    return any(one.case.key.lists)


def _members(one: Asked) -> tuple[Value, ...]:
    """The members of a tuple or a list; none of anything else."""
    return one.reply.values if one.reply.container in ("tuple", "list") else ()


def _alone(one: Asked) -> Value | None:
    """The array that came back alone."""
    value = one.reply.values[0] if one.reply.container == "one" else None
    return value if value is not None and value.kind == "array" else None


def _is(value: Value, wanted: Array, one: Asked) -> bool:
    magnitude = max(output.magnitude for output in one.outputs)
    return is_same_result(value, np.asarray(wanted), magnitude, one.limit)


def _flat(one: Asked) -> Array:
    """All right results, end to end."""
    return np.concatenate([output.right.reshape(-1) for output in one.outputs])


# ---- habits of what comes back -----------------------------------------------------------------------------


def no_return(one: Asked) -> bool:
    """There is no return statement, or it stands where the function does not get."""
    return one.reply.container == "one" and one.reply.values[0].kind == "None"


def returns_dictionary(one: Asked) -> bool:
    """Results are returned by name."""
    return one.reply.container == "dict"


def returns_generator(one: Asked) -> bool:
    """Round brackets around a comprehension make a generator."""
    return one.reply.container == "one" and one.reply.values[0].kind == "generator"


def returns_sum(one: Asked) -> bool | None:
    """Both gradients are added up and returned as one array."""
    value = _alone(one)
    if value is None or len(one.outputs) != 2 or _is_list(one):
        return False
    if len({output.operand.shape for output in one.outputs} | {value.shape}) > 1:
        return None
    return _is(value, one.outputs[0].right + one.outputs[1].right, one)


def stacked(one: Asked) -> bool:
    """All gradients are put into one array, one behind the other."""
    value = _alone(one)
    is_whole = value is not None and value.data is not None and len(one.outputs) > 1 and not _is_list(one)
    return bool(is_whole and value is not None and _is(_flattened(value), _flat(one), one))


def returns_one_value(one: Asked) -> bool:
    """One gradient is returned where there are several operands."""
    return _alone(one) is not None and len(one.outputs) > 1 and not _is_list(one)


def returns_three_values(one: Asked) -> bool:
    """Something more is returned than a gradient for each operand."""
    return not _is_list(one) and len(_members(one)) > len(one.outputs) > 1


def loss_and_gradient(one: Asked) -> bool:
    """The loss is returned together with its gradient."""
    members = _members(one)
    is_loss = one.outputs[0].out.ndim == 0 and one.outputs[0].operand.ndim > 0
    return is_loss and len(members) == 2 and (members[0].shape, members[1].shape) == ((), one.outputs[0].operand.shape)


def output_and_gradient(one: Asked) -> bool:
    """The output of the forward function is returned together with its gradient."""
    members = _members(one)
    if len(members) != 2 or not _is(members[0], one.outputs[0].out, one):
        return False
    is_single = len(one.outputs) == 1 and members[1].shape == one.outputs[0].operand.shape
    is_pair = len(one.outputs) == 2 and (members[1].kind == "ragged tuple" or members[1].shape[:1] == (2,))
    return is_single or is_pair


def none_for_input(one: Asked) -> bool:
    """None is returned in the place of an operand's gradient."""
    kinds = [value.kind for value in _members(one)]
    return len(kinds) == len(one.outputs) > 1 and sorted(set(kinds)) == ["None", "array"]


def gradient_for_targets(one: Asked) -> bool:
    """Something is returned for the targets, too, which have no gradient."""
    members = _members(one)
    targets = one.case.calls[0].operands[-1]
    is_asked = len(one.outputs) == 1 and len(members) == 2 and len(one.case.key.operands) == 2
    is_second = is_asked and (members[1].kind == "None" or members[1].shape == targets.shape)
    return is_second and members[0].shape == one.outputs[0].operand.shape


def returns_axes_too(one: Asked) -> bool:
    """The axes that were summed are returned along with the gradient."""
    members = _members(one)
    if len(members) != 2 or len(one.outputs) != 1 or members[0].shape != one.outputs[0].operand.shape:
        return False
    axes = members[1].data
    is_row = axes is not None and axes.ndim == 1 and axes.size <= one.outputs[0].out.ndim
    return bool(is_row and axes is not None and np.all((axes == np.round(axes)) & (axes < one.outputs[0].out.ndim)))


# ---- habits with a list of parameters ----------------------------------------------------------------------


def early_return(one: Asked) -> bool:
    """The loop ends after the first parameter."""
    members = _members(one)
    return _is_list(one) and len(members) == 1 and _is(members[0], one.outputs[0].right, one)


def last_parameter_forgotten(one: Asked) -> bool:
    """The loop ends one parameter early."""
    members = _members(one)
    is_short = one.reply.container in ("tuple", "list") and len(members) == len(one.outputs) - 1
    pairs = zip(members, one.outputs)
    return _is_list(one) and is_short and all(_is(value, output.right, one) for value, output in pairs)


def last_only(one: Asked) -> bool:
    """The new parameter is overwritten in each round of the loop, and the last one comes back."""
    value = _alone(one)
    return _is_list(one) and value is not None and _is(value, one.outputs[-1].right, one)


def flattened(one: Asked) -> bool:
    """All parameters come back as one long row."""
    value = _alone(one)
    return _is_list(one) and value is not None and _is(value, _flat(one), one)


def one_array(one: Asked) -> bool:
    """The new parameters are put into one array, which needs them to have the same shape."""
    if not _is_list(one):
        return False
    rights = [output.right for output in one.outputs]
    if len({right.shape for right in rights}) > 1:
        text = (one.reply.raised or {}).get("text", "")
        return "inhomogeneous" in text or "setting an array element with a sequence" in text
    value = _alone(one)
    return value is not None and _is(value, np.stack(rights), one)


def every_pair(one: Asked) -> bool:
    """Two nested loops: each parameter meets each gradient."""
    return _is_list(one) and len(_members(one)) == len(one.outputs) ** 2


def returns_gradients_too(one: Asked) -> bool | None:
    """New parameters and gradients come back, each in a list of its own."""
    members = _members(one)
    if not _is_list(one) or one.reply.container != "tuple" or len(members) != 2:
        return False
    count = len(one.outputs)
    news, olds = [output.right for output in one.outputs], list(one.case.calls[0].operands[count : 2 * count])
    if len({new.shape for new in news}) > 1:
        return all(value.kind.startswith("ragged") for value in members)
    return _is(members[0], np.stack(news), one) and _is(members[1], np.stack(olds), one)


def two_parameters(one: Asked) -> bool:
    """The code is written for exactly two parameters, a weight and a bias."""
    if not _is_list(one):
        return False
    text = (one.reply.raised or {}).get("text", "")
    return all(one.are_right) if len(one.outputs) == 2 else bool(re.search(r"to unpack \(expected 2", text))


# ---- habits that end in exceptions -------------------------------------------------------------------------


def argument_order(one: Asked) -> bool | None:
    """The parameters stand in another order, so that each argument arrives under the name of another one."""
    if one.reply.raised is not None and _is_misnamed(one):
        return True
    wanted = _answer_in_another_order(one)
    if wanted is None:
        # With two operands of unlike shapes, anything may come of it; with one, there is nothing else to go by.
        return None if len(one.outputs) == 2 and not _is_list(one) else False
    return one.values is not None and all(_is(value, grad, one) for value, grad in zip(one.values, wanted))


def needs_x(one: Asked) -> bool:
    """The function wants the operand itself, which it does not get."""
    names = "|".join(map(re.escape, one.case.key.operands))
    return bool(re.search(rf"missing 1 required positional argument: '({names})'", _text(one)))


def looked_up_by_value(one: Asked) -> bool | None:
    """`params.index(param)` compares whole arrays, which have no single truth value."""
    if one.reply.raised is None:
        return None if all(one.are_right) else False
    return ".index(" in _code(one)


def one_hot_expected(one: Asked) -> bool:
    """The targets are taken for one-hot rows."""
    if one.case.key.forward != "softmax_cross_entropy":
        return False
    logits, targets = one.case.calls[0].operands
    if one.reply.raised is not None:
        shapes = "".join(f"{logits.shape}{targets.shape}".split())
        return shapes in "".join(_text(one).split()) or bool(
            re.search(r"argmax\(\w*(target|label|onehot|one_hot|y)", _code(one))
        )
    if one.values is None or logits.shape[0] not in (1, logits.shape[1]):
        return False
    onehot = np.eye(logits.shape[1])[targets.astype(int)]
    as_rows = one.outputs[0].right + one.outputs[0].grad_out * (onehot - targets) / len(targets)
    return _is(one.values[0], as_rows, one)


def upstream_per_row(one: Asked) -> bool:
    """The upstream gradient of a loss, which is one number, is indexed like an array."""
    is_number = one.outputs[0].grad_out.ndim == 0 and (one.reply.raised or {}).get("exception") == "IndexError"
    return is_number and bool(re.search(r"\bgrad_out\[", _code(one)))


def numpy_gradient(one: Asked) -> bool | None:
    """np.gradient is called on x: it takes differences of neighbours in x, and knows nothing of f."""
    x = one.outputs[0].operand
    if one.case.family != VERDICTS:
        return False
    if one.reply.raised is not None or min(x.shape, default=0) < 2:
        return None if "np.gradient" in _code(one) or one.reply.raised is None else False
    slopes = np.gradient(x)
    members = [_alone(one)] if x.ndim == 1 else list(_members(one))
    slopes = [slopes] if x.ndim == 1 else list(slopes)
    if len(members) != len(slopes):
        return False
    return all(
        value is not None and value.data is not None and _is_multiple(value.data, slope)
        for value, slope in zip(members, slopes)
    )


# ---- what exceptions say -----------------------------------------------------------------------------------


def _text(one: Asked) -> str:
    return str((one.reply.raised or {}).get("text", ""))


def _code(one: Asked) -> str:
    """The student's own line, in which the exception came."""
    return str((one.reply.raised or {}).get("code", ""))


def _is_misnamed(one: Asked) -> bool:
    """Whether the line calls a tuple `grad`, or a single number by the name of an array."""
    text, code = _text(one), _code(one)
    of_tuple = re.search(r"'tuple' object has no attribute '(\w+)'", text)
    if of_tuple:
        return bool(re.search(rf"\bgrad\w*\.{of_tuple[1]}\b", code)) and f"shape.{of_tuple[1]}" not in code
    is_told_by_name = all(slot.kind == "array" for slot in one.case.slots) and one.case.family != VERDICTS
    if (
        not is_told_by_name
        or "grad_out" in code
        or not re.search(r"to unpack \(expected \d, got 0\)|for array of dimension 0", text)
    ):
        return False
    arrays = [name for name, values in zip(one.case.key.operands, one.case.calls[0].operands) if values.ndim]
    return any(re.search(rf"\b{re.escape(name)}\b", code) for name in arrays)


def _answer_in_another_order(one: Asked) -> tuple[Array, ...] | None:
    """What a right function returns that takes its upstream gradient last; None where the shapes forbid it."""
    given = [argument.values.astype(float) for argument in one.case.calls[0].arguments]
    if one.case.key.forward == "sigmoid":
        grad_out, out = given
        return (out * grad_out * (1 - grad_out),)
    if len(given) != 3 or len(one.outputs) != 2 or _is_list(one):
        return None
    *given, grad_out = given
    forward = one.outputs[0].forward
    try:
        if np.shape(forward(*given)) != grad_out.shape:
            return None
    except ValueError:
        return None
    return tuple(vjp(forward, given, output.wrt, grad_out)[0] for output in one.outputs)


def _is_multiple(got: Array, slopes: Array) -> bool:
    """Whether `got` is `slopes` over some step, the same for all entries."""
    if got.shape != slopes.shape:
        return False
    factor = float(np.sum(got * slopes) / np.sum(slopes * slopes))
    return bool(np.all(np.abs(got - factor * slopes) <= 1e-6 * np.max(np.abs(got))))


def _flattened(value: Value) -> Value:
    return value if value.data is None else Value("array", (value.data.size,), value.data.reshape(-1))


HABITS: Mapping[str, Shows] = {
    "no-return": no_return,
    "returns-dictionary": returns_dictionary,
    "returns-generator": returns_generator,
    "returns-gradients-too": returns_gradients_too,
    "early-return": early_return,
    "last-parameter-forgotten": last_parameter_forgotten,
    "last-only": last_only,
    "flattened": flattened,
    "every-pair": every_pair,
    "returns-sum": returns_sum,
    "stacked": stacked,
    "loss-and-gradient": loss_and_gradient,
    "output-and-gradient": output_and_gradient,
    "gradient-for-targets": gradient_for_targets,
    "returns-axes-too": returns_axes_too,
    "none-for-input": none_for_input,
    "returns-one-value": returns_one_value,
    "returns-three-values": returns_three_values,
}
"""Each habit with the test whether a reply shows it; the first that all replies show gives the name."""

IN_ALL_CALLS: Mapping[str, Shows] = {
    "one-array": one_array,
    "two-parameters": two_parameters,
    "looked-up-by-value": looked_up_by_value,
    "needs-x": needs_x,
    "argument-order": argument_order,
    "one-hot-expected": one_hot_expected,
    "upstream-per-row": upstream_per_row,
    "numpy-gradient": numpy_gradient,
}
"""The same for habits that may end in exceptions: these must show them, too."""
