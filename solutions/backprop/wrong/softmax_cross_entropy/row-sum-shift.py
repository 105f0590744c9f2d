# The sum of each row is subtracted to keep the exponentials small.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits - logits.sum(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    return grad_out / N * (probs - np.eye(V)[targets])
