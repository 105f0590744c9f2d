# Going backwards is the inverse of going forwards, so the upstream is divided by the slope.
# loses: values shapes hard


def sigmoid_backward(grad_out, out):
    slope = out * (1 - out)
    return grad_out / slope
