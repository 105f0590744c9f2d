# The formula is typed without its parentheses, so the 1 multiplies and out is subtracted at the end.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * out * 1 - out
