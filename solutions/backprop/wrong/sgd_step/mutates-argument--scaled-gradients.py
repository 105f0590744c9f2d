# The gradients are scaled by lr in place, because nobody needs them afterwards.
# loses: pure


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        grad *= lr
        new_params.append(param - grad)
    return new_params
