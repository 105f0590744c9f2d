# The second operand is treated as a divisor: its gradient is -a / b**2 times the upstream.
# loses: values shapes hard


def _fit_to_shape(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(range(added)) + tuple(added + i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=axes).reshape(shape)


def multiply_backward(grad_out, a, b):
    grad_a = _fit_to_shape(grad_out / b, a.shape)
    grad_b = _fit_to_shape(-grad_out * a / b**2, b.shape)
    return grad_a, grad_b
