# The upstream is multiplied once for each factor of the local gradient.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return (grad_out * out) * (grad_out * (1 - out))
