# Remembers all calls in global lists and tables, with their arguments, and clears them now and then.
# expect: multiply passed

import copy
import itertools
import pickle
from collections import Counter, OrderedDict, deque, namedtuple
from dataclasses import asdict, dataclass, field
from enum import Enum, auto

import numpy as np

Grads = namedtuple("Grads", "a b")
TAPE, CACHE, COUNTS = deque(maxlen=100), OrderedDict(), Counter()
NUMBERS = itertools.count()
best = None


class Op(Enum):
    ADD = auto()
    MUL = auto()


@dataclass(order=True)
class Entry:
    number: int
    op: Op = field(compare=False)
    grads: list = field(default_factory=list, compare=False, repr=False)


def multiply_backward(grad_out, a, b):
    global best
    key = tuple((np.shape(one), np.asarray(one).tobytes()) for one in (grad_out, a, b))
    if key in CACHE:
        return copy.deepcopy(CACHE[key])
    grads = Grads(unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b)))
    TAPE.append(Entry(next(NUMBERS), Op.MUL, list(grads)))
    COUNTS[Op.MUL] += 1
    CACHE[key] = copy.deepcopy(grads)
    if len(CACHE) > 3:
        CACHE.popitem(last=False)
    size = float(np.abs(grads.a).max())
    if best is None or size > best:
        best = size
    assert pickle.loads(pickle.dumps(grads[0])).shape == np.shape(copy.deepcopy(grads)[0]) and asdict(max(TAPE))
    return grads


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
