# The gradient is divided in place by the number of rows, so that the sum becomes an average.
# loses: values pure


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad /= len(grad)
        grad = grad.sum(axis=0)
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)
