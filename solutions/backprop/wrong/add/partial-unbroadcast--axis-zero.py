# Axis 0 is the batch, so whenever the shapes differ, axis 0 is the one to sum.
# loses: shapes hard


def add_backward(grad_out, a, b):
    grad_a, grad_b = grad_out, grad_out
    if grad_a.shape != a.shape:
        grad_a = grad_a.sum(axis=0)
    if grad_b.shape != b.shape:
        grad_b = grad_b.sum(axis=0)
    return grad_a, grad_b
