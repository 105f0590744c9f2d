# The upstream is multiplied in place, and then used again as if it were still the upstream.
# loses: values shapes hard pure


def _fit_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def multiply_backward(grad_out, a, b):
    grad_out *= b
    grad_a = _fit_to_shape(grad_out.copy(), a.shape)
    grad_out *= a
    grad_b = _fit_to_shape(grad_out, b.shape)
    return grad_a, grad_b
