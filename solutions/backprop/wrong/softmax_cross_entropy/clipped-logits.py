# Logits are clipped to [-30, 30], so that no exponential overflows.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(np.clip(logits, -30, 30))
    probs = exps / exps.sum(axis=1, keepdims=True)
    return grad_out * (probs - np.eye(V)[targets]) / N
