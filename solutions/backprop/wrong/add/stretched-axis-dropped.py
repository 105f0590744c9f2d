# A stretched axis is summed away, and with it the axis itself: (4,) for an operand of shape (4, 1).
# loses: shapes hard


def _sum_to_shape(grad, shape):
    added = grad.ndim - len(shape)
    stretched = [added + i for i, size in enumerate(shape) if size == 1 and grad.shape[added + i] > 1]
    return grad.sum(axis=tuple(range(added)) + tuple(stretched))


def add_backward(grad_out, a, b):
    return _sum_to_shape(grad_out, a.shape), _sum_to_shape(grad_out, b.shape)
