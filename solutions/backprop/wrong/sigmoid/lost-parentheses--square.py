# The formula is multiplied out to out - out**2, and the upstream reaches only the first term.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * out - out**2
