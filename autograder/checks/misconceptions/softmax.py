"""Mistakes with softmax and cross-entropy together.

The right gradient is `grad_out * (probs - one_hot) / N`. Most mistakes put something else in the place of one of these
four, and many students make two at once; so the rows are made of three tables: what is taken for the softmax, what
stands in the place of `probs - one_hot`, and what this is multiplied by.

Rows for numbers that overflow compute in the dtype that the student is given, in the student's order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array

Softmax = Callable[[Array], Array]
"""What is taken for the softmax of logits (N, V)."""

Error = Callable[[Output], Array]
"""What stands in the place of `probs - one_hot`."""


def logits_of(one: Output) -> Array:
    """The logits with the dtype that the student is given."""
    return next((argument.values for argument in one.arguments if argument.values.ndim == 2), one.operand)


def targets_of(one: Output) -> Array:
    """The targets with the dtype that the student is given."""
    return next((argument.values for argument in one.arguments if argument.values.ndim == 1), one.other)


def labels_of(one: Output) -> Array:
    """The targets as numbers that numpy indexes with."""
    return one.other.astype(int)


def one_hot(one: Output) -> Array:
    """The targets as one-hot rows, (N, V)."""
    return np.asarray(np.eye(one.operand.shape[1])[labels_of(one)])


def softmax(logits: Array) -> Array:
    """The right softmax, in the dtype of the logits."""
    return over_rows(np.exp(logits - logits.max(axis=1, keepdims=True)))


def over_rows(exps: Array) -> Array:
    """Each row divided by its sum."""
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def probs(one: Output) -> Array:
    """The right probabilities, (N, V)."""
    return softmax(logits_of(one))


def right_error(one: Output) -> Array:
    """What the right gradient has in the place of a mistake: `probs - one_hot`."""
    return probs(one) - one_hot(one)


# ---- another softmax, which shows in ordinary numbers ------------------------------------------------------


def powers_of_two(logits: Array) -> Array:
    """The base is 2 in the place of e."""
    return softmax(logits * math.log(2.0))


def column_maximum(logits: Array) -> Array:
    """The maximum is taken down the columns, so each class is shifted by another number."""
    return over_rows(np.exp(logits - logits.max(axis=0)))


def half_shifted(logits: Array) -> Array:
    """The maximum is subtracted above the fraction bar and not below."""
    return np.asarray(np.exp(logits - logits.max(axis=1, keepdims=True)) / np.exp(logits).sum(axis=1, keepdims=True))


def shifted_below_only(logits: Array) -> Array:
    """The maximum is subtracted below the fraction bar and not above."""
    return np.asarray(np.exp(logits) / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))


def sums_without_keepdims(logits: Array) -> Array:
    """The row sums are lined up with the columns."""
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum(axis=1))


def maxima_without_keepdims(logits: Array) -> Array:
    """The row maxima are lined up with the columns."""
    return over_rows(np.exp(logits - logits.max(axis=1)))


def both_without_keepdims(logits: Array) -> Array:
    """Row maxima and row sums are lined up with the columns."""
    exps = np.exp(logits - logits.max(axis=1))
    return np.asarray(exps / exps.sum(axis=1))


def unshifted_sums_without_keepdims(logits: Array) -> Array:
    """The row sums are lined up with the columns, and nothing is subtracted."""
    return np.asarray(np.exp(logits) / np.exp(logits).sum(axis=1))


def sigmoids(logits: Array) -> Array:
    """Each logit goes through a sigmoid."""
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))


def over_batch(logits: Array) -> Array:
    """The softmax runs over the examples."""
    return np.asarray(softmax(logits.T).T)


def over_everything(logits: Array) -> Array:
    """One sum is taken over the whole batch."""
    exps = np.exp(logits - logits.max())
    return np.asarray(exps / exps.sum())


def over_everything_after_rows(logits: Array) -> Array:
    """Each row is shifted by its own maximum, and one sum is taken over the whole batch."""
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum())


def no_normalisation(logits: Array) -> Array:
    """The exponentials are not divided by their sum."""
    return np.exp(logits)


def no_normalisation_after_shift(logits: Array) -> Array:
    """The maximum is subtracted, and the exponentials are not divided by their sum."""
    return np.asarray(np.exp(logits - logits.max(axis=1, keepdims=True)))


def twice(logits: Array) -> Array:
    """The softmax is taken of the probabilities once more."""
    return softmax(softmax(logits))


def log_probs(logits: Array) -> Array:
    """Log-probabilities stand where probabilities belong."""
    return np.log(softmax(logits))


def negative_logits(logits: Array) -> Array:
    """The exponent is minus the logit, as in a sigmoid."""
    return softmax(-logits)


SOFTMAXES: Mapping[str, Softmax] = {
    "base-two--softmax": powers_of_two,
    "column-maximum": column_maximum,
    "half-shifted": half_shifted,
    "half-shifted--below": shifted_below_only,
    "missing-keepdims": sums_without_keepdims,
    "missing-keepdims--maximum": maxima_without_keepdims,
    "missing-keepdims--both": both_without_keepdims,
    "missing-keepdims--unshifted": unshifted_sums_without_keepdims,
    "sigmoid-for-softmax": sigmoids,
    "softmax-over-batch": over_batch,
    "softmax-over-everything": over_everything,
    "softmax-over-everything--rows-shifted": over_everything_after_rows,
    "softmax-twice": twice,
    "logits-as-probs": np.asarray,
    "no-exp": over_rows,
    "no-normalisation": no_normalisation,
    "no-normalisation--shifted": no_normalisation_after_shift,
    "log-probs-for-probs": log_probs,
    "negative-logits": negative_logits,
}


# ---- another softmax, which shows in large logits only -----------------------------------------------------


def unshifted(logits: Array) -> Array:
    """exp of the logits as they are."""
    return over_rows(np.exp(logits))


def unshifted_logarithm(logits: Array) -> Array:
    """The logarithm of the sum of exp is subtracted, and that sum overflows."""
    return np.asarray(np.exp(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))))


def unshifted_without_nan(logits: Array) -> Array:
    """exp of the logits as they are, and nan is replaced by 0."""
    return np.nan_to_num(unshifted(logits))


def one_by_one(logits: Array) -> Array:
    """exp of each logit by itself, as a Python number: this raises where numpy returns inf."""
    return over_rows(np.array([[math.exp(logit) for logit in row] for row in logits]))


def one_by_one_divided(logits: Array) -> Array:
    """The same, and the division raises as well where numpy returns nan."""
    rows = [[math.exp(logit) for logit in row] for row in logits]
    return np.array([[exp / sum(row) for exp in row] for row in rows])


def global_maximum(logits: Array) -> Array:
    """The maximum of the whole batch is subtracted from every row."""
    return over_rows(np.exp(logits - logits.max()))


def row_mean_shift(logits: Array) -> Array:
    """The mean of each row is subtracted from it."""
    return over_rows(np.exp(logits - logits.mean(axis=1, keepdims=True)))


def row_sum_shift(logits: Array) -> Array:
    """The sum of each row is subtracted from it."""
    return over_rows(np.exp(logits - logits.sum(axis=1, keepdims=True)))


def shifted_down_only(logits: Array) -> Array:
    """Only rows whose maximum is above 0 are shifted."""
    return over_rows(np.exp(logits - np.maximum(logits.max(axis=1, keepdims=True), 0)))


def shifted_beyond(limit: float) -> Softmax:
    """The rows are shifted only if some logit lies beyond a limit."""
    return lambda logits: (softmax if np.abs(logits).max() > limit else unshifted)(logits)


def clipped_to(limit: float, then: Softmax) -> Softmax:
    """Logits beyond a limit, on either side, are moved to it."""
    return lambda logits: then(np.clip(logits, -limit, limit))


def clipped_above(limit: float, then: Softmax) -> Softmax:
    """Logits above a limit are moved to it."""
    return lambda logits: then(np.minimum(logits, limit))


def clipped_below(limit: float) -> Softmax:
    """Logits far below the largest of their row are moved nearer."""
    return lambda logits: over_rows(np.exp(np.maximum(logits - logits.max(axis=1, keepdims=True), -limit)))


LIMITS = (5, 10, 15, 20, 25, 30, 40, 50, 60, 64, 80, 85, 88, 100, 200, 250, 300, 500, 600, 700, 709)
"""Where logits are usually clipped: round numbers, and where exp overflows in float32 and float64."""

DISTANCES = (1, 2, 3, 5, 8, 10)
"""How far below the largest of its row a logit may stay: beyond these, its probability is too small to matter."""

OVERFLOWS = (500, 600, 700, 709, 710)
"""From where on students expect an overflow."""

SHIFTS: Mapping[str, Softmax] = {
    "nan-large-logits": unshifted,
    "nan-large-logits--logarithm": unshifted_logarithm,
    "global-maximum": global_maximum,
    "row-mean-shift": row_mean_shift,
    "row-sum-shift": row_sum_shift,
}

UNSTABLE: Mapping[str, Softmax] = {
    **SHIFTS,
    "nan-large-logits--nan-to-num": unshifted_without_nan,
    "shifted-down-only": shifted_down_only,
    **{f"clipped-logits--{limit}": clipped_to(limit, unshifted) for limit in LIMITS},
    **{f"clipped-logits--{limit}-then-shifted": clipped_to(limit, softmax) for limit in LIMITS},
    **{f"clipped-logits--above-{limit}": clipped_above(limit, unshifted) for limit in LIMITS},
    **{f"clipped-logits--above-{limit}-then-shifted": clipped_above(limit, softmax) for limit in LIMITS},
    **{f"clipped-logits--below-{limit}": clipped_below(limit) for limit in DISTANCES},
}

ANY_DTYPE: Mapping[str, Softmax] = {
    **{f"shifted-when-needed--{limit}": shifted_beyond(limit) for limit in OVERFLOWS},
    "nan-large-logits--one-by-one": one_by_one,
    "nan-large-logits--one-by-one-divided": one_by_one_divided,
}
"""Those that are right in float64, or the same in all types."""


# ---- something else in the place of probs - one_hot --------------------------------------------------------


def error_of(other: Softmax) -> Error:
    """The error with another softmax."""
    return lambda one: other(logits_of(one)) - one_hot(one)


def binary_cross_entropy(one: Output) -> Array:
    """Each class is a yes-or-no question, so the error is divided by p * (1 - p)."""
    return right_error(one) / (probs(one) * (1.0 - probs(one)))


def jacobian_diagonal(one: Output) -> Array:
    """Only the diagonal of the softmax Jacobian is used, so only the target has a gradient."""
    return one_hot(one) * right_error(one)


def jacobian_sign(one: Output) -> Array:
    """The entries of the Jacobian off the diagonal have the wrong sign."""
    return np.where(one_hot(one) == 1, right_error(one), -probs(one))


def jacobian_of_batch(one: Output) -> Array:
    """One Jacobian is made for the flattened batch, so that examples influence each other."""
    return len(one.operand) * probs(one) - one_hot(one)


def zeros(one: Output) -> Array:
    """The rows of the Jacobian are added up before they are multiplied, and each has the sum 0."""
    return np.zeros(one.operand.shape)


def stops_at_probs(one: Output) -> Array:
    """The gradient of the probabilities is returned."""
    return -one_hot(one) / probs(one)


def slope_added(one: Output) -> Array:
    """The slope p * (1 - p) is multiplied in once more."""
    return right_error(one) * probs(one) * (1.0 - probs(one))


def smoothed(share: float) -> Error:
    """A share of the target is spread over all classes."""
    return lambda one: probs(one) - (1.0 - share) * one_hot(one) - share / one.operand.shape[1]


def smoothed_over_others(share: float) -> Error:
    """A share of the target is spread over the other classes."""

    def error(one: Output) -> Array:
        others = 1.0 - one_hot(one)
        return np.asarray(probs(one) - (1.0 - share) * one_hot(one) - share * others / (one.operand.shape[1] - 1))

    return error


def no_one_hot(one: Output) -> Array:
    """The targets are not used."""
    return probs(one)


def one_hot_only(one: Output) -> Array:
    """The probabilities are not used."""
    return -one_hot(one)


def one_hot_added(one: Output) -> Array:
    """The one-hot is added to the probabilities."""
    return probs(one) + one_hot(one)


def classes_from_one(one: Output) -> Array:
    """The column of a target is taken to be target - 1."""
    return np.asarray(probs(one) - np.eye(one.operand.shape[1])[labels_of(one) - 1])


def predicted_class(one: Output) -> Array:
    """The 1 is subtracted at the largest probability."""
    return np.asarray(probs(one) - np.eye(one.operand.shape[1])[probs(one).argmax(axis=1)])


def targets_as_numbers(one: Output) -> Array:
    """The number of the class is subtracted from the whole row."""
    return probs(one) - one.other[:, None]


def targets_as_row(one: Output) -> Array:
    """The targets are taken for one-hot rows, and numpy lines them up with the columns."""
    return probs(one) - one.other


def targets_as_rows(one: Output) -> Array:
    """The targets index the rows."""
    error = probs(one)
    error[labels_of(one)] -= 1
    return error


def targets_from_every_row(one: Output) -> Array:
    """In every row 1 is subtracted at the targets of all rows."""
    error = probs(one)
    error[:, labels_of(one)] -= 1
    return error


def targets_counted(one: Output) -> Array:
    """From every row the number of targets of each class is subtracted."""
    return np.asarray(probs(one) - one_hot(one).sum(axis=0))


def largest_target(one: Output) -> Array:
    """There are as many classes as the largest target says."""
    return probs(one) - np.eye(labels_of(one).max() + 1)[labels_of(one)]


def different_targets(one: Output) -> Array:
    """There are as many classes as different targets."""
    return probs(one) - np.eye(len(np.unique(labels_of(one))))[labels_of(one)]


def transposed(one: Output) -> Array:
    """Examples are taken for columns."""
    return np.asarray(right_error(one).T)


def first_row_only(one: Output) -> Array:
    """The loop ends in its first round."""
    return np.asarray(right_error(one) * (np.arange(len(one.operand)) == 0)[:, None])


def last_row_forgotten(one: Output) -> Array:
    """The loop ends one row early."""
    return right_error(one) * (np.arange(len(one.operand)) < len(one.operand) - 1)[:, None]


def rows_added_up(one: Output) -> Array:
    """The rows of the batch are put together into one."""
    return np.asarray(right_error(one).sum(axis=0))


SHARES = (0.01, 0.05, 0.1, 0.2)
"""The usual shares of label smoothing."""

ERRORS: Mapping[str, Error] = {
    **{id: error_of(other) for id, other in SOFTMAXES.items()},
    "binary-cross-entropy": binary_cross_entropy,
    "jacobian-diagonal": jacobian_diagonal,
    "jacobian-sign": jacobian_sign,
    "jacobian-of-batch": jacobian_of_batch,
    "stops-at-probs": stops_at_probs,
    "sigmoid-slope-added": slope_added,
    "no-onehot": no_one_hot,
    "onehot-only": one_hot_only,
    "onehot-added": one_hot_added,
    "classes-from-one": classes_from_one,
    "classes-counted-from-targets": largest_target,
    "classes-counted-from-targets--different": different_targets,
    "predicted-class": predicted_class,
    "targets-as-numbers": targets_as_numbers,
    "one-hot-expected": targets_as_row,
    "targets-as-rows": targets_as_rows,
    "targets-from-every-row": targets_from_every_row,
    "targets-from-every-row--counted": targets_counted,
    "transposed": transposed,
    "returned-inside-loop": first_row_only,
    "last-row-forgotten": last_row_forgotten,
    "mean-of-rows": rows_added_up,
    **{f"label-smoothing--{share}": smoothed(share) for share in SHARES},
    **{f"label-smoothing--others-{share}": smoothed_over_others(share) for share in SHARES},
}


# ---- something else that it is multiplied by ---------------------------------------------------------------

Factor = Callable[[int, int], float]
"""What stands in the place of 1 / N, for N examples of V classes."""


def over_constant(size: int) -> Factor:
    """Every batch is taken to have the same size."""
    return lambda N, V: 1.0 / size


BATCH_SIZES = (*range(2, 13), 16, 20, 24, 25, 30, 32, 40, 50, 64, 100, 128, 256, 512, 1000, 1024)

FACTORS: Mapping[str, Factor] = {
    "not-mean": lambda N, V: 1.0,
    "mean-over-classes": lambda N, V: 1.0 / V,
    "mean-over-entries": lambda N, V: 1.0 / (N * V),
    "mean-twice": lambda N, V: 1.0 / N**2,
    "batch-multiplied": lambda N, V: float(N),
    "squared-error": lambda N, V: 2.0 / N,
    "squared-error--not-mean": lambda N, V: 2.0,
    "base-two": lambda N, V: 1.0 / (N * math.log(2.0)),
    "base-two--inverse": lambda N, V: math.log(2.0) / N,
    "base-two--not-mean": lambda N, V: 1.0 / math.log(2.0),
    **{f"constant-batch-size--{size}": over_constant(size) for size in BATCH_SIZES},
}

MEANS: Mapping[str, Factor] = {
    "": lambda N, V: 1.0 / N,
    **{f"--{id}": FACTORS[id] for id in ("not-mean", "mean-over-classes", "mean-over-entries", "squared-error")},
}
"""What a wrong error is multiplied by: the right 1 / N, or a usual mistake."""

UPSTREAMS: Mapping[str, Callable[[Array], Array]] = {"": np.asarray, "--no-upstream": np.ones_like}

SIGNS: Mapping[str, float] = {"": 1.0, "--sign": -1.0}


def row_of(
    error: Error, factor: Factor = MEANS[""], upstream: Callable[[Array], Array] = UPSTREAMS[""], sign: float = 1.0
) -> Predict:
    """The row of what is returned with this error, this factor, this in the place of the upstream, and this sign."""
    return lambda one: sign * upstream(one.grad_out) * error(one) * factor(*one.operand.shape)


# ---- other results -----------------------------------------------------------------------------------------


def loss_itself(one: Output) -> Array:
    """The loss is returned."""
    return one.grad_out * one.out


def loss_without_upstream(one: Output) -> Array:
    """The loss is returned, and the upstream is not used."""
    return one.out


def result_without_nan(one: Output) -> Array:
    """exp of the logits as they are, and nan in the result is replaced by 0."""
    return np.nan_to_num(one.grad_out * error_of(unshifted)(one) / len(one.operand))


def wrapped_one_hot(one: Output) -> Array:
    """The one-hot has the dtype of the targets, where minus 1 may be 255."""
    negative = -one_hot(one).astype(targets_of(one).dtype)
    return np.asarray(one.grad_out * (negative + probs(one)) / len(one.operand))


# ---- first through the logarithm, then through the softmax -------------------------------------------------

Chain = Callable[[Array, Array], Array]
"""What stands in the place of `probs - one_hot`, made from both by two local derivatives that are multiplied."""


def by_jacobian(p: Array, hot: Array) -> Array:
    """-1 / p of the target times its row of the Jacobian."""
    target = p[hot == 1][:, None]
    return np.asarray((hot.astype(p.dtype) * target - target * p) * (-1 / target))


def by_factors(p: Array, hot: Array) -> Array:
    """The same, multiplied in another order."""
    target = p[hot == 1][:, None]
    return np.asarray(target * (hot - p) * (-1 / target))


def by_quotients(p: Array, hot: Array, divisor: Array | None = None) -> Array:
    """The one-hot is divided by all probabilities, so that each 0 among them spoils its row."""
    grad_probs = -hot / (p if divisor is None else divisor)
    return np.asarray(p * (grad_probs - np.sum(grad_probs * p, axis=1, keepdims=True)))


def by_quotients_like_probs(p: Array, hot: Array) -> Array:
    """The same with a one-hot made like the probabilities, which may be float32."""
    return by_quotients(p, hot.astype(p.dtype))


def by_target(p: Array, hot: Array) -> Array:
    """-1 / p is put in at the target only."""
    grad_probs = np.where(hot == 1, -1 / p, 0).astype(float)
    return np.asarray(p * (grad_probs - np.sum(grad_probs * p, axis=1, keepdims=True)))


def by_binary_slopes(p: Array, hot: Array) -> Array:
    """Yes-or-no slopes times the diagonal of the Jacobian: all cancels but 0 / 0."""
    return np.asarray(((1 - hot) / (1 - p) - hot / p) * (p * (1 - p)))


CHAINS: Mapping[str, Chain] = {
    "": by_jacobian,
    "--factors": by_factors,
    "--quotients": by_quotients,
    "--quotients-like-probs": by_quotients_like_probs,
    "--target": by_target,
    "--binary": by_binary_slopes,
}


def chained(chain: Chain, other: Softmax = softmax) -> Error:
    """The error of a chain through these probabilities."""
    return lambda one: chain(other(logits_of(one)), one_hot(one))


def with_epsilon(epsilon: float) -> Error:
    """A small number is added to the probability that the target's gradient is divided by."""
    return lambda one: by_quotients(probs(one), one_hot(one), probs(one) + epsilon)


