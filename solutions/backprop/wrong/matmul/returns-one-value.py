# Only the weights are trained, so only their gradient is returned.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    return a.T @ grad_out
