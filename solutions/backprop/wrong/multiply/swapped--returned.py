# Both gradients are right, and come back in the wrong order.
# loses: values shapes hard


def _fit_to_shape(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def multiply_backward(grad_out, a, b):
    grad_a = _fit_to_shape(grad_out * b, a.shape)
    grad_b = _fit_to_shape(grad_out * a, b.shape)
    return grad_b, grad_a
