# The exponentials are powers of two.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N = len(targets)
    powers = 2.0 ** (logits - logits.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    probs[np.arange(N), targets] -= 1
    return grad_out * probs / N
