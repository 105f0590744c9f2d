# The output comes first and the upstream second.
# loses: values shapes hard


def sigmoid_backward(out, grad_out):
    return grad_out * out * (1 - out)
