# A function of the network returns its output as well: (out, (grad_a, grad_b)).
# loses: runs values shapes hard


def add_backward(grad_out, a, b):
    out = a + b
    grad_a = grad_out
    grad_b = grad_out.sum(axis=0) if b.ndim < grad_out.ndim else grad_out
    return out, (grad_a, grad_b)
