# All squashing functions have the derivative 1 - out**2, as tanh has.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * (1 - out**2)
