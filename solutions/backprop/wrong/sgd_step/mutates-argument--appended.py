# The new parameters are appended to the list params, behind the old ones.
# loses: runs values pure


def sgd_step(params, grads, lr):
    for param, grad in list(zip(params, grads)):
        params.append(param - lr * grad)
    return params
