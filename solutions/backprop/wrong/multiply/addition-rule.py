# The upstream is handed on unchanged to both operands, as in a sum.
# loses: values shapes hard


def _fit_to_shape(grad, shape):
    if grad.ndim > len(shape):
        return _fit_to_shape(grad.sum(axis=0), shape)
    return grad.sum(axis=tuple(i for i in range(grad.ndim) if shape[i] == 1), keepdims=True)


def multiply_backward(grad_out, a, b):
    return _fit_to_shape(grad_out, a.shape), _fit_to_shape(grad_out, b.shape)
