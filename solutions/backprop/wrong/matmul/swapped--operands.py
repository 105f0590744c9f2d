# grad_a is made with a and grad_b with b.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    grad_a = grad_out.T @ a
    grad_b = b @ grad_out.T
    return grad_a, grad_b
