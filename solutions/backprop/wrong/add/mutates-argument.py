# The rows of grad_out are summed into its first row, because it is not needed any more.
# loses: shapes hard pure


def add_backward(grad_out, a, b):
    grad_a = grad_out.copy()
    if a.shape == b.shape:
        return grad_a, grad_out
    for row in grad_out[1:]:
        grad_out[0] += row
    return grad_a, grad_out[0]
