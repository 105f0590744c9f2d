# A colon picks the rows, so 1 is subtracted in every row at all targets of the batch.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    probs[:, targets] -= 1
    return grad_out * probs / len(targets)
