# Only b is ever stretched, so only grad_b has to be summed.
# loses: shapes hard


def _fit_to_shape(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + shape
    for axis, size in enumerate(padded):
        if size != grad.shape[axis]:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad.reshape(shape)


def multiply_backward(grad_out, a, b):
    return grad_out * b, _fit_to_shape(grad_out * a, b.shape)
