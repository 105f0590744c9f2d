# Among the copies the largest gradient wins, as in max pooling.
# loses: values shapes


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.max(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.max(axis=axis, keepdims=True)
    return grad
