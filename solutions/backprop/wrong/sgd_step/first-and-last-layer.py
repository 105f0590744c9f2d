# Only the first and the last parameter are moved, as if there were nothing between them.
# loses: values


def sgd_step(params, grads, lr):
    new = list(params)
    new[0] = params[0] - lr * grads[0]
    new[-1] = params[-1] - lr * grads[-1]
    return new
