# The gradients are scaled by lr first, and lr stands in the update as well.
# loses: values


def sgd_step(params, grads, lr):
    steps = [lr * grad for grad in grads]
    return [param - lr * step for param, step in zip(params, steps)]
