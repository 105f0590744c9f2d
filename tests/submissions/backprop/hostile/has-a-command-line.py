# Can be called from a terminal, with options, help, a main function and an exit code.
# expect: multiply passed

import argparse
import sys

import numpy as np

parser = argparse.ArgumentParser(prog="hw", description=__doc__)
parser.add_argument("--scale", type=float, default=1.0)
parser.add_argument("--verbose", "-v", action="count", default=0)
args, unknown = parser.parse_known_args()


def usage():
    print(f"usage: {sys.argv[0] or 'hw.py'} [--scale SCALE]", file=sys.stderr)
    return 2


def multiply_backward(grad_out, a, b):
    if args.verbose:
        print(parser.format_help())
    scale = args.scale
    return unbroadcast(scale * grad_out * b, np.shape(a)), unbroadcast(scale * grad_out * a, np.shape(b))


def main(argv=None):
    options = parser.parse_args(argv)
    rng = np.random.default_rng(0)
    print(multiply_backward(*rng.normal(size=(3, 2, 2))), options)
    return 0


if __name__ == "__main__":
    sys.exit(main() if len(sys.argv) > 1 else usage())


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
