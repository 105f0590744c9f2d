# The targets are taken for one-hot rows, so they are subtracted as they are.
# loses: runs values shapes hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.array([np.exp(row - row.max()) for row in logits])
    probs /= probs.sum(axis=1, keepdims=True)
    return grad_out * (probs - targets) / len(targets)
