# Shapes are compared from the left, and missing axes are taken to be at the end.
# loses: shapes hard pure


def _fit_to_shape(grad, shape):
    padded = shape + (1,) * (grad.ndim - len(shape))
    axes = tuple(i for i in range(grad.ndim) if padded[i] != grad.shape[i])
    return grad.sum(axis=axes, keepdims=True).reshape(shape)


def multiply_backward(grad_out, a, b):
    return _fit_to_shape(grad_out * b, a.shape), _fit_to_shape(grad_out * a, b.shape)
