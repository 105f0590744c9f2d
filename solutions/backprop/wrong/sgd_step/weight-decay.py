# A step of SGD also shrinks the weights a little, as optimisers do.
# loses: values


def sgd_step(params, grads, lr, weight_decay=0.01):
    return [param - lr * (grad + weight_decay * param) for param, grad in zip(params, grads)]
