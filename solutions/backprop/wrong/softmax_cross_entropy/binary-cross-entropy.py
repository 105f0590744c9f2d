# Each class is a yes-or-no question with the loss of its own, so the error is divided by p * (1 - p).
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    probs = np.array([np.exp(row - row.max()) for row in logits])
    probs /= probs.sum(axis=1, keepdims=True)
    onehot = np.eye(V)[targets]
    return grad_out * (probs - onehot) / (probs * (1 - probs)) / N
