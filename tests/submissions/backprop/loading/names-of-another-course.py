import numpy as np


def unbroadcast(grad, shape):
    grad = np.asarray(grad)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def d_add(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def mulBackward(grad_out, a, b):
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


def sigmoid_prime(grad_out, out):
    return grad_out * out * (1.0 - out)


def matmul_bakward(grad_out, a, b):
    return grad_out @ b.T, a.T @ grad_out


def softmax_loss_backward(grad_out, logits, targets):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[1])[targets]
    return grad_out * (probs - one_hot) / len(targets)


def sgd_update(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


def eval_numerical_gradient(f, x):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(np.shape(x)):
        up, down = np.array(x), np.array(x)
        up[index] += 1e-5
        down[index] -= 1e-5
        grad[index] = (f(up) - f(down)) / 2e-5
    return grad
