# params.index finds the place of a parameter; that it compares whole arrays is not known.
# loses: runs values


def sgd_step(params, grads, lr):
    new_params = []
    for param in params:
        i = params.index(param)
        new_params.append(param - lr * grads[i])
    return new_params
