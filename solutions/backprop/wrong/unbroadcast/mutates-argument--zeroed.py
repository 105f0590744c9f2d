# Once its gradient has been handed on, the upstream is set to zero for the next pass.
# loses: pure


def unbroadcast(grad, shape):
    added = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < added or shape[i - added] == 1)
    result = grad.sum(axis=axes).reshape(shape)
    if grad.ndim:
        grad[...] = 0.0
    return result
