# Backpropagation runs backwards, so the gradients are taken to be in reverse order.
# loses: runs values


def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, reversed(grads))]
