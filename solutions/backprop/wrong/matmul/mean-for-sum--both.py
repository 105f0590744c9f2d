# Both gradients are divided by the number of examples.
# loses: values shapes hard


def matmul_backward(grad_out, a, b):
    N = len(grad_out)
    grad_a = (1 / N) * (grad_out @ b.T)
    grad_b = (1 / N) * (a.T @ grad_out)
    return grad_a, grad_b
