# The steps are returned, and the caller is expected to subtract them.
# loses: values


def sgd_step(params, grads, lr):
    return [lr * grad for grad in grads]
