# SGD has momentum: the last step is kept, and part of it is made again.
# loses: pure

_sgd_velocities = {}


def sgd_step(params, grads, lr):
    new_params = []
    for i, (param, grad) in enumerate(zip(params, grads)):
        velocity = 0.9 * _sgd_velocities.get((i, param.shape), 0.0) + grad
        _sgd_velocities[i, param.shape] = velocity
        new_params.append(param - lr * velocity)
    return new_params
