# Each copy that broadcasting made is forgotten: both gradients keep the shape of the output.
# loses: shapes hard


def add_backward(grad_out, a, b):
    return grad_out, grad_out
