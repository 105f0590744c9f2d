# Axis 0 is the batch, so whenever the shapes differ, axis 0 is the one to sum.
# loses: shapes hard


def multiply_backward(grad_out, a, b):
    grad_a = grad_out * b
    grad_b = grad_out * a
    if a.shape != grad_a.shape:
        grad_a = grad_a.sum(axis=0)
    if b.shape != grad_b.shape:
        grad_b = grad_b.sum(axis=0)
    return grad_a, grad_b
