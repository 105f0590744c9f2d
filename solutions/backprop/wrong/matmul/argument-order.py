# The operands come first and the upstream last, as in (a, b, grad_out).
# loses: runs values shapes hard pure


def matmul_backward(a, b, grad_out):
    return grad_out @ b.T, a.T @ grad_out
