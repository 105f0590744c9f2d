# Only weights learn; vectors and single numbers are biases and stay as they are.
# loses: values


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        if param.ndim >= 2:
            param = param - lr * grad
        new_params.append(param)
    return new_params
