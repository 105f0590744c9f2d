# The factors come in the order out - 1, so the sign of the gradient flips.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * out * (out - 1)
