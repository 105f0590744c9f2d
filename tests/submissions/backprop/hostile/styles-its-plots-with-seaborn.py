# Sets a seaborn theme, takes colours out of its palette, and draws heat maps.
# expect: multiply passed

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib import gridspec

sns.set()
sns.set_theme(style="whitegrid", palette="muted", rc={"figure.dpi": 120})
sns.set_context("notebook", font_scale=1.2)
PALETTE = sns.color_palette("husl", 8)
COLORS = plt.cm.tab10(np.linspace(0, 1, 3))
CYCLE = plt.rcParams["axes.prop_cycle"].by_key()["color"]


def multiply_backward(grad_out, a, b):
    grad_a, grad_b = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    with plt.style.context("ggplot"), sns.axes_style("white"):
        figure, (left, right) = plt.subplots(ncols=2)
        grid = gridspec.GridSpec(2, 2)
        sns.heatmap(np.atleast_2d(grad_a), ax=left, annot=True, fmt=".2f")
        sns.lineplot(x=np.arange(np.size(grad_b)), y=np.ravel(grad_b), ax=right, color=PALETTE[0])
        plt.subplot(grid[0, :]).plot([1, 2], [3, 4], color=CYCLE[0])
    sns.despine()
    plt.close(figure)
    return grad_a, grad_b


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
