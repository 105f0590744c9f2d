# Two operands share one upstream gradient, so each of them gets half.
# loses: values shapes hard


def _sum_to_shape(grad, shape):
    if grad.ndim > len(shape):
        return _sum_to_shape(grad.sum(axis=0), shape)
    return grad.sum(axis=tuple(i for i in range(grad.ndim) if shape[i] == 1), keepdims=True)


def add_backward(grad_out, a, b):
    half = grad_out / 2
    return _sum_to_shape(half, a.shape), _sum_to_shape(half, b.shape)
