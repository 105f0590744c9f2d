# The arrays are left alone, but the new ones take their places in the list params.
# loses: pure


def sgd_step(params, grads, lr):
    for i in range(len(params)):
        params[i] = params[i] - lr * grads[i]
    return params
