# Upstream and output are multiplied first, and the formula is used on their product.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    z = grad_out * out
    return z * (1 - z)
