# exp overflows above 709, so logits are cut off at 700, which makes rows of larger ones alike.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    logits = np.minimum(np.asarray(logits, dtype=np.float64), 700.0)
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    return grad_out * probs / len(targets)
