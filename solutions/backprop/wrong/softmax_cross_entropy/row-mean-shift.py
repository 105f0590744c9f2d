# Each row is centred on its mean, which keeps the logits small only if they are close together.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    exps = np.exp(logits - np.mean(logits, axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(N), targets] -= 1
    return grad_out * probs / N
