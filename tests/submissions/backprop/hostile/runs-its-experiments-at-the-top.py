# Runs its experiments between its functions: loops, plots, prints, and one that has always failed.
# expect: multiply passed

import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

rng = np.random.default_rng(0)
x, y = rng.normal(size=(2, 4, 3))
losses = []


def multiply_backward(grad_out, a, b):
    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))


for step in tqdm(range(100)):
    grad_x, grad_y = multiply_backward(np.ones((4, 3)), x, y)
    x = x - 0.1 * grad_x
    losses.append(float(np.sum(x * y)))
    if step % 10 == 0:
        print(step, losses[-1])

plt.plot(losses)
plt.show()
print(model.predict(x_test))  # from the lecture, there is no model here
assert losses[-1] > losses[0], "it does not learn yet"
1 / 0


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
