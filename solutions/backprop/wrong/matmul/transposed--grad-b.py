# Weights are stored as (out, in), so grad_b is returned that way round.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    grad_a = grad_out @ b.T
    grad_b = grad_out.T @ a
    return grad_a, grad_b
