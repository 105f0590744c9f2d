# The derivative of a @ b is b on one side and a on the other, and nothing has to be transposed.
# loses: runs values shapes hard pure


def matmul_backward(grad_out, a, b):
    return grad_out @ b, a @ grad_out
