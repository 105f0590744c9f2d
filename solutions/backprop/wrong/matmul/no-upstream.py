# The derivative of a @ b is b for a and a for b, transposed; the upstream gradient is not looked at.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    return b.T, a.T
