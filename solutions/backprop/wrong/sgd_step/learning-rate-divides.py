# A small learning rate means many small pieces, so the gradient is divided by lr.
# loses: values


def sgd_step(params, grads, lr):
    return [param - grad / lr for param, grad in zip(params, grads)]
