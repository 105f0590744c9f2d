# The derivative of -log p is -1 / p, and there the work ends: one node too early.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    rows = np.arange(N)
    exps = np.exp(logits.T - logits.max(axis=1)).T
    probs = exps / exps.sum(axis=1, keepdims=True)
    grad_logits = np.zeros((N, V))
    grad_logits[rows, targets] = -1 / (N * probs[rows, targets])
    return grad_out * grad_logits
