# An upstream gradient that is an array must have one entry for each row; an array of no axes has none.
# loses: hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = probs / probs.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    if isinstance(grad_out, np.ndarray):
        grad_out = grad_out[:, None]
    return grad_out * probs / len(targets)
