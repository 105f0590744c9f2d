# Makes widgets, callbacks and colours of its own out of classes that only draw.
# expect: multiply passed

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, VBox, interact, interactive
from IPython.core.magic import Magics, magics_class, register_line_magic
from matplotlib.animation import FuncAnimation
from matplotlib.colors import LinearSegmentedColormap, Normalize
from mpl_toolkits.axes_grid1 import make_axes_locatable
from mpl_toolkits.mplot3d import Axes3D
from tabulate import tabulate
from termcolor import colored
from tqdm.contrib import tzip


class Middle(Normalize):
    def __init__(self, middle=0.0, **options):
        super().__init__(**options)
        self.middle = middle

    def __call__(self, value, clip=None):
        return np.ma.masked_array(np.interp(value, [-1, self.middle, 1], [0, 0.5, 1]))


@magics_class
class Mine(Magics):
    pass


@interact(scale=(0.0, 1.0))
def scaled(grad, scale=1.0):
    return scale * grad


def multiply_backward(grad_out, a, b):
    fig = plt.figure(figsize=plt.figaspect(0.5))
    axes = fig.subplots(2, 2)
    (left, right), _ = axes
    ax: plt.Axes | None = fig.add_subplot(projection="3d")
    if ax is not None and not isinstance(a, plt.Axes):
        low, high = ax.get_ylim()
        ax.set_ylim(1.1 * low, high * 1.1 + 2 ** high - np.max(b) * low)
        width = 3 * ax.get_window_extent().width / 2
        print(f"{width:.2f}", colored("done", "green") + "!", tabulate([[1, 2]], headers=["a", "b"]))
    assert Middle()(0.0) == 0.5 and isinstance(FloatSlider(value=1), object)
    animation = FuncAnimation(fig, lambda frame: left.plot([frame]), frames=3)
    for name, axis in {"left": left, "right": right}.items():
        axis.annotate(name, xy=(0, 0), arrowprops=dict(arrowstyle="->"))
        make_axes_locatable(axis).append_axes("right", size="5%")
    return scaled(unbroadcast(grad_out * b, np.shape(a))), scaled(unbroadcast(grad_out * a, np.shape(b)))


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
