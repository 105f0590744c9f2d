# A gradient has rows and columns, and nothing else.
# loses: shapes


def unbroadcast(grad, shape):
    rows, columns = grad.shape
    if shape == (columns,):
        return grad.sum(axis=0)
    if shape == (1, columns):
        return grad.sum(axis=0, keepdims=True)
    if shape == (rows, 1):
        return grad.sum(axis=1, keepdims=True)
    return grad
