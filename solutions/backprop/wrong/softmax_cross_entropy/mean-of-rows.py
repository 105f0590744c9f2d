# The loss is a mean over the examples, so the gradient is the mean of its rows.
# loses: runs values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    V = logits.shape[1]
    exps = np.exp(logits.T - logits.max(axis=1)).T
    probs = exps / exps.sum(axis=1, keepdims=True)
    return grad_out * np.mean(probs - np.eye(V)[targets], axis=0)
