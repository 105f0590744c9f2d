# Gradients have to be accumulated, so the totals are kept from one call to the next.
# loses: hard pure

_matmul_totals = {}


def matmul_backward(grad_out, a, b):
    total_a, total_b = _matmul_totals.get((a.shape, b.shape), (0, 0))
    total_a = total_a + grad_out @ b.T
    total_b = total_b + a.T @ grad_out
    _matmul_totals[a.shape, b.shape] = total_a, total_b
    return total_a, total_b
