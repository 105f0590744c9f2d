# Gradients have to be accumulated, so the totals are kept from one call to the next.
# loses: pure

_unbroadcast_totals = {}


def unbroadcast(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < added or shape[i - added] == 1)
    total = _unbroadcast_totals.get(shape, 0.0) + grad.sum(axis=axes).reshape(shape)
    _unbroadcast_totals[shape] = total
    return total
