# Each logit goes through a sigmoid to become a probability.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    probs = 1 / (1 + np.exp(-logits))
    return grad_out * (probs - np.eye(V)[targets]) / N
