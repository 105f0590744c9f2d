# Upstream times local gradient is an elementwise product, here as everywhere.
# loses: runs values shapes hard pure


def matmul_backward(grad_out, a, b):
    grad_a = grad_out * b
    grad_b = grad_out * a
    return grad_a, grad_b
