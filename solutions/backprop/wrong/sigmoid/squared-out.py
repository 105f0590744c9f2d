# The derivative is the output times the output.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * out**2
