# The learning rate is multiplied with the whole difference, parameter included.
# loses: values


def sgd_step(params, grads, lr):
    return [lr * (p - g) for p, g in zip(params, grads)]
