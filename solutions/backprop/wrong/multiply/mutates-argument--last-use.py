# After its last use the upstream may serve as a buffer, because nobody else needs it.
# loses: hard pure


def _fit_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def multiply_backward(grad_out, a, b):
    grad_b = _fit_to_shape(grad_out * a, b.shape)
    grad_out *= b
    grad_a = _fit_to_shape(grad_out, a.shape)
    return grad_a, grad_b
