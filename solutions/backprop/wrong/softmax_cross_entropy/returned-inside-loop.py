# The return statement is indented too far, so the loop ends after the first example.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    grad_logits = np.zeros((N, V))
    for n in range(N):
        exps = np.exp(logits[n] - logits[n].max())
        grad_logits[n] = grad_out * exps / exps.sum() / N
        grad_logits[n, targets[n]] -= grad_out / N
        return grad_logits
