# Whole Jacobians, one row for each output entry, and the upstream multiplied from the left.
import numpy as np


def selection(shape, out_shape):
    """0-1 matrix: which entry of an operand of this shape is used at which entry of the output."""
    size = int(np.prod(shape, dtype=int))
    used = np.broadcast_to(np.arange(size).reshape(shape), out_shape)
    return np.eye(size)[np.ravel(used)]


def pull_back(grad_out, jacobian, shape):
    return (np.ravel(grad_out) @ jacobian).reshape(shape)


def unbroadcast(grad, shape):
    return pull_back(grad, selection(shape, np.shape(grad)), shape)


def add_backward(grad_out, a, b):
    use_a, use_b = (selection(operand.shape, np.shape(grad_out)) for operand in (a, b))
    return pull_back(grad_out, use_a, a.shape), pull_back(grad_out, use_b, b.shape)


def multiply_backward(grad_out, a, b):
    use_a, use_b = (selection(operand.shape, np.shape(grad_out)) for operand in (a, b))
    jacobian_a = (use_b @ np.ravel(b))[:, None] * use_a
    jacobian_b = (use_a @ np.ravel(a))[:, None] * use_b
    return pull_back(grad_out, jacobian_a, a.shape), pull_back(grad_out, jacobian_b, b.shape)


def sigmoid_backward(grad_out, out):
    slope = np.ravel(out) * (1 - np.ravel(out))
    return pull_back(grad_out, np.diag(slope), np.shape(out))


def matmul_backward(grad_out, a, b):
    (N, D), H = a.shape, b.shape[1]
    jacobian_a = np.kron(np.eye(N), b.T)
    jacobian_b = np.kron(a, np.eye(H))
    return pull_back(grad_out, jacobian_a, (N, D)), pull_back(grad_out, jacobian_b, (D, H))


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    grad_logits = np.empty((N, V))
    for n in range(N):
        exps = np.exp(logits[n] - logits[n].max())
        log_softmax_jacobian = np.eye(V) - np.outer(np.ones(V), exps / exps.sum())
        grad_log_probs = np.zeros(V)
        grad_log_probs[targets[n]] = -grad_out / N
        grad_logits[n] = grad_log_probs @ log_softmax_jacobian
    return grad_logits


def sgd_step(params, grads, lr):
    new_params = []
    for param, grad in zip(params, grads):
        identity = np.eye(np.size(param))
        step = np.hstack([identity, -lr * identity])
        new_param = step @ np.concatenate([np.ravel(param), np.ravel(grad)])
        new_params.append(new_param.reshape(np.shape(param)))
    return new_params


def numeric_gradient(f, x):
    steps = 1e-5 * np.eye(np.size(x))
    above = [f((np.ravel(x) + step).reshape(np.shape(x))) for step in steps]
    below = [f((np.ravel(x) - step).reshape(np.shape(x))) for step in steps]
    jacobian = np.subtract([above], [below]) / 2e-5
    return pull_back(1.0, jacobian, np.shape(x))
