# The upstream is multiplied once into the rows and once more into the mean.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(N), targets] -= 1
    grad_rows = grad_out * probs
    return grad_out * grad_rows / N
