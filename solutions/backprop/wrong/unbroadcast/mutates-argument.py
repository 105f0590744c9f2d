# The other rows are added to the first one, in the array that was handed in.
# loses: pure


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        for row in range(1, len(grad)):
            grad[0] += grad[row]
        grad = grad[0]
    ones = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)
