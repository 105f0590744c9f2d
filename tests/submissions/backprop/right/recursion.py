# Recursion: an array of any depth is handled by handling its first axis and then each part.
import numpy as np


def unbroadcast(grad, shape):
    if np.ndim(grad) > len(shape):
        return unbroadcast(sum(grad), shape)
    if len(shape) == 0:
        return np.array(grad)
    if shape[0] == 1:
        return np.array([unbroadcast(sum(grad), shape[1:])])
    return np.array([unbroadcast(part, shape[1:]) for part in grad])


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, a.shape), unbroadcast(grad_out * a, b.shape)


def sigmoid_backward(grad_out, out):
    if np.ndim(out) == 0:
        return np.array(grad_out * out * (1 - out))
    return np.array([sigmoid_backward(*pair) for pair in zip(grad_out, out)])


def matmul_backward(grad_out, a, b):
    if len(a) == 1:
        return np.array([b @ grad_out[0]]), a.T @ grad_out
    half = len(a) // 2
    upper_a, upper_b = matmul_backward(grad_out[:half], a[:half], b)
    lower_a, lower_b = matmul_backward(grad_out[half:], a[half:], b)
    return np.concatenate([upper_a, lower_a]), upper_b + lower_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    if len(targets) == 1:
        probs = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        return grad_out * (probs - (np.arange(probs.size) == targets[0]))
    first = softmax_cross_entropy_backward(grad_out, logits[:1], targets[:1])
    others = softmax_cross_entropy_backward(grad_out, logits[1:], targets[1:])
    return np.concatenate([first, others * (len(targets) - 1)]) / len(targets)


def sgd_step(params, grads, lr):
    if len(params) == 0:
        return []
    return [params[0] - lr * grads[0]] + sgd_step(params[1:], grads[1:], lr)


def of_one_part(f, x, i):
    """f as a function of x[i] alone."""
    return lambda part: f(np.concatenate([x[:i], [part], x[i + 1 :]]))


def numeric_gradient(f, x):
    if np.ndim(x) == 0:
        return np.array((f(np.array(x + 1e-5)) - f(np.array(x - 1e-5))) / 2e-5)
    return np.array([numeric_gradient(of_one_part(f, x, i), part) for i, part in enumerate(x)])
