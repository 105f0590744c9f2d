{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "import numpy as np"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def unbroadcast(grad, shape):\n",
    "    grad = np.asarray(grad)\n",
    "    while grad.ndim > len(shape):\n",
    "        grad = grad.sum(axis=0)\n",
    "    for axis, size in enumerate(shape):\n",
    "        if size == 1:\n",
    "            grad = grad.sum(axis=axis, keepdims=True)\n",
    "    return grad"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def add_backward(grad_out, a, b):\n",
    "    return unbroadcast(grad_out, np.shape(a)), unbroadcast(grad_out, np.shape(b))"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def multiply_backward(grad_out, a, b):\n",
    "    return unbroadcast(grad_out * b, np.shape(a)), unbroadcast(grad_out * a, np.shape(b))"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def sigmoid_backward(grad_out, out):\n",
    "    return grad_out * out * (1.0 - out)"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def matmul_backward(grad_out, a, b):\n",
    "    return grad_out @ b.T, a.T @ grad_out"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def softmax_cross_entropy_backward(grad_out, logits, targets):\n",
    "    powers = np.exp(logits - logits.max(axis=1, keepdims=True))\n",
    "    probs = powers / powers.sum(axis=1, keepdims=True)\n",
    "    one_hot = np.eye(logits.shape[1])[targets]\n",
    "    return grad_out * (probs - one_hot) / len(targets)"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def sgd_step(params, grads, lr):\n",
    "    return [param - lr * grad for param, grad in zip(params, grads)]"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def numeric_gradient(f, x):\n",
    "    grad = np.zeros(np.shape(x))\n",
    "    for index in np.ndindex(np.shape(x)):\n",
    "        up, down = np.array(x), np.array(x)\n",
    "        up[index] += 1e-5\n",
    "        down[index] -= 1e-5\n",
    "        grad[index] = (f(up) - f(down)) / 2e-5\n",
    "    return grad"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
