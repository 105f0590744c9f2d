# The upstream is scaled in place, because it is not needed any more.
# loses: hard pure


def sigmoid_backward(grad_out, out):
    grad_out *= out
    grad_out *= 1 - out
    return grad_out
