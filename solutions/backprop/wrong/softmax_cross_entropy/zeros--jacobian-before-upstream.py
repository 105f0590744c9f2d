# The rows of the Jacobian are summed first, and the sums are multiplied by the gradient of the loss.
# loses: values shapes hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
    grad_logits = np.zeros((N, V))
    for n in range(N):
        jacobian = np.diag(probs[n]) - np.outer(probs[n], probs[n])
        grad_probs = np.eye(V)[targets[n]] * -1 / (N * probs[n] + 1e-12)
        grad_logits[n] = jacobian.sum(axis=1) * grad_probs
    return grad_out * grad_logits
