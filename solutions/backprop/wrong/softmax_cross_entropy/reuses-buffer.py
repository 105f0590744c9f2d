# One buffer for each shape saves memory; that a returned gradient is still in use is not thought of.
# loses: pure

import numpy as np

_softmax_buffers = {}


def softmax_cross_entropy_backward(grad_out, logits, targets):
    N, V = logits.shape
    grad_logits = _softmax_buffers.setdefault((N, V), np.zeros((N, V)))
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad_logits[:] = exps / exps.sum(axis=1, keepdims=True)
    grad_logits[np.arange(N), targets] -= 1
    grad_logits *= grad_out / N
    return grad_logits
