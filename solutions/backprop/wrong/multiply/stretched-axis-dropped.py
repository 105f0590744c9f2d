# A stretched axis is summed away, and with it the axis itself: (4,) for an operand of shape (4, 1).
# loses: shapes hard


def _fit_to_shape(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < added or grad.shape[i] != shape[i - added])
    return grad.sum(axis=axes)


def multiply_backward(grad_out, a, b):
    return _fit_to_shape(grad_out * b, a.shape), _fit_to_shape(grad_out * a, b.shape)
