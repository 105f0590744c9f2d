# Only b is ever stretched, so only grad_b has to be summed.
# loses: shapes hard


def _sum_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return grad_out, _sum_to_shape(grad_out, b.shape)
