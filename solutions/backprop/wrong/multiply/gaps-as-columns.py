# Where neighbours in a row lie apart, columns must lie together; a view with gaps is neither.
# loses: hard

import numpy as np


def _fit_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def _row_by_row(array):
    array = np.asarray(array)
    if array.ndim < 2 or array.strides[-1] == array.itemsize:
        return array
    return array.ravel(order="K").reshape(array.shape, order="F")


def multiply_backward(grad_out, a, b):
    grad_out, left, right = _row_by_row(grad_out), _row_by_row(a), _row_by_row(b)
    grad_a, grad_b = np.asarray(grad_out * right), np.asarray(grad_out * left)
    return _fit_to_shape(grad_a, a.shape), _fit_to_shape(grad_b, b.shape)
