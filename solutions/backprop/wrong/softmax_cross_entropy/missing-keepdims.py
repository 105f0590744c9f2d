# The row sums are divided out without keepdims, so numpy lines them up with the columns.
# loses: runs values shapes hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1)
    return grad_out * (probs - np.eye(V)[targets]) / N
