"""The solution of `backprop`. Made from backprop.ipynb beside it by `grader build`: change it there."""

import numpy as np


def unbroadcast(grad, shape):
    """Gradient of an array x of this shape, given grad, the gradient of what x was stretched to.

    `shape` is a tuple that numpy can broadcast to grad.shape. Returns grad_x, of that shape.
    """
    # First the axes that broadcasting put in front, then those that it stretched.
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)


def add_backward(grad_out, a, b):
    """Gradients of the loss for a and b, given grad_out, of the shape of a + b.

    Returns (grad_a, grad_b), of the shapes of a and b.
    """
    # A sum hands its upstream gradient on to both operands.
    grad_out = np.asarray(grad_out)
    return unbroadcast(grad_out, a.shape), unbroadcast(grad_out, b.shape)


def multiply_backward(grad_out, a, b):
    """Gradients of the loss for a and b, given grad_out, of the shape of a * b.

    Returns (grad_a, grad_b), of the shapes of a and b.
    """
    # Each operand receives the upstream gradient times the other operand.
    return unbroadcast(np.asarray(grad_out * b), a.shape), unbroadcast(np.asarray(grad_out * a), b.shape)


def sigmoid_backward(grad_out, out):
    """Gradient of the loss for x, given grad_out and out = sigmoid(x), all of one shape.

    Returns grad_x, of that shape.
    """
    # From the output alone: the slope of sigmoid is out (1 - out).
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out, a, b):
    """Gradients of the loss for a (N, D) and b (D, H), given grad_out (N, H).

    Returns (grad_a, grad_b), of shapes (N, D) and (D, H).
    """
    # The only products of these shapes, and the derivative says the same.
    return grad_out @ b.T, a.T @ grad_out


def softmax_cross_entropy_backward(grad_out, logits, targets):
    """Gradient of the mean loss for the logits (N, V).

    grad_out is one number, and targets (N,) are integers. Returns grad_logits, of shape (N, V).
    """
    # Probabilities minus one-hot targets, over the N examples of the mean.
    shifted = logits - logits.max(axis=1, keepdims=True)
    probs = np.exp(shifted)
    probs /= probs.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1.0
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    """The parameters after one step of size lr, given two lists of arrays: params and grads.

    Each gradient has its parameter's shape. Returns a new list of new arrays: neither the list
    params nor the arrays in it are changed.
    """
    # One step of size lr down each gradient.
    return [param - lr * grad for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    """Gradient of f at x, by central differences. f takes an array of x's shape to one number.

    x is float64, of any shape. Leave it as it was. Returns an array of x's shape.
    """
    # One entry of x moves at a time.
    grad = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[at] = 1e-5
        grad[at] = (f(x + step) - f(x - step)) / 2e-5
    return grad
