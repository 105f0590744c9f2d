# Jacobians are written with the output in the rows, so each gradient is the transpose of its operand's shape.
# loses: runs values shapes hard


def matmul_backward(grad_out, a, b):
    return (grad_out @ b.T).T, (a.T @ grad_out).T
