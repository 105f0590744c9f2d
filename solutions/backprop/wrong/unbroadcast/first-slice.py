# All copies of a broadcast operand are equal, so the gradient of the first copy is enough.
# loses: values shapes


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad[0]
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.take([0], axis=axis)
    return grad
