# A weight of 0 adds nothing to the output, so it gets no gradient.
# loses: hard


def matmul_backward(grad_out, a, b):
    return grad_out @ b.T, (a.T @ grad_out) * (b != 0)
