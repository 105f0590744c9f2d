# The gradient of the weights includes weight decay, as in the training loop.
# loses: values shapes hard


def matmul_backward(grad_out, a, b):
    decay = 0.01
    grad_a = grad_out @ b.T
    grad_b = a.T @ grad_out + decay * b
    return grad_a, grad_b
