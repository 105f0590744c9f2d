# The one-hot takes the type of the targets; with unsigned integers its negative wraps around to 255.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits.T - logits.max(axis=1)).T
    probs = exps / exps.sum(axis=1, keepdims=True)
    onehot = np.zeros((N, V), dtype=targets.dtype)
    onehot[np.arange(N), targets] = 1
    return grad_out * (-onehot + probs) / N
