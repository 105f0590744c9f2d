# Where the unit is active the upstream passes, elsewhere it is zero, as in a ReLU.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * (out > 0.5)
