# A layer returns its output together with its gradient.
# loses: runs values shapes hard


def sigmoid_backward(grad_out, out):
    grad_x = grad_out * out * (1 - out)
    return out, grad_x
