# Both gradients are the same array, so returning it once will do.
# loses: runs values shapes hard


def add_backward(grad_out, a, b):
    grad = grad_out * 1.0
    return grad
