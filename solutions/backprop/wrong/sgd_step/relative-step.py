# The step is written as a factor on the parameter, which divides by the parameter first.
# loses: values


def sgd_step(params, grads, lr):
    return [param * (1.0 - lr * grad / param) for param, grad in zip(params, grads)]
