# Gradients have to be accumulated, so the total is kept from one call to the next.
# loses: hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets, totals={}):
    N, V = logits.shape
    exps = np.exp(logits.T - logits.max(axis=1)).T
    probs = exps / exps.sum(axis=1, keepdims=True)
    grad_logits = grad_out * (probs - np.eye(V)[targets]) / N
    totals[logits.shape] = totals.get(logits.shape, 0) + grad_logits
    return totals[logits.shape]
