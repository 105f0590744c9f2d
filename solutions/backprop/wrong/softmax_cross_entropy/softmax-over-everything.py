# The exponentials are divided by their sum, and the sum forgets its axis.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    exps = np.exp(logits - logits.max())
    probs = exps / exps.sum()
    return grad_out * (probs - np.eye(V)[targets]) / N
