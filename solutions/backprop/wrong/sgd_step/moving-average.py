# The new parameter is a mixture: (1 - lr) of the old one, lr of the step.
# loses: values


def sgd_step(params, grads, lr):
    return [(1 - lr) * param - lr * grad for param, grad in zip(params, grads)]
