# grad_out is taken for one number per row, and gets an axis for the classes.
# loses: runs values shapes hard pure

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1
    return grad_out[:, None] * probs / len(targets)
