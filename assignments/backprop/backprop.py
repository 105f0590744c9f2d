# %% [markdown]
# # Backpropagation by hand
#
# A neural network is a graph of small functions. The forward pass computes a value at each node; the backward pass
# carries the gradient of the loss from the last node to the first. At each node the same thing happens:
#
# **downstream gradient = upstream gradient × local gradient**
#
# In this assignment you write that step for five functions, and three small tools beside them: one that undoes
# broadcasting, one that takes a step of gradient descent, and one that checks gradients numerically. Nothing is
# differentiated for you: no autograd, only numpy.
#
# ## What every backward function keeps to
#
# 1. `grad_out` is the upstream gradient: the gradient of the loss with respect to the function's output. For the
#    loss itself it is a number, usually 1. Multiply by it.
# 2. Return one gradient for each operand, in their order, and nothing beside them. Each has exactly the shape of its
#    operand: there is no engine behind you that adds up what broadcasting stretched.
# 3. Rows are examples. The mean over the N examples is taken by the loss, and only there: that is where 1/N lives.
# 4. Arguments are only lent: do not change them. Remember nothing between two calls.
# 5. Inputs may be float32, integer, a view into a larger array, or 0-d. Logits may be as large as ±1000. About six
#    right digits are enough, and a warning is not a mistake.
#
# Write direct formulas, except in the last question, which asks for differences. Differencing the forward function
# gets full marks for right numbers, but a person will look at it, and you will have missed the point.
#
# Check your work at any time, in a terminal beside this file:
#
#     grader check backprop.py
#
# (or `backprop.ipynb`, if that is what you work in; save it first).

# %%
import numpy as np

# %% [markdown]
# ## The forward functions
#
# These are given. Read them before you start: each backward function belongs to one of them.


# %%
def add(a, b):
    """a + b, broadcast together."""
    return a + b


def multiply(a, b):
    """a * b, entry by entry, broadcast together."""
    return a * b


def sigmoid(x):
    """1 / (1 + exp(-x)), of the shape of x."""
    return 1.0 / (1.0 + np.exp(-x))


def matmul(a, b):
    """a @ b: (N, D) @ (D, H) -> (N, H)."""
    return a @ b


def softmax_cross_entropy(logits, targets):
    """Mean of -log softmax(logits)[target] over the N rows: logits (N, V), targets (N,) -> one number."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(targets)), targets])


# %% [markdown]
# ## Question 1: unbroadcast (6 points)
#
# When numpy computes `a + b` with `a` of shape (5, 3) and `b` of shape (3,), it uses each entry of `b` five times. A
# value that was used in several places receives a gradient from each of them, and these add up. Write that once, for
# all shapes: axes that broadcasting put in front, axes that it stretched from 1, both, or neither.


# %%
def unbroadcast(grad, shape):
    """Gradient of an array x of the given shape, given grad, the gradient of what broadcasting made of x.

    `shape` is a tuple that numpy can broadcast to grad.shape. Returns grad_x, of that shape.
    """
    raise NotImplementedError("unbroadcast: add up what broadcasting has repeated")


# %% [markdown]
# ## Question 2: add (8 points)
#
# `a` and `b` may have different shapes, as long as numpy can broadcast them. You may call your own `unbroadcast`.


# %%
def add_backward(grad_out, a, b):
    """Gradients of the loss with respect to a and b, given grad_out, of the shape of a + b.

    Returns (grad_a, grad_b), of the shapes of a and b.
    """
    raise NotImplementedError("add: write the gradients of a and b")


# %% [markdown]
# ## Question 3: multiply (12 points)
#
# The same broadcasting, another local gradient.


# %%
def multiply_backward(grad_out, a, b):
    """Gradients of the loss with respect to a and b, given grad_out, of the shape of a * b.

    Returns (grad_a, grad_b), of the shapes of a and b.
    """
    raise NotImplementedError("multiply: write the gradients of a and b")


# %% [markdown]
# ## Question 4: sigmoid (10 points)
#
# The forward pass has kept its output. `out` is sigmoid(x), not x: you do not need the input any more.


# %%
def sigmoid_backward(grad_out, out):
    """Gradient of the loss with respect to x, given grad_out and out = sigmoid(x), all of one shape.

    Returns grad_x, of the shape of out.
    """
    raise NotImplementedError("sigmoid: write the gradient of x")


# %% [markdown]
# ## Question 5: matmul (14 points)
#
# Write down the shapes of `grad_out`, `a` and `b`. There are not many ways to get a product of the shape of `a`.


# %%
def matmul_backward(grad_out, a, b):
    """Gradients of the loss with respect to a (N, D) and b (D, H), given grad_out (N, H).

    Returns (grad_a, grad_b), of shapes (N, D) and (D, H).
    """
    raise NotImplementedError("matmul: write the gradients of a and b")


# %% [markdown]
# ## Question 6: softmax cross-entropy (18 points)
#
# Softmax and cross-entropy together have a much simpler gradient than either alone. `targets` are class numbers,
# from 0 to V - 1, not one-hot rows.


# %%
def softmax_cross_entropy_backward(grad_out, logits, targets):
    """Gradient of the mean loss with respect to the logits (N, V), given one number, grad_out, and targets (N,).

    Returns grad_logits, of shape (N, V).
    """
    raise NotImplementedError("softmax_cross_entropy: write the gradient of the logits")


# %% [markdown]
# ## Question 7: one step of gradient descent (4 points)
#
# This is what the gradients are for: every parameter moves a little against its gradient, w ← w - lr · dL/dw.


# %%
def sgd_step(params, grads, lr):
    """The parameters after one step. params and grads are two lists of arrays: each gradient has its parameter's shape.

    Returns a new list of new arrays. Neither the list params nor the arrays in it are changed.
    """
    raise NotImplementedError("sgd_step: move each parameter against its gradient")


# %% [markdown]
# ## Question 8: the numeric gradient (8 points)
#
# How do you know that a backward function is right, without an answer sheet? Move one entry of x a little up and a
# little down, look how much f changes, and divide: the slope, measured. It is slow, and never exact, but it needs no
# derivation, so it can check one. Yours is graded by what it can tell apart: it should agree with the right gradient,
# and with none of the wrong ones.


# %%
def numeric_gradient(f, x):
    """Gradient of the scalar function f at x, by central differences. f takes an array of x's shape.

    x is float64, of any shape. Leave it as it was. Returns an array of x's shape.
    """
    raise NotImplementedError("numeric_gradient: measure the slope of f in each entry of x")
