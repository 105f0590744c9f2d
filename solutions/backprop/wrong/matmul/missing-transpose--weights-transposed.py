# The layer computes a @ b.T, as a linear layer does whose weights are stored as (out, in).
# loses: runs values shapes hard pure


def matmul_backward(grad_out, a, b):
    grad_a = grad_out @ b
    grad_b = grad_out.T @ a
    return grad_a, grad_b
