# The input needs no gradient, so None stands in its place.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    grad_a = None
    grad_b = a.T @ grad_out
    return grad_a, grad_b