def with_epsilon_after_mean(epsilon: float) -> Error:
    """A small number is added to N times that probability."""
    return lambda one: by_quotients(probs(one), one_hot(one), probs(one) + epsilon / len(one.operand))


def kept_above(smallest: float) -> Error:
    """The probability is kept above a small number before it divides."""
    return lambda one: by_quotients(probs(one), one_hot(one), np.maximum(probs(one), smallest))


def no_slope_below(smallest: float) -> Error:
    """The loss is clipped where the target's probability is small, and a clipped loss has no slope."""

    def error(one: Output) -> Array:
        target = probs(one)[one_hot(one) == 1][:, None]
        return np.asarray(right_error(one) * (target > smallest))

    return error


VISIBLE = {f"1e-{digits}": 10.0**-digits for digits in range(3, 11)}
"""Small numbers that change a probability of 1e-6, the smallest one that is drawn apart from 0."""

TINY = {f"1e-{digits}": 10.0**-digits for digits in (*range(11, 17), 20, 30, 100, 300)}
"""Smaller ones, which show only where a probability is 0: there, adding one and keeping above one are the same."""

CHAINED: Mapping[str, Error] = {
    **{f"divides-by-zero-probability{id}": chained(chain) for id, chain in CHAINS.items()},
    **{
        f"divides-by-zero-probability{id}--{shift}": chained(chain, other)
        for shift, other in SHIFTS.items()
        for id, chain in CHAINS.items()
    },
}

