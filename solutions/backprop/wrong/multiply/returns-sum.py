# A backward function returns one gradient: the two parts added together.
# loses: runs values shapes hard


def multiply_backward(grad_out, a, b):
    grad_a = grad_out * b
    grad_b = grad_out * a
    return grad_a + grad_b
