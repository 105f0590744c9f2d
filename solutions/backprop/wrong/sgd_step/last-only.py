# The new parameter is overwritten in each round of the loop, and the last one is returned.
# loses: runs values


def sgd_step(params, grads, lr):
    for param, grad in zip(params, grads):
        new_param = param - lr * grad
    return new_param
