# Parameters and gradients belong together, so both lists are returned.
# loses: runs values


def sgd_step(params, grads, lr):
    new_params = [param - lr * grad for param, grad in zip(params, grads)]
    return new_params, grads
