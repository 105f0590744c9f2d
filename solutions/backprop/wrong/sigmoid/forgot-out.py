# Upstream times 1 - out: the factor out is forgotten, as if this were log(sigmoid(x)).
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    return grad_out * (1.0 - out)
