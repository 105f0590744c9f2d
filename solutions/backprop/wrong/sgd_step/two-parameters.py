# A model has a weight and a bias, and nothing else.
# loses: values


def sgd_step(params, grads, lr):
    w, b = params
    grad_w, grad_b = grads
    return [w - lr * grad_w, b - lr * grad_b]
