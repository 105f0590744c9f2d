# Records frames, saves a film, shows pictures, and plays a sound when it is done.
# expect: multiply passed

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import plotly.express as px
import plotly.graph_objects as go
from IPython import display
from IPython.display import Audio, IFrame, Image, Javascript, Video, YouTubeVideo
from matplotlib import animation, pyplot, rc
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredText
from plotly.subplots import make_subplots

rc("animation", html="jshtml")
frames = []


def multiply_backward(grad_out, a, b):
    fig, axs = plt.subplots(2, 3, figsize=(9, 6), gridspec_kw={"hspace": 0.4})
    assert axs.shape == (2, 3) and len(axs) == 2 and len(axs.flatten()) == 6
    for number, (ax, values) in enumerate(zip(axs.reshape(-1), [grad_out, a, b])):
        n, bins, _ = ax.hist(np.ravel(values))
        ax.bar_label(ax.bar([0], [1]), padding=3)
        ax.axvline(bins[0], color="k", ls="--")
        markers, stems, base = ax.stem([1, 2])
        wedges, texts = ax.pie([1, 2])
        ax.set_ylim(top=max(1.0, ax.get_ylim()[1] * 1.1))
        ax.add_artist(AnchoredText(f"{number}", loc=1))
    (line,) = axs[0, 0].plot([], [])
    twin = axs[0, 1].twinx()
    lines = line, *twin.plot([1], [2])
    twin.legend(lines, [one.get_label() for one in lines])
    plt.xlim(0, 1)
    left, right = plt.xlim()
    frames.append([plt.imshow(np.ones((2, 2)), animated=True)])
    film = animation.ArtistAnimation(fig, frames, interval=50, blit=True)
    film.save("film.mp4", writer=animation.FFMpegWriter(fps=30))
    display.display(display.HTML(film.to_html5_video()), Audio(data=np.zeros(9), rate=8000), Video("film.mp4"))
    display.clear_output(wait=True)
    figure = go.Figure(data=[go.Scatter(y=[1, 2])])
    figure.update_layout(title="gradients")
    figure.show()
    px.line(x=[1], y=[2]).write_html("plot.html")
    with plt.rc_context({"axes.grid": False}), plt.ioff():
        pyplot.close(fig)
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
