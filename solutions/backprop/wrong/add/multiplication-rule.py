# Each operand is scaled by the other one: the rule for a product, used for a sum.
# loses: values shapes hard


def _sum_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def add_backward(grad_out, a, b):
    return _sum_to_shape(grad_out * b, a.shape), _sum_to_shape(grad_out * a, b.shape)
