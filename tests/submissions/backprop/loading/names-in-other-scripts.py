r"""Rückwärtsrechnung, 逆伝播, обратное распространение: \partial L / \partial b"""
import numpy as np

ε = 0.0


def zurückführen(grad, größe):
    """∂L/∂b ist die Summe über alle Kopien: \\sum_i"""
    grad = grad.sum(axis=tuple(range(grad.ndim - len(größe))))
    return grad.sum(axis=tuple(i for i, n in enumerate(größe) if n == 1), keepdims=True)


def add_backward(grad_out, α, β):
    return zurückführen(grad_out, α.shape), zurückführen(grad_out, β.shape)


def multiply_backward(grad_out, α, β):
    return zurückführen(np.asarray(grad_out * β), α.shape), zurückführen(np.asarray(grad_out * α), β.shape)


def sigmoid_backward(grad_out, σ):
    return grad_out * σ * (1 - σ) + ε


def matmul_backward(grad_out, α, β):
    return grad_out @ β.T, α.T @ grad_out


def softmax_cross_entropy_backward(grad_out, ζ, ziele):
    π = np.exp(ζ - ζ.max(axis=1, keepdims=True))
    π /= π.sum(axis=1, keepdims=True)
    π[np.arange(len(ziele)), ziele] -= 1
    return grad_out * π / len(ziele)


def unbroadcast(grad, größe):
    return zurückführen(np.asarray(grad), größe)


def sgd_step(θ, δθ, η):
    return [вес - η * градиент for вес, градиент in zip(θ, δθ)]


def numeric_gradient(f, ξ):
    Δ = 1e-5
    grad = np.zeros(np.shape(ξ))
    for 番 in np.ndindex(grad.shape):
        ξ_oben, ξ_unten = np.array(ξ), np.array(ξ)
        ξ_oben[番] += Δ
        ξ_unten[番] -= Δ
        grad[番] = (f(ξ_oben) - f(ξ_unten)) / (2 * Δ)
    return grad
