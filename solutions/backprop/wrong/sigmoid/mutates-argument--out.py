# The output is turned into the local gradient in place.
# loses: pure


def sigmoid_backward(grad_out, out):
    out *= 1 - out
    return grad_out * out
