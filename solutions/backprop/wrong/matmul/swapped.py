# Both gradients are right, and come back in the wrong order.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    grad_a = grad_out @ b.T
    grad_b = a.T @ grad_out
    return grad_b, grad_a
