# A linear layer has a bias too, so its gradient is returned as well.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    grad_a = grad_out @ b.T
    grad_b = a.T @ grad_out
    grad_bias = grad_out.sum(axis=0)
    return grad_a, grad_b, grad_bias
