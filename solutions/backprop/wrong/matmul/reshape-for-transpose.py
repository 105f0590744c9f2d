# Reshaping an (N, D) array to (D, N) transposes it.
# loses: values shapes hard


def matmul_backward(grad_out, a, b):
    N, D = a.shape
    H = b.shape[1]
    return grad_out @ b.reshape(H, D), a.reshape(D, N) @ grad_out