GUARDED: Mapping[str, Error] = {
    **{f"clipped-probability--{id}": kept_above(smallest) for id, smallest in {**VISIBLE, **TINY}.items()},
    **{f"clipped-probability--added-{id}": with_epsilon(epsilon) for id, epsilon in TINY.items()},
    **{f"clipped-probability--flat-{id}": no_slope_below(smallest) for id, smallest in {"0": 0.0, **VISIBLE}.items()},
    **{f"epsilon-in-denominator--{id}": with_epsilon(epsilon) for id, epsilon in VISIBLE.items()},
    **{f"epsilon-in-denominator--after-mean-{id}": with_epsilon_after_mean(epsilon) for id, epsilon in VISIBLE.items()},
}


# ---- the rows ----------------------------------------------------------------------------------------------


def in_double(row: Predict) -> Predict:
    """The same in float64, whatever the arguments are: a student who converts them first overflows later."""
    return lambda one: row(replace(one, arguments=()))


LARGE_LOGITS: Mapping[str, Predict] = {
    **{id: row_of(error_of(other)) for id, other in UNSTABLE.items()},
    **{id: row_of(error) for id, error in CHAINED.items()},
    "nan-large-logits--result-nan-to-num": result_without_nan,
}
"""Right, unless a logit is large or a probability is small."""

