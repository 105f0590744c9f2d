# A step is parameter minus gradient; lr is not looked at.
# loses: values


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        new_params.append(param - grad)
    return new_params
