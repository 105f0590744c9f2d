# The upstream arrives once and is multiplied by the local gradient, which is taken to be grad_out too.
# loses: values shapes hard


def _sum_to_shape(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def add_backward(grad_out, a, b):
    local = grad_out
    return _sum_to_shape(grad_out * local, a.shape), _sum_to_shape(grad_out * local, b.shape)
