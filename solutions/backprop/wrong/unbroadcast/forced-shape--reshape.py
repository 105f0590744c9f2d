# A gradient of the wrong shape only has to be reshaped; that the sizes differ is not thought of.
# loses: values shapes


def unbroadcast(grad, shape):
    if grad.shape != shape:
        grad = grad.reshape(shape)
    return grad
