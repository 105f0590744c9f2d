# A small number is added to the target's probability before it divides.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
    onehot = np.eye(V)[targets]
    grad_probs = -onehot / (probs + 1e-8) / N
    inner = np.sum(grad_probs * probs, axis=1, keepdims=True)
    return grad_out * probs * (grad_probs - inner)
