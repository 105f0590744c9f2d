# The 1 is subtracted at the class that the model prefers, not at the target.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    probs = np.array([np.exp(row - row.max()) for row in logits])
    probs /= probs.sum(axis=1, keepdims=True)
    probs[np.arange(N), probs.argmax(axis=1)] -= 1
    return grad_out * probs / N
