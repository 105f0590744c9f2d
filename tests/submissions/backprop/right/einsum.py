# Einstein summation: axes are named, and those that do not occur in the result are summed.
import numpy as np


def contract(shape, out_shape, *factors):
    """The product of the factors, summed over the axes along which an operand of this shape was stretched."""
    factors = [np.broadcast_to(factor, out_shape) for factor in factors]
    axes = list(range(len(out_shape)))
    added = len(out_shape) - len(shape)
    kept = [axis for axis in axes[added:] if shape[axis - added] == out_shape[axis]]
    terms = [part for factor in factors for part in (factor, axes)]
    return np.reshape(np.einsum(*terms, kept), shape)


def unbroadcast(grad, shape):
    return contract(shape, np.shape(grad), grad)


def add_backward(grad_out, a, b):
    out_shape = np.shape(grad_out)
    return contract(a.shape, out_shape, grad_out), contract(b.shape, out_shape, grad_out)


def multiply_backward(grad_out, a, b):
    out_shape = np.shape(grad_out)
    return contract(a.shape, out_shape, grad_out, b), contract(b.shape, out_shape, grad_out, a)


def sigmoid_backward(grad_out, out):
    return np.einsum("...,...,...->...", grad_out, out, 1 - out)


def matmul_backward(grad_out, a, b):
    return np.einsum("nh,dh->nd", grad_out, b), np.einsum("nd,nh->dh", a, grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = np.einsum("nv,n->nv", exps, 1 / np.einsum("nv->n", exps))
    return grad_out / N * (probs - np.eye(V)[targets])


def sgd_step(params, grads, lr):
    return [np.einsum("s,s...->...", [1.0, -lr], np.stack(pair)) for pair in zip(params, grads)]


def numeric_gradient(f, x):
    step = 1e-4
    x = np.asarray(x)
    units = np.eye(x.size).reshape(x.size, *x.shape)
    rises = [f(np.asarray(x + step * unit)) - f(np.asarray(x - step * unit)) for unit in units]
    return np.einsum("k,k...,->...", rises, units, 0.5 / step)
