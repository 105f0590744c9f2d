# Broadcasting only adds axes in front; an axis of size 1 needs no attention.
# loses: shapes hard


def multiply_backward(grad_out, a, b):
    grad_a = grad_out * b
    while grad_a.ndim > a.ndim:
        grad_a = grad_a.sum(axis=0)
    grad_b = grad_out * a
    while grad_b.ndim > b.ndim:
        grad_b = grad_b.sum(axis=0)
    return grad_a, grad_b
