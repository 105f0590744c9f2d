# Broadcasting only adds axes in front; an axis of size 1 needs no attention.
# loses: shapes hard


def _drop_leading_axes(grad, shape):
    while len(grad.shape) > len(shape):
        grad = grad.sum(axis=0)
    return grad


def add_backward(grad_out, a, b):
    return _drop_leading_axes(grad_out, a.shape), _drop_leading_axes(grad_out, b.shape)
