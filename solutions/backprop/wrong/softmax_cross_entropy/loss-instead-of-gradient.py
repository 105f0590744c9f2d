# The function computes the loss, which is what the name ends in.
# loses: runs values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return grad_out * -log_probs[np.arange(len(targets)), targets].mean()
