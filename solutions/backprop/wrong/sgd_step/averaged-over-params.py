# The step is shared by all parameters, so it is divided by their number.
# loses: values


def sgd_step(params, grads, lr):
    count = len(params)
    return [param - lr * grad / count for param, grad in zip(params, grads)]
