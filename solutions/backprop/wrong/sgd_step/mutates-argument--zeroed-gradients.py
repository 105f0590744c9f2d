# After a step the gradients are set to zero, as zero_grad does.
# loses: pure


def sgd_step(params, grads, lr):
    new_params = [param - lr * grad for param, grad in zip(params, grads)]
    for grad in grads:
        grad[...] = 0.0
    return new_params
