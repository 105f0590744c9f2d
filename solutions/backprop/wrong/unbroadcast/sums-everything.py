# When the shapes differ, the gradient is added up: to a single number.
# loses: values shapes


def unbroadcast(grad, shape):
    if grad.shape == shape:
        return grad
    return grad.sum()
