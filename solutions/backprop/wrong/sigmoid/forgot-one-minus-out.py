# Upstream times output: the factor 1 - out is forgotten.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    grad_x = grad_out * out
    return grad_x
