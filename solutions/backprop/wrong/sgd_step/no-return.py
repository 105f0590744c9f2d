# The parameters are updated in place, and an in-place update returns nothing.
# loses: runs values pure


def sgd_step(params, grads, lr):
    for param, grad in zip(params, grads):
        param -= lr * grad
