# Only axes of size 1 were stretched, so only they are summed; added axes are not thought of.
# loses: values shapes


def unbroadcast(grad, shape):
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
