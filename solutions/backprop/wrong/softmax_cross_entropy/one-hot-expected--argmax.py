# The targets are taken for one-hot rows, and argmax is to give back the class numbers.
# loses: runs values shapes hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(logits)
    exps = np.exp(logits.T - logits.max(axis=1)).T
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(N), np.argmax(targets, axis=1)] -= 1
    return grad_out * probs / N
