# The logits are not needed after the exponentials, so the gradient is written over them.
# loses: hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    logits[:] = exps / exps.sum(axis=1, keepdims=True)
    logits[np.arange(N), targets] -= 1
    logits *= grad_out / N
    return logits
