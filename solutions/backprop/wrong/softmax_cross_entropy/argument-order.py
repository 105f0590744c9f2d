# The upstream comes last, after logits and targets.
# loses: runs values shapes hard pure

import numpy as np


def softmax_cross_entropy_backward(logits, targets, grad_out):
    N, V = logits.shape
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
    return grad_out * (probs - np.eye(V)[targets]) / N
