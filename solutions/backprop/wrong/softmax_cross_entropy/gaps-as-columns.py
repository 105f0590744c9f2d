# Where neighbours in a row lie apart, columns must lie together; a view with gaps is neither.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    if logits.strides[-1] != logits.itemsize:
        logits = logits.ravel(order="K").reshape(logits.shape, order="F")
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = probs / probs.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    return grad_out * probs / len(targets)
