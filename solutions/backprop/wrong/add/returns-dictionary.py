# Gradients are returned by name, in a dictionary.
# loses: runs values shapes hard pure


def _sum_to_shape(grad, shape):
    if grad.ndim > len(shape):
        return _sum_to_shape(grad.sum(axis=0), shape)
    return grad.sum(axis=tuple(i for i in range(grad.ndim) if shape[i] == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return {"a": _sum_to_shape(grad_out, a.shape), "b": _sum_to_shape(grad_out, b.shape)}
