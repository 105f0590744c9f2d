# The exponential is 1 / out - 1; that out can be exactly 0 is not thought of.
# loses: hard


def sigmoid_backward(grad_out, out):
    exp_minus_x = 1 / out - 1
    return grad_out * exp_minus_x / (1 + exp_minus_x) ** 2
