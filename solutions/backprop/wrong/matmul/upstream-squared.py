# The upstream is multiplied by itself before it goes through the matrices.
# loses: values shapes hard


def matmul_backward(grad_out, a, b):
    grad_out = grad_out * grad_out
    return grad_out @ b.T, a.T @ grad_out
