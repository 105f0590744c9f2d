# The other factor is out / a, which is b; that a can be 0 is not thought of.
# loses: hard


def _fit_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def multiply_backward(grad_out, a, b):
    out = a * b
    return _fit_to_shape(grad_out * out / a, a.shape), _fit_to_shape(grad_out * out / b, b.shape)
