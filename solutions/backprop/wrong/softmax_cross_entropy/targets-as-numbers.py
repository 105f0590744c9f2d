# The prediction minus the target: the class number itself is subtracted from the row.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - logits.max(axis=1)[:, None])
    probs = probs / probs.sum(axis=1)[:, None]
    return grad_out * (probs - targets[:, None]) / len(targets)
