# The maximum is subtracted from the logits in place: the softmax stays the same, the argument does not.
# loses: hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    logits -= logits.max(axis=1, keepdims=True)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return grad_out * (probs - np.eye(V)[targets]) / N
