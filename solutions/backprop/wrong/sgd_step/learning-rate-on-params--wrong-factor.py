# The learning rate has ended up at the parameter, and the gradient is taken as it is.
# loses: values


def sgd_step(params, grads, lr):
    return [lr * p - g for p, g in zip(params, grads)]
