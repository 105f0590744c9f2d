# Logs through loggers, handlers and formatters, to the screen, and to a file in `try`.
# expect: multiply passed

import logging
import logging.handlers
import sys
import warnings

import numpy as np

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s %(processName)s %(threadName)s %(message)s")
logging.captureWarnings(True)
warnings.filterwarnings("ignore")
logger = logging.getLogger(__name__)
logger.setLevel(logging.DEBUG)
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("[%(levelname)s] %(asctime)s %(funcName)s:%(lineno)d %(message)s"))
logger.addHandler(handler)
try:
    logger.addHandler(logging.FileHandler("homework.log"))
except OSError:
    logger.info("no log file")


def multiply_backward(grad_out, a, b):
    logger.debug("shapes %s %s", np.shape(a), np.shape(b))
    logging.warning("a is %r", a)
    try:
        raise ValueError("as an example")
    except ValueError:
        logger.exception("caught")
    print("grad_out", grad_out, file=sys.stderr, flush=True)
    sys.stdout.write("written\n")
    sys.stdout.flush()
    if sys.stdout.isatty():
        print("\033[1mbold\033[0m")
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
