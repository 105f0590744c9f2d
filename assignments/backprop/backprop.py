# %% [markdown]
# # Backpropagation by hand
#
# A neural network is a graph of small functions. The forward pass computes a value at each node. The backward pass
# carries the gradient of the loss from the last node back to the first. In this homework you write that backward pass
# yourself, for five functions:
#
# `add`, `multiply`, `sigmoid`, `matmul`, and `softmax_cross_entropy`.
#
# There are three small tools beside them: one undoes broadcasting, one takes a step of gradient descent, one measures
# gradients numerically. Nothing is differentiated for you: no autograd, only numpy.
#
# At the end, your functions train three small models. The last one is a neural language model. You write nothing new
# for that: it works when your functions work.
#
# There are 100 points. The first eight questions ask you to write a function; the last four put your functions to work.

# %% [markdown]
# ## Before you start
#
# Run the next cell. If it answers `No module named 'autograder'`, the grader is not installed yet. It came in the zip
# with this file: run this line once in a cell of its own, and go on here.
#
#     %pip install backprop_grader-0.1.0-py3-none-any.whl
#
# In Colab, first drop `backprop-student.zip` on the folder icon on the left. Then run these lines once in a cell of
# their own:
#
#     !unzip -qo backprop-student.zip
#     %cd backprop
#     %pip install --no-deps backprop_grader-0.1.0-py3-none-any.whl

# %%
from autograder.notebook import Notebook

grader = Notebook("backprop", version="1.0")

# %%
import numpy as np

# %% [markdown]
# ## The lecture in one picture
#
# Take $L = c\,(a + 2b)$ with $a = 3$, $b = 1$ and $c = -2$. Cut it into steps that each do one thing:
#
# $$d = 2b \qquad e = a + d \qquad L = c\,e$$
#
# These steps are the **computation graph**.
#
# (Picture: The computation graph of L = c (a + 2b). Forward: a = 3, b = 1, c = -2, d = 2, e = 5, L = -10. Backward:
# dL/dL = 1, dL/dc = 5, dL/de = -2, dL/da = -2, dL/dd = -2, dL/db = -4.)
#
# **Forward** (solid arrows), each node computes its value from those before it: $d = 2$, $e = 5$, $L = -10$.
#
# **Backward** (dashed arrows), each node is told how much $L$ changes when the value of this node changes. That is its
# **upstream gradient**. At the last node it is 1, because $L$ changes exactly as much as $L$. The node multiplies it by
# its **local gradient**: how much its own value changes when an input changes. The product is the **downstream
# gradient**, and goes on to that input:
#
# **downstream gradient = upstream gradient × local gradient**
#
# $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial x}$$
#
# Follow one arrow. The node $d = 2b$ receives the upstream gradient $-2$. When $b$ grows by 0.01, $d$ grows by 0.02, so
# the local gradient is 2. Downstream goes $-2 \times 2 = -4$, and this is $\partial L / \partial b$. Now read the other
# numbers in the same way, from right to left, before you go on:
#
# | | $L$ | $c$ | $e$ | $a$ | $d$ | $b$ |
# | --- | --- | --- | --- | --- | --- | --- |
# | value | -10 | -2 | 5 | 3 | 2 | 1 |
# | gradient of $L$ | 1 | 5 | -2 | -2 | -2 | -4 |
#
# With arrays, only the bookkeeping grows. The gradient of $L$ with respect to an array holds one number for each entry
# of the array, so it has the same shape.

