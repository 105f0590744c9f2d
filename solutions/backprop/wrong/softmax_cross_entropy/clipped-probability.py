# Probabilities are kept above 1e-10, so that dividing by one of them is always safe.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    probs = np.exp(logits - logits.max(axis=1)[:, None])
    probs = probs / probs.sum(axis=1)[:, None]
    grad_probs = -np.eye(V)[targets] / np.clip(probs, 1e-10, 1.0) / N
    inner = (grad_probs * probs).sum(axis=1, keepdims=True)
    return grad_out * probs * (grad_probs - inner)
