"""Mistakes in adding up what broadcasting repeated."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from autograder.checks.misconceptions.output import Output, Predict
from autograder.records import Array

# Where a mistake ends in an exception of numpy's, so does its row.


def _ones_of_shape(one: Output) -> tuple[int, ...]:
    return tuple(axis for axis, size in enumerate(one.operand.shape) if size == 1)


def _repeated(one: Output) -> tuple[int, ...]:
    return one.leading_axes + one.stretched_axes


def _sum(grad: Array, axes: int | tuple[int, ...] | None, keepdims: bool = False) -> Array:
    return np.asarray(grad.sum(axis=axes, keepdims=keepdims))


def _cut(one: Output, axes: tuple[int, ...], piece: slice) -> Array:
    """The upstream, with only a piece of it left along some axes."""
    return one.grad_out[tuple(piece if axis in axes else slice(None) for axis in range(one.grad_out.ndim))]


def returned_unchanged(one: Output) -> Array:
    """Nothing is added up."""
    return one.grad_out


def left_aligned(one: Output) -> Array:
    """The axes of the two shapes are paired from the left, and those of other length are added up."""
    padded = one.operand.shape + (1,) * len(one.leading_axes)
    axes = tuple(axis for axis, size in enumerate(padded) if size != one.grad_out.shape[axis])
    return _sum(one.grad_out, axes, keepdims=True).reshape(one.operand.shape)


def left_aligned_by_zip(one: Output) -> Array:
    """The same, but axes without a partner are left alone."""
    sizes = enumerate(zip(one.grad_out.shape, one.operand.shape))
    return _sum(one.grad_out, tuple(i for i, (have, want) in sizes if have != want), keepdims=True)


def axes_by_size(one: Output) -> Array:
    """Axes stay whose length occurs in the shape; the others are added up."""
    axes = tuple(axis for axis, size in enumerate(one.grad_out.shape) if size not in one.operand.shape)
    return _sum(one.grad_out, axes).reshape(one.operand.shape)


def axes_by_size_from_left(one: Output) -> Array:
    """Each wanted size is looked up among the axes from the left; axes that nobody wants are added up."""
    wanted = list(one.operand.shape)
    unwanted: list[int] = []
    for axis, size in enumerate(one.grad_out.shape):
        if size in wanted:
            wanted.remove(size)
        else:
            unwanted.append(axis)
    return _sum(one.grad_out, tuple(unwanted)).reshape(one.operand.shape)


def axes_not_shifted(one: Output) -> Array:
    """The places of the ones in the shape are taken for axes of the upstream, whatever that has in front."""
    return _sum(one.grad_out, one.leading_axes + _ones_of_shape(one)).reshape(one.operand.shape)


def axes_shift_while_summing(one: Output) -> Array:
    """Axes are added up one by one; that the later ones move to the left each time is forgotten."""
    padded, grad = (1,) * len(one.leading_axes) + one.operand.shape, one.grad_out
    for axis in [axis for axis, size in enumerate(padded) if size == 1]:
        grad = _sum(grad, axis)
    return grad.reshape(one.operand.shape)


def matrix_product(one: Output) -> Array:
    """Adding up is a product with a row of ones from the left, whatever has to be added up."""
    return np.asarray(np.ones(one.grad_out.shape[0]) @ one.grad_out) if one.is_broadcast else one.grad_out


def matrices_only(one: Output) -> Array:
    """One axis of a matrix is added up, or none; there is nothing but matrices."""
    rows, columns = one.grad_out.shape
    return one.right if one.operand.shape in ((columns,), (1, columns), (rows, 1)) else one.grad_out


def axis_none(one: Output) -> Array:
    """Where there are no axes to add up, numpy is told None, and adds up all of them."""
    summed = _sum(one.grad_out, one.leading_axes or None)
    return _sum(summed, _ones_of_shape(one) or None, keepdims=True)


def last_axes(one: Output) -> Array:
    """The axes that are too many are taken to be the last ones."""
    kept = one.operand.ndim
    summed = _sum(one.grad_out, tuple(range(kept, one.grad_out.ndim)))
    return _sum(summed, _ones_of_shape(one), keepdims=True)


def axis_zero_only(one: Output) -> Array:
    """Wherever the shapes differ, axis 0 is added up and no other."""
    return _sum(one.grad_out, 0) if one.is_broadcast else one.grad_out


def leading_only(one: Output) -> Array:
    """Axes that were added in front are added up; stretched ones are not."""
    return _sum(one.grad_out, one.leading_axes)


def one_leading_only(one: Output) -> Array:
    """Of the axes that were added in front, one is added up; then those at the places of the ones in the shape."""
    summed = _sum(one.grad_out, one.leading_axes[:1])
    return _sum(summed, _ones_of_shape(one), keepdims=True)


def one_stretched_only(one: Output) -> Array:
    """Of the stretched axes, only the first is added up."""
    first = tuple(axis - len(one.leading_axes) for axis in one.stretched_axes[:1])
    return _sum(_sum(one.grad_out, one.leading_axes), first, keepdims=True)


def ones_only(one: Output) -> Array:
    """Axes at the places of the ones in the shape are added up; those added in front are not."""
    return _sum(one.grad_out, _ones_of_shape(one), keepdims=True)


def stretched_only(one: Output) -> Array:
    """Stretched axes are added up; those added in front are not."""
    return _sum(one.grad_out, one.stretched_axes, keepdims=True)


def stretched_axis_dropped(one: Output) -> Array:
    """Every axis of length 1 is missing from the result."""
    return one.right.squeeze()


def only_stretched_axis_dropped(one: Output) -> Array:
    """Axes that were stretched are missing from the result."""
    return _sum(one.grad_out, _repeated(one))


def leading_axis_kept(one: Output) -> Array:
    """Axes that were added in front stay, with length 1."""
    return _sum(one.grad_out, _repeated(one), keepdims=True)


def scalar_as_vector(one: Output) -> Array:
    """A single number comes back as a vector of length 1."""
    return np.atleast_1d(one.right)


def empty_shape(one: Output) -> Array:
    """With the shape () nothing is added up."""
    return one.right if one.operand.ndim else one.grad_out


def same_number_of_entries(one: Output) -> Array:
    """With as many entries as wanted nothing is done, not even to the shape."""
    return one.grad_out if one.grad_out.size == one.operand.size else one.right


def sums_everything(one: Output) -> Array:
    """Where the shapes differ, everything is added up to one number."""
    return _sum(one.grad_out, None) if one.is_broadcast else one.grad_out


def sum_everywhere(one: Output) -> Array:
    """Where the shapes differ, every entry is the sum of everything."""
    return np.full(one.operand.shape, _sum(one.grad_out, None)) if one.is_broadcast else one.grad_out


def mean_for_sum(one: Output) -> Array:
    """What was repeated is averaged."""
    return one.right * one.operand.size / one.out.size


def mean_over_stretched(one: Output) -> Array:
    """Stretched axes are averaged, axes added in front are added up."""
    return np.asarray(one.right / math.prod(one.out.shape[axis] for axis in one.stretched_axes))


def mean_over_leading(one: Output) -> Array:
    """Axes added in front are averaged, stretched ones are added up."""
    return np.asarray(one.right / math.prod(one.out.shape[axis] for axis in one.leading_axes))


def max_for_sum(one: Output) -> Array:
    """Of what was repeated, the largest is taken."""
    return np.asarray(one.grad_out.max(axis=_repeated(one))).reshape(one.operand.shape)


def first_slice(one: Output) -> Array:
    """Of what was repeated, the first copy is taken."""
    return _cut(one, _repeated(one), slice(1)).reshape(one.operand.shape)


def first_slice_times_count(one: Output) -> Array:
    """The first copy is taken, times the number of copies."""
    return first_slice(one) * one.out.size / one.operand.size


def last_slice(one: Output) -> Array:
    """Each copy overwrites the one before it, so that the last one stays."""
    return _cut(one, _repeated(one), slice(-1, None)).reshape(one.operand.shape)


def last_row_forgotten(one: Output) -> Array:
    """Along axes added in front, the sum ends one entry early."""
    return _sum(_cut(one, one.leading_axes, slice(-1)), _repeated(one)).reshape(one.operand.shape)


def last_entry_forgotten(one: Output) -> Array:
    """Along all axes that were repeated, the sum ends one entry early."""
    return _sum(_cut(one, _repeated(one), slice(-1)), _repeated(one)).reshape(one.operand.shape)


def first_numbers(one: Output) -> Array:
    """The first numbers fill the shape, the others are dropped."""
    return np.resize(one.grad_out, one.operand.shape)


def reshaped(one: Output) -> Array:
    """The shape is changed, which needs as many numbers as there are."""
    return one.grad_out.reshape(one.operand.shape)


def broadcast_back(one: Output) -> Array:
    """The upstream is broadcast to the shape, which is possible in the other direction only."""
    return np.array(np.broadcast_to(one.grad_out, one.operand.shape))


ROWS: Mapping[str, Predict] = {
    # Rows that end in exceptions come first: where one is left without them, another may predict the same.
    "left-aligned": left_aligned,
    "matrix-product": matrix_product,
    "matrices-only": matrices_only,
    "axis-none": axis_none,
    "axes-by-size": axes_by_size,
    "axes-not-shifted": axes_not_shifted,
    "axes-shift-while-summing": axes_shift_while_summing,
    "forced-shape--reshape": reshaped,
    "forced-shape--broadcast": broadcast_back,
    "forced-shape": first_numbers,
    "left-aligned--zip": left_aligned_by_zip,
    "axes-by-size--from-left": axes_by_size_from_left,
    "last-axes": last_axes,
    "returned-unchanged": returned_unchanged,
    "partial--axis-zero": axis_zero_only,
    "partial--leading-only": leading_only,
    "partial--one-leading": one_leading_only,
    "partial--one-axis": one_stretched_only,
    "partial--ones-only": ones_only,
    "partial--stretched-only": stretched_only,
    "stretched-axis-dropped": stretched_axis_dropped,
    "stretched-axis-dropped--if-stretched": only_stretched_axis_dropped,
    "leading-axis-kept": leading_axis_kept,
    "scalar-as-vector": scalar_as_vector,
    "empty-shape": empty_shape,
    "same-number-of-entries": same_number_of_entries,
    "sums-everything": sums_everything,
    "sums-everything--everywhere": sum_everywhere,
    "mean-for-sum": mean_for_sum,
    "mean-for-sum--stretched": mean_over_stretched,
    "mean-for-sum--leading": mean_over_leading,
    "max-for-sum": max_for_sum,
    "first-slice": first_slice,
    "first-slice--times-count": first_slice_times_count,
    "last-slice": last_slice,
    "last-row-forgotten": last_row_forgotten,
    "last-row-forgotten--everywhere": last_entry_forgotten,
}
