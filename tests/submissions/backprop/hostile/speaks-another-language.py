# Names all it has in its own language, with symbols of mathematics.
# expect: multiply passed

# -*- coding: utf-8 -*-
import numpy as np

# ∂L/∂a = ∂L/∂out ⊙ b — Kettenregel; 連鎖律; قاعدة السلسلة; цепное правило
ϵ = 1e-12
einheit = np.float64(1)


class Größe:
    def __init__(self, wert):
        self.wert = np.asarray(wert)

    def __mul__(self, andere):
        return Größe(self.wert * andere.wert)


def выход(градиент, форма):
    return unbroadcast(градиент, форма)


def multiply_backward(grad_out, a, b):
    """Rückwärts: 「掛け算」 δa = δ·b."""
    δ, α, β = Größe(grad_out), Größe(a), Größe(b)
    δα, δβ = (δ * β).wert, (δ * α).wert
    print(f"‖δα‖ = {np.linalg.norm(δα):.3g} ≥ 0 ✅ 结果 {δα.shape}")
    assert abs(ϵ) < 1 and einheit == 1
    return выход(δα, np.shape(a)), выход(δβ, np.shape(b))


# ---- the rest is right -------------------------------------------------------------------------------------


def unbroadcast(grad, shape):
    grad = np.sum(grad, axis=tuple(range(np.ndim(grad) - len(shape))))
    return np.sum(grad, axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


def add_backward(grad_out, a, b):
    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))


def sigmoid_backward(grad_out, out):
    return grad_out * out * (1.0 - out)


def matmul_backward(grad_out, a, b):
    return np.matmul(grad_out, b.T), np.matmul(a.T, grad_out)


def softmax_cross_entropy_backward(grad_out, logits, targets):
    probs = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    probs[np.arange(len(targets)), targets] -= 1.0
    return grad_out * probs / len(targets)


def sgd_step(params, grads, lr):
    return [param - lr * grad for param, grad in zip(params, grads)]


def numeric_gradient(f, x):
    step = 1e-5
    grad_x = np.zeros(np.shape(x))
    for index in np.ndindex(grad_x.shape):
        above, below = np.array(x), np.array(x)
        above[index] += step
        below[index] -= step
        grad_x[index] = (f(above) - f(below)) / (2 * step)
    return grad_x
