# After x + h one h is subtracted, which leads back to x and not to x - h.
# loses: verdicts

import numpy as np


def numeric_gradient(f, x, eps=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = x[i]
        x[i] = x[i] + eps
        plus = f(x)
        x[i] = x[i] - eps
        minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / (2 * eps)
        it.iternext()
    return grad
