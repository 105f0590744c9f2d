# Draws four panels, bars, an image and a colour bar in the middle of a gradient.
# expect: multiply passed

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cm, colors
from matplotlib.ticker import MaxNLocator

plt.style.use("seaborn-v0_8-whitegrid")
plt.rcParams.update({"figure.figsize": (12, 8), "font.size": 14})
plt.rcParams["axes.grid"] = True


def show(grad):
    fig, ((top, side), (low, last)) = plt.subplots(2, 2, figsize=(12, 8), sharex=True)
    for number, ax in enumerate([top, side, low, last]):
        ax.set_title(f"panel {number}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.spines["top"].set_visible(False)
    line, = top.plot(np.ravel(grad), "o-", color=cm.viridis(0.5), label="grad")
    line.set_linewidth(2)
    counts, edges, patches = side.hist(np.ravel(grad), bins=10)
    for patch in patches:
        patch.set_facecolor("C1")
    bars = low.bar(range(3), [1, 2, 3])
    for bar in bars:
        bar.set_alpha(bar.get_height() / 3)
    image = last.imshow(np.atleast_2d(grad), cmap="viridis", norm=colors.Normalize(-1, 1))
    fig.colorbar(image, ax=last)
    fig, axes = plt.subplots(1, 3)
    for ax, title in zip(axes, "abc"):
        ax.set(title=title, xlabel="step", ylabel="loss")
    axes[0].legend(loc="best")
    fig, axes = plt.subplots(nrows=2, ncols=3, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    axes[1, 2].text(0, 0, "here")
    for row in axes:
        row[0].set_ylabel("row")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    plt.figure().add_subplot(111, projection="3d").plot_surface(*np.meshgrid([0, 1], [0, 1]), np.ones((2, 2)))
    plt.tight_layout()
    plt.savefig("grad.png", dpi=150)
    plt.show()
    plt.close("all")


def multiply_backward(grad_out, a, b):
    grad_a, grad_b = unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))
    show(grad_a)
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
