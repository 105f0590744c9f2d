# The local gradients b and a are the whole answer, in whatever shape they have.
# loses: values shapes hard


def multiply_backward(grad_out, a, b):
    grad_a = b
    grad_b = a
    return grad_a, grad_b
