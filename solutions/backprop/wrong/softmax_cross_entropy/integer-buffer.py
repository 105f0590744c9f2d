# The buffer is made like the logits, and with whole numbers as logits it cuts off the fractions.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    probs = np.zeros_like(logits)
    for n in range(N):
        exps = np.exp(logits[n] - logits[n].max())
        probs[n] = exps / exps.sum()
    probs[np.arange(N), targets] -= 1
    return grad_out * probs / N
