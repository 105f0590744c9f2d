# Trains a small network inside of its gradient to see whether it learns, with bars and plots.
# expect: multiply passed

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import clear_output
from tqdm.auto import trange

history = {"loss": [], "lr": []}


def train(steps=20):
    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=(16, 3)), rng.normal(size=(16, 1)), np.zeros((3, 1))
    fig, (ax1, ax2) = plt.subplots(1, 2, figsize=(10, 4))
    bar = trange(steps, desc="train")
    for step in bar:
        error = x @ w - y
        history["loss"].append(float(np.mean(error**2)))
        w -= 0.1 * x.T @ error / len(x)
        bar.set_description(f"loss {history['loss'][-1]:.3f}")
        if step % 5 == 0:
            clear_output(wait=True)
            for ax, (name, values) in zip((ax1, ax2), history.items()):
                ax.clear()
                ax.plot(values, label=name)
                ax.legend()
            fig.canvas.draw()
            plt.pause(0.01)
    plt.ioff()
    assert history["loss"][-1] < history["loss"][-steps]
    return w


def multiply_backward(grad_out, a, b):
    train()
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out, a, b):
    return np.matmul(grad_out, b.T), np.matmul(a.T, grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1.0
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    step = 1e-5
    grad_x = np.zeros(np.shape(x))
    for index in np.ndindex(grad_x.shape):
        above, below = np.array(x), np.array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = (f(above) - f(below)) / (2 * step)
    return grad_x
