# The bigger operand is b: grad_a is summed to its shape, grad_b is passed through.
# loses: shapes hard


def add_backward(grad_out, a, b):
    grad_a = grad_out
    while grad_a.ndim > a.ndim:
        grad_a = grad_a.sum(axis=0)
    for axis, size in enumerate(a.shape):
        if size == 1:
            grad_a = grad_a.sum(axis=axis, keepdims=True)
    grad_b = grad_out
    return grad_a, grad_b
