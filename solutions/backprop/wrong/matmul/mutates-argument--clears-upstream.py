# An upstream gradient that has been passed on is set to zero, so that it is not used twice.
# loses: hard pure


def matmul_backward(grad_out, a, b):
    grad_a = grad_out @ b.T
    grad_b = a.T @ grad_out
    grad_out.fill(0)
    return grad_a, grad_b
