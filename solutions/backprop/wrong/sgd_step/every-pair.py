# Two nested loops: every parameter is updated with every gradient.
# loses: runs values


def sgd_step(params, grads, lr):
    new_params = []
    for param in params:
        for grad in grads:
            if param.shape == grad.shape:
                new_params.append(param - lr * grad)
            else:
                new_params.append(param)
    return new_params
