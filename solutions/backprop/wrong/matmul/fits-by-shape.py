# Whichever way round the shapes fit must be right; square matrices fit both ways.
# loses: shapes hard


def matmul_backward(grad_out, a, b):
    right = b if b.shape[0] == grad_out.shape[1] else b.T
    left = a if a.shape[1] == grad_out.shape[0] else a.T
    return grad_out @ right, left @ grad_out