# %% [markdown]
# ### From logits to a loss
#
# The last layer of a classifier gives each example $V$ numbers, one for each class: the **logits** $z$. **Softmax**
# makes probabilities of them, and **cross-entropy** is the surprise at the right class $t$, averaged over the $N$
# examples:
#
# $$p_{ij} = \frac{e^{z_{ij}}}{\sum_k e^{z_{ik}}} \qquad L = -\frac{1}{N} \sum_i \log p_{i\,t_i}$$
#
# ### What the gradients are for
#
# **Training** repeats one step: run forward, run backward, move every parameter a little against its gradient. How far
# is the learning rate, `lr`:
#
# $$w \leftarrow w - \text{lr} \cdot \frac{\partial L}{\partial w}$$

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
    """Mean of -log softmax(logits)[target] over N rows: (N, V), (N,) -> one number."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(targets)), targets])


# %% [markdown]
# ## What every backward function keeps to
#
# Courses differ in these points. Read them once, even if you have done backpropagation before.
#
# 1. **`grad_out` is the upstream gradient**: the gradient of the loss with respect to the function's output, and of the
#    same shape. For the loss itself it is one number, usually 1, but not always. Multiply by it.
# 2. **Return the gradients, and nothing else**: one for each operand, in their order, several of them as a tuple. No
#    loss beside them, no dictionary, nothing stored in an object.
# 3. **Each gradient has exactly the shape of its operand.** There is no engine behind you that adds up what
#    broadcasting stretched.
# 4. **Rows are examples.** The mean over the $N$ examples is taken by the loss, and only there. That is where $1/N$
#    lives: no other function divides by $N$.
# 5. **`out` is the output.** `sigmoid_backward` receives `out`, which is sigmoid(x). It does not receive x.
# 6. **`targets` are integers**, the numbers of the right classes from 0 to $V - 1$. They are not one-hot rows.
# 7. **Logits may be huge**, up to ±1000. The result must stay finite then. No small number has to be added anywhere for
#    that.
# 8. **Arguments are only lent.** Do not change them, and remember nothing between two calls.
# 9. **Inputs come in all forms** that numpy knows: float32, integers, a view into a larger array, a single number
#    without any axis. About six right digits are enough, and a warning is not a mistake.
#
# Write direct formulas, except in Question 8, which asks for differences. Differencing the forward function gets full
# marks for right numbers, but a person will look at it, and you will have missed the point.

# %% [markdown]
# ## How to check your work
#
# Each question ends with a cell like `grader.check("multiply")`. Run the cell with your function, then this one. It
# says what is right, and the first thing that is not right yet. Check as often as you like: nothing is sent anywhere,
# and no attempt is counted.
#
# * `grader.check("multiply")` checks one question: one sentence on the first problem, your numbers beside the expected
#   ones, and inputs to try it with.
# * `grader.hint("multiply")` gives the next thought on that problem, one more each time.
# * `grader.check_all()` checks all questions, with your points and what to do next.
# * `grader.export()` packs the saved notebook into the zip that you hand in.
#
# In a terminal, in the folder of this file, `grader check backprop.ipynb` does the same for the saved notebook.
#
# Points come in parts. You keep what is right: a function that is right on ordinary inputs has the points for these,
# also if it fails for huge ones. And no question needs all others: if one function will not come right tonight, go on
# with the next.

# %% [markdown]
# ## Question 1: unbroadcast (6 points)
#
# When numpy computes `a + b` with `a` of shape (5, 3) and `b` of shape (3,), it uses each entry of `b` five times. A
# value that was used in several places receives a gradient from each of them, and these add up.
#
# Write that once, for all shapes: axes that broadcasting put in front, axes that it stretched from length 1, both, or
# neither.
#
# For example, with `grad` of shape (5, 3), `shape` may be (3,), (1, 3), (5, 1), (1, 1), (), or (5, 3) itself.


# %%
def unbroadcast(grad, shape):
    """Gradient of an array x of this shape, given grad, the gradient of what x was stretched to.

    `shape` is a tuple that numpy can broadcast to grad.shape. Returns grad_x, of that shape.
    """
    raise NotImplementedError("unbroadcast: add up what broadcasting has repeated")


# %%
print(grader.check("unbroadcast"))

# %% [markdown]
# ## Question 2: add (8 points)
#
# The forward function is $y_{ij} = a_{ij} + b_{ij}$. The operands `a` and `b` may have different shapes, as long as
# numpy can broadcast them. `grad_out` has the shape of `a + b`.
#
# You may call your own `unbroadcast`. If it is not right, `add` and `multiply` are checked once more with a right one,
# so that one mistake does not cost you twice.


# %%
def add_backward(grad_out, a, b):
    """Gradients of the loss for a and b, given grad_out, of the shape of a + b.

    Returns (grad_a, grad_b), of the shapes of a and b.
    """
    raise NotImplementedError("add: write the gradients of a and b")


# %%
print(grader.check("add"))

# %% [markdown]
# ## Question 3: multiply (12 points)
#
# The forward function is $y_{ij} = a_{ij} \, b_{ij}$. The broadcasting is the same, the local gradient is another one.
# When one entry of `a` grows by 0.01, by how much does the product grow?


# %%
def multiply_backward(grad_out, a, b):
    """Gradients of the loss for a and b, given grad_out, of the shape of a * b.

    Returns (grad_a, grad_b), of the shapes of a and b.
    """
    raise NotImplementedError("multiply: write the gradients of a and b")


# %%
print(grader.check("multiply"))

# %% [markdown]
# ## Question 4: sigmoid (10 points)
#
# The forward function is
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# and it has kept its output for you. `out` is $\sigma(x)$, not $x$: you do not need the input any more. Differentiate
# on paper first, and then look for $\sigma(x)$ in what you found.


# %%
def sigmoid_backward(grad_out, out):
    """Gradient of the loss for x, given grad_out and out = sigmoid(x), all of one shape.

    Returns grad_x, of that shape.
    """
    raise NotImplementedError("sigmoid: write the gradient of x")


# %%
print(grader.check("sigmoid"))

# %% [markdown]
# ## Question 5: matmul (14 points)
#
# The forward function is the matrix product `a @ b` of `a` (N, D) and `b` (D, H):
#
# $$y_{ih} = \sum_d a_{id} \, b_{dh}$$
#
# The weights `b` are stored as (inputs, outputs): there is no transpose in the forward function. Write down the shapes
# of `grad_out`, `a` and `b`. There are not many ways to get a product of the shape of `a`.


# %%
def matmul_backward(grad_out, a, b):
    """Gradients of the loss for a (N, D) and b (D, H), given grad_out (N, H).

    Returns (grad_a, grad_b), of shapes (N, D) and (D, H).
    """
    raise NotImplementedError("matmul: write the gradients of a and b")


# %%
print(grader.check("matmul"))

# %% [markdown]
# ## Question 6: softmax cross-entropy (18 points)
#
# Softmax and cross-entropy together have a much simpler gradient than either alone. Take one example first, and
# differentiate $-\log p_t$ with respect to one logit $z_j$: once for $j = t$, and once for another $j$. Then put the
# $N$ rows and their mean back.
#
# `grad_out` is one number here, because the output is one. `targets` holds a class number for each row. The forward
# function above shows how the exponentials stay finite.


# %%
def softmax_cross_entropy_backward(grad_out, logits, targets):
    """Gradient of the mean loss for the logits (N, V).

    grad_out is one number, and targets (N,) are integers. Returns grad_logits, of shape (N, V).
    """
    raise NotImplementedError("softmax_cross_entropy: write the gradient of the logits")


# %%
print(grader.check("softmax_cross_entropy"))

# %% [markdown]
# ## Question 7: one step of gradient descent (4 points)
#
# This is what the gradients are for: every parameter moves a little against its gradient, $w \leftarrow w - \text{lr}
# \cdot \partial L / \partial w$. Return new arrays, and leave the old ones as they are.


# %%
def sgd_step(params, grads, lr):
    """The parameters after one step of size lr, given two lists of arrays: params and grads.

    Each gradient has its parameter's shape. Returns a new list of new arrays: neither the list
    params nor the arrays in it are changed.
    """
    raise NotImplementedError("sgd_step: move each parameter against its gradient")


# %%
print(grader.check("sgd_step"))

# %% [markdown]
# ## Question 8: the numeric gradient (8 points)
#
# How do you know that a backward function is right, without an answer sheet? Move one entry of `x` a little up and a
# little down, look how much `f` changes, and divide: the slope, measured. It is slow, and never exact, but it needs no
# derivation, so it can check one.
#
# Yours is graded by what it can tell apart: it should agree with the right gradient, and with none of the wrong ones.


# %%
def numeric_gradient(f, x):
    """Gradient of f at x, by central differences. f takes an array of x's shape to one number.

    x is float64, of any shape. Leave it as it was. Returns an array of x's shape.
    """
    raise NotImplementedError("numeric_gradient: measure the slope of f in each entry of x")


# %%
print(grader.check("numeric_gradient"))

# %% [markdown]
# ## Your functions at work: questions 9 to 12 (20 points, nothing to write)
#
# The functions above are all that it takes to train a network. The models are in `training.py`, beside this file. It is
# short, and each class in it is one model: what it learns from (`data`), where it begins (`start`), and how its loss is
# computed (`loss`).
#
# The next cell is the machinery. The forward pass writes down each call that it makes; such a list is called a tape.
# The backward pass reads the list from its end, and calls your backward function for each line: the upstream gradient
# goes in, the downstream gradients come out, and they are upstream for an earlier line. If a value was used twice, two
# gradients come back to it. They add up.
#
# ### How the points are counted
#
# * **steps**: single backward calls of the model, in its shapes, with numbers like those of a training run. You get
#   points for the share of them that is right.
# * **learning**: the whole run, with all of your functions together. After every step, the parameters are compared with
#   those of a right run. A low loss at the end is not enough.
#
# The computation graph is walked back once, and nothing is learned there.
#
# A function that lost its points in its own question does not cost you the points for learning a second time. So if one
# function will not come right tonight, hand in the others.
#
# The cell below only defines things. There is nothing to change in it, and you can read it later.


# %%
class NotYet(Exception):
    """What is still missing, in one sentence."""


class Recorder:
    """Calls the forward functions and writes down each call; walk_back calls your functions, last call first."""

    def __init__(self):
        self.calls = []

    def add(self, a, b):
        return self.record("add", add(a, b), a, b)

    def multiply(self, a, b):
        return self.record("multiply", multiply(a, b), a, b)

    def sigmoid(self, x):
        return self.record("sigmoid", sigmoid(x), x)

    def matmul(self, a, b):
        return self.record("matmul", matmul(a, b), a, b)

    def softmax_cross_entropy(self, logits, targets):
        return self.record("softmax_cross_entropy", softmax_cross_entropy(logits, targets), logits, targets)

    def record(self, name, out, *inputs):
        self.calls.append((name, out, inputs))
        return out

    def walk_back(self, loss):
        """The gradient of the loss for each value, by the value's id: a number that no other value has."""
        upstream = {id(loss): np.ones(())}
        for name, out, inputs in reversed(self.calls):
            downstream = self.call_back(name, upstream[id(out)], out, inputs)
            for value, grad in zip(inputs, downstream):
                grad = np.asarray(grad)
                if grad.shape != np.shape(value):
                    shapes = f"shape {grad.shape} for an operand of shape {np.shape(value)}"
                    raise NotYet(f"{name}_backward returned a gradient of {shapes}.")
                upstream[id(value)] = upstream[id(value)] + grad if id(value) in upstream else grad
        return upstream

    def call_back(self, name, upstream, out, inputs):
        """The gradients that your function returns for one call."""
        if name == "sigmoid":
            returned = [sigmoid_backward(upstream, out)]
        elif name == "softmax_cross_entropy":
            returned = [softmax_cross_entropy_backward(upstream, *inputs)]
        else:
            pairs = {"add": add_backward, "multiply": multiply_backward, "matmul": matmul_backward}
            returned = pairs[name](upstream, *inputs)
            if not isinstance(returned, (tuple, list)) or len(returned) != 2:
                raise NotYet(f"{name}_backward has to return two gradients, one for a and one for b.")
        if any(one is None or isinstance(one, tuple) for one in returned):
            raise NotYet(f"{name}_backward has to return an array for each gradient, and nothing beside it.")
        return returned


