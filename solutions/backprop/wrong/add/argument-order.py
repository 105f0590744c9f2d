# The operands come first and the upstream last, as in (a, b, grad_out).
# loses: values shapes hard


def _sum_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def add_backward(a, b, grad_out):
    return _sum_to_shape(grad_out, a.shape), _sum_to_shape(grad_out, b.shape)
