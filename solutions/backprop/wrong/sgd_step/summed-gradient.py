# One number says how far to go: the sum of the gradient.
# loses: values


def sgd_step(params, grads, lr):
    return [param - lr * grad.sum() for param, grad in zip(params, grads)]
