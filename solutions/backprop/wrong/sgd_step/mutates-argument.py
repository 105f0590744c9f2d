# The parameters are updated in place, and the same list is handed back.
# loses: pure


def sgd_step(params, grads, lr):
    for param, grad in zip(params, grads):
        param -= lr * grad
    return params
