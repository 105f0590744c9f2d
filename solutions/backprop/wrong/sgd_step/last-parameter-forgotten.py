# The loop over the parameters ends one too early.
# loses: runs values


def sgd_step(params, grads, lr):
    new_params = []
    for i in range(len(params) - 1):
        new_params.append(params[i] - lr * grads[i])
    return new_params
