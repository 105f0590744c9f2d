# The loop over the batch stops one example early.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    grad_logits = np.zeros((N, V))
    for n in range(N - 1):
        exps = np.exp(logits[n] - np.max(logits[n]))
        grad_logits[n] = exps / np.sum(exps)
        grad_logits[n, targets[n]] -= 1
    return grad_out * grad_logits / N
