# The logits divided by their sum are the probabilities.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    probs = logits / logits.sum(axis=1, keepdims=True)
    probs[np.arange(N), targets] -= 1
    return grad_out * probs / N
