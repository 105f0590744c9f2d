# flatten in any order keeps the rows together; it reads columns where the logits are stored that way.
# loses: hard

import numpy as np


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    flat = logits.flatten(order="A")
    grad = np.zeros(N * V)
    for n in range(N):
        row = flat[n * V : (n + 1) * V]
        exps = np.exp(row - row.max())
        grad[n * V : (n + 1) * V] = exps / exps.sum()
        grad[n * V + targets[n].item()] -= 1
    return grad_out * grad.reshape(N, V) / N
