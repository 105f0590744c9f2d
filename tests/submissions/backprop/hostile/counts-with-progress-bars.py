# Walks over everything with tqdm, in all its spellings.
# expect: multiply passed

import numpy as np
import tqdm as tqdm_module
from tqdm import tqdm, trange
from tqdm.auto import tqdm as auto_tqdm
from tqdm.notebook import tqdm as notebook_tqdm, trange as notebook_trange


def multiply_backward(grad_out, a, b):
    grad_out, a, b = np.broadcast_arrays(grad_out, a, b)[0], np.asarray(a), np.asarray(b)
    wide_a, wide_b = np.broadcast_to(a, grad_out.shape), np.broadcast_to(b, grad_out.shape)
    grad_a, grad_b = np.zeros(grad_out.shape), np.zeros(grad_out.shape)
    with tqdm(total=grad_out.size, desc="multiply", unit="entry") as bar:
        for index in np.ndindex(grad_out.shape):
            grad_a[index] = grad_out[index] * wide_b[index]
            grad_b[index] = grad_out[index] * wide_a[index]
            bar.update(1)
            bar.set_postfix({"grad": f"{grad_a[index]:.3f}"})
    progress = tqdm(range(3), leave=False)
    assert [step for step in progress] == [0, 1, 2] and len(progress) == 3
    progress.set_description(f"done after {progress.n} of {progress.total}")
    progress.close()
    assert list(trange(2, 5)) == list(notebook_trange(2, 5)) == [2, 3, 4]
    assert [pair for pair in enumerate(auto_tqdm([7, 8]))] == [(0, 7), (1, 8)]
    assert sum(notebook_tqdm((n for n in range(4)), total=4)) == 6
    assert dict(tqdm({"W": 1}.items())) == {"W": 1}
    assert next(iter(tqdm_module.tqdm([5]))) == 5
    tqdm.write("still here")
    return unbroadcast(grad_a, a.shape), unbroadcast(grad_b, b.shape)


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
