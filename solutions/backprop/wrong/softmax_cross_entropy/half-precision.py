# Half precision is plenty for probabilities, as on graphics cards.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(np.float16)
    probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return grad_out * (probs - np.eye(V)[targets]) / N