def loss_and_gradients(model, params, data):
    """The loss, and its gradient for each parameter by name."""
    tape = Recorder()
    loss = model.loss(tape, params, data)
    grads = tape.walk_back(loss)
    return loss, {name: grads[id(value)] for name, value in params.items()}


def walk_once(model, params, data):
    """Print the value and the gradients of a model that learns nothing."""
    loss, grads = loss_and_gradients(model, params, data)
    print(f"{model.title}: the value is {loss:g}")
    for name, grad in grads.items():
        print(f"  gradient of {name}: {float(grad):g}")


def train(model, params, data):
    """Print the loss on the way down. Here your sgd_step takes the steps; the grader takes them itself."""
    print(f"{model.title}: {model.steps} steps, learning rate {model.lr:g}")
    for step in range(model.steps + 1):
        loss, grads = loss_and_gradients(model, params, data)
        if step % (model.steps // 5) == 0:
            print(f"  step {step:2}  loss {loss:.4f}")
        if step < model.steps:
            moved = sgd_step(list(params.values()), list(grads.values()), model.lr)
            if not isinstance(moved, (list, tuple)) or len(moved) != len(params):
                raise NotYet("sgd_step has to return a list with one new array for each parameter.")
            params = dict(zip(params, moved))
    if hasattr(model, "optimum"):
        print(f"  no parameters do better than {model.optimum(data):.4f}")
    if hasattr(model, "unseen"):
        unseen = model.unseen(np.random.default_rng(1))
        print(f"  loss on what it has not seen: {model.loss(Recorder(), params, unseen):.4f}")


def run(name):
    """Run one model of training.py with your functions, or say what is missing for it."""
    try:
        import training

        model = getattr(training, name)
        rng = np.random.default_rng(0)
        data, params = model.data(rng), model.start(rng)
        (train if model.steps else walk_once)(model, params, data)
    except ModuleNotFoundError as missing:
        print(f"Not yet: {missing}. training.py and the folder data belong beside this file.")
    except FileNotFoundError as missing:
        print(f"Not yet: the file {missing.filename} is missing. It comes with the handout.")
    except (NotImplementedError, NotYet) as reason:
        print(f"Not yet: {reason}")


# %% [markdown]
# ## Question 9: the computation graph (4 points)
#
# This is the graph of the picture above, $L = c\,(a + 2b)$ at $a = 3$, $b = 1$, $c = -2$, now walked back by your
# functions. It needs `add` and `multiply`, and all numbers are 0-d: arrays without any axis. Expect the gradients of
# the picture: 5 for $c$, $-2$ for $a$, $-4$ for $b$.
#
# The second one is $y = w \cdot w + w$ at $w = 1.5$. The value $w$ goes three ways, so three gradients come back to it:
# 1.5, 1.5 and 1. They make 4.

# %%
run("graph")
run("reuse")

# %%
print(grader.check("graph"))

# %% [markdown]
# ## Question 10: the bigram model (5 points)
#
# Which kind of word comes after which? One matrix product and a softmax, on the kinds of the words in "Mary had a
# little lamb". The loss is in bits, so a `multiply` by 1 / log 2 comes last: the upstream gradient of your softmax
# cross-entropy is not 1 here.
#
# This loss is **convex**: a bowl, without a second valley. From wherever you begin, the way down leads to the lowest
# loss there is. The gradient points uphill, so a small step against it leads down. How small? It may pass the lowest
# point of its line a little, but must not come out higher on the other side. This depends on how sharply the bowl is
# curved, and ours is nowhere curved too sharply for a learning rate of 4. Hence the loss falls at every step. With a
# rate of 40 it would jump from one side to the other, and climb.
#
# The lowest loss is known without any training: count the pairs. The best forecast is the share of each kind, and its
# loss is the conditional entropy of the next kind, given this one. A line below shows it.

# %%
run("bigram")

# %%
print(grader.check("bigram"))

# %% [markdown]
# ## Question 11: exclusive or (5 points)
#
# Do two signs differ? No straight line separates the four corners, so a model without a hidden layer cannot learn it.
# With eight hidden units, it can.
#
# The price is that the loss is **not convex**. Exchange two hidden units, with all their weights: other parameters, the
# same outputs, the same loss. So there are many lowest places, with higher ground between them, and gradient descent
# goes to one that suits its start. It may go slowly, and it may get stuck; a falling loss is all that a small step
# promises.
#
# **A falling loss does not prove that your gradients are right.** Make every gradient twice as large: the run looks
# fine, because that is only another learning rate. What training does not forgive is the wrong direction: a sign, the
# gradient of another operand, or a wrong scale in one function only, which makes the layers in front of it move faster
# than those behind. Even these often get somewhere, along another path. This is why the whole path is compared.

# %%
run("xor")

# %%
print(grader.check("xor"))

# %% [markdown]
# ## Question 12: the neural language model (6 points)
#
# The model of the lecture (Bengio et al., 2003) guesses the next word from the two words before it. It is nothing but
# your five functions in a row:
#
# 1. `matmul`: a one-hot row times E picks the embedding of a word. Both words use the same E, so two gradients come
#    back to it, and they add up.
# 2. `matmul` twice, `add` twice, `sigmoid`: the hidden layer, h = sigmoid(x1 W1 + x2 W2 + b).
# 3. `multiply`: a gain for each hidden unit, broadcast over the batch.
# 4. `matmul`, `add`: one logit for each entry of the vocabulary: 11 words, and the mark that stands before each line.
# 5. `softmax_cross_entropy`: the loss, here in nats. Whoever knows nothing and gives all 12 the same probability pays
#    log 12, about 2.48. At the start, the model below is worse than that: it is sure of itself, and wrong.
#
# Look at it learn the song. Large language models are trained by these steps, too: more of them, with more parameters.

# %%
run("language_model")

# %%
print(grader.check("language_model"))

# %% [markdown]
# ## Hand in
#
# 1. Run the next cell. It checks everything once more, and says what your notebook earns.

# %%
print(grader.check_all())

# %% [markdown]
# 2. Save the notebook.
# 3. Run the last cell. It packs the saved notebook into a zip, beside it.

# %%
# In a script there is nothing to pack: hand in this file, backprop.py, as it is.

# %% [markdown]
# 4. Hand in that one file.
#
# Points that are still missing are no reason to wait: what you have is worth what the strip says, and you can hand in
# again until the deadline.
