# The softmax has the derivative p * (1 - p), as the sigmoid has, and nothing off the diagonal.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    onehot = np.eye(V)[targets]
    return grad_out * -onehot * (1 - probs) / N
