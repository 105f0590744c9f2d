# Each wanted size is looked up in the shape of grad from the left; what finds no partner is summed.
# loses: shapes


def unbroadcast(grad, shape):
    wanted = list(shape)
    axes = []
    for axis, size in enumerate(grad.shape):
        if size in wanted:
            wanted.remove(size)
        else:
            axes.append(axis)
    return grad.sum(axis=tuple(axes)).reshape(shape)
