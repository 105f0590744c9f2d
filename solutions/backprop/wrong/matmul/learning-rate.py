# The gradient of the weights is multiplied by the learning rate already.
# loses: values shapes hard


def matmul_backward(grad_out, a, b, lr=0.1):
    return grad_out @ b.T, lr * a.T @ grad_out
