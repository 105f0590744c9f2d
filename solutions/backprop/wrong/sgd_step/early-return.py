# The return statement is indented too far, so the loop ends after the first parameter.
# loses: runs values


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        new_params.append(param - lr * grad)
        return new_params
