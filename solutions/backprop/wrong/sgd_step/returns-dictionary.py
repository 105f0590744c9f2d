# Parameters have names, so a dictionary is returned.
# loses: runs values


def sgd_step(params, grads, lr):
    return {f"param_{i}": params[i] - lr * grads[i] for i in range(len(params))}
