# A plus slips into the second factor.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1 + out)
