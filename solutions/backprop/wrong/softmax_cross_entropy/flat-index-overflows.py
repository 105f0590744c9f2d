# The place of each target is counted in the type of the targets, which ends at 255 for small labels.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = probs / probs.sum(axis=1, keepdims=True)
    flat = probs.reshape(-1)
    flat[np.arange(N, dtype=targets.dtype) * V + targets] -= 1
    return grad_out * flat.reshape(N, V) / N
