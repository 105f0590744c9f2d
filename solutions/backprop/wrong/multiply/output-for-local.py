# The local gradient is the output of the node: upstream times a * b, for both operands.
# loses: values shapes hard


def _fit_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def multiply_backward(grad_out, a, b):
    out = a * b
    return _fit_to_shape(grad_out * out, a.shape), _fit_to_shape(grad_out * out, b.shape)
