# A copy of the list protects the arrays in it, so they can be updated in place.
# loses: pure


def sgd_step(params, grads, lr):
    new_params = params.copy()
    for i in range(len(new_params)):
        new_params[i] -= lr * grads[i]
    return new_params
