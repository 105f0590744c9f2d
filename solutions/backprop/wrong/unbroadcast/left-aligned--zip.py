# The two shapes are walked through with zip, which pairs them from the left.
# loses: values shapes


def unbroadcast(grad, shape):
    for axis, (have, want) in enumerate(zip(grad.shape, shape)):
        if have != want:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
