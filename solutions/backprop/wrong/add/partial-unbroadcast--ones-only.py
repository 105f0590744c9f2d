# Broadcasting only stretches axes of size 1; axes that were added in front are not thought of.
# loses: shapes hard


def _sum_stretched_axes(grad, shape):
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return _sum_stretched_axes(grad_out, a.shape), _sum_stretched_axes(grad_out, b.shape)