SINGLE: Mapping[str, Predict] = {
    **{id: row_of(error) for id, error in ERRORS.items()},
    **{id: row_of(right_error, factor) for id, factor in FACTORS.items()},
    "zeros": row_of(zeros),
    "loss-instead-of-gradient": loss_itself,
    "loss-instead-of-gradient--no-upstream": loss_without_upstream,
    "unsigned-one-hot": wrapped_one_hot,
    **{id: row_of(error_of(other)) for id, other in ANY_DTYPE.items()},
    **{id: row_of(error) for id, error in GUARDED.items()},
    **LARGE_LOGITS,
    **{f"{id}--double": in_double(row) for id, row in LARGE_LOGITS.items()},
}
"""One mistake each."""

COMBINED: Mapping[str, Predict] = {
    **{
        f"{id}{after}": row_of(right_error, factor, upstream)
        for id, factor in FACTORS.items()
        for after, upstream in UPSTREAMS.items()
    },
    **{
        f"sign--{id}{after}": row_of(right_error, factor, upstream, -1.0)
        for id, factor in {"mean": MEANS[""], **FACTORS}.items()
        for after, upstream in UPSTREAMS.items()
    },
    **{
        f"{id}{mean}{after}{negated}": row_of(error, factor, upstream, sign)
        for id, error in ERRORS.items()
        for mean, factor in MEANS.items()
        for after, upstream in UPSTREAMS.items()
        for negated, sign in SIGNS.items()
    },
}
"""Up to three mistakes at once, named by the one that says most. What is said of it holds without the others, too."""

ROWS: Mapping[str, Predict] = {**SINGLE, **{id: row for id, row in COMBINED.items() if id not in SINGLE}}
"""Single mistakes come first: where one explains the numbers, nobody made two."""
