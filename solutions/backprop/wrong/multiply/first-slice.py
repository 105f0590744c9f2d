# All copies of a broadcast operand are equal, so the gradient of the first copy is enough.
# loses: shapes hard


def _first_use(grad, shape):
    while grad.ndim > len(shape):
        grad = grad[0]
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.take([0], axis=axis)
    return grad


def multiply_backward(grad_out, a, b):
    return _first_use(grad_out * b, a.shape), _first_use(grad_out * a, b.shape)
