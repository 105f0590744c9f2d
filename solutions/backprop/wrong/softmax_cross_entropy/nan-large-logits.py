# The softmax is typed as on the slide; that exp overflows for large logits is not thought of.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    probs = np.exp(logits) / np.sum(np.exp(logits), axis=1, keepdims=True)
    probs[np.arange(N), targets] -= 1
    return grad_out * probs / N
