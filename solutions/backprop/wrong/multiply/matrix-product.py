# Multiplying arrays means a matrix product, so the gradients are matrix products too.
# loses: runs values shapes hard


def multiply_backward(grad_out, a, b):
    grad_a = grad_out @ b.T
    grad_b = a.T @ grad_out
    return grad_a, grad_b
