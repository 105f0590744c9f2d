# The new parameters are collected in a dictionary by shape, where those of equal shape meet.
# loses: values


def sgd_step(params, grads, lr):
    updated = {}
    for param, grad in zip(params, grads):
        updated[param.shape] = param - lr * grad
    return [updated[param.shape] for param in params]
