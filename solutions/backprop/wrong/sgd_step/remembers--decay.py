# The learning rate is lowered a little with each step, counted in a global variable.
# loses: values pure

_sgd_steps = [0]


def sgd_step(params, grads, lr):
    _sgd_steps[0] += 1
    lr = lr / (1 + 0.1 * _sgd_steps[0])
    return [param - lr * grad for param, grad in zip(params, grads)]
