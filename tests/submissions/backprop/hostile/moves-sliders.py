# Puts sliders, buttons and outputs beside its functions, and moves them while it computes.
# expect: multiply passed

import ipywidgets as widgets
import numpy as np
from IPython.display import Markdown, clear_output, display
from ipywidgets import FloatSlider, HBox, Output, interact, interactive

slider = FloatSlider(value=1.0, min=0.0, max=2.0, step=0.1, description="scale")
output = Output()
button = widgets.Button(description="again")
button.on_click(lambda _: show(slider.value))
slider.observe(lambda change: show(change["new"]), names="value")


@interact(scale=(0.0, 2.0), layout=widgets.Layout(width="50%"))
def show(scale=1.0):
    with output:
        clear_output(wait=True)
        display(Markdown(f"**{scale}**"))


def multiply_backward(grad_out, a, b):
    slider.value = 0.5
    display(HBox([slider, button, output]), interactive(show, scale=1.0))
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
