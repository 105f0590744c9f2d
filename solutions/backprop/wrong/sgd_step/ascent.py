# The gradient says where to go, so the step is added.
# loses: values


def sgd_step(params, grads, lr):
    return [param + lr * grad for param, grad in zip(params, grads)]
