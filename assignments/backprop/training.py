"""The networks that are trained in the last questions, and what they learn from.

Each class is one model; read it from top to bottom as the definition of the network. No object is ever made of it.

    data(rng)          what the model learns from: inputs and targets, by name
    unseen(rng)        the same kind of thing, kept away from training
    start(rng)         the parameters before the first step, by name
    loss(ops, p, d)    one number, from the parameters p and the data d
    optimum(d)         the smallest loss that any parameters can reach, where we know it

`ops` has the five forward functions of the assignment: `ops.matmul(x, p["W"])` is a matrix product that is remembered
for the way back. `steps` is how many steps of gradient descent are taken, with learning rate `lr`; 0 means that the
graph is walked back once, and nothing is learned.
"""

import numpy as np

KINDS = {
    "noun": ("Mary", "lamb", "fleece", "snow"),
    "verb": ("had", "was"),
    "determiner": ("a", "its"),
    "adjective": ("little", "white"),
    "conjunction": ("as",),
}
"""The kinds of the words of the verse."""


def single(numbers):
    """The numbers, rounded to those that float32 has as well, so that both precisions start at the same point."""
    return np.asarray(numbers).astype(np.float32).astype(float)


def normal(rng, *shape, scale=1.0):
    """Normally distributed numbers of this shape."""
    return single(scale * rng.normal(size=shape))


def one_hot(classes, size):
    """One row for each class number, with a 1 at its place: (N,) -> (N, size)."""
    return np.eye(size)[classes]


def lines(name):
    """The words of each line of a file in the folder data, which lies beside this file."""
    from pathlib import Path  # here, because the grader reads this file where there are no others

    text = (Path(__file__).resolve().parent / "data" / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines()]


class graph:
    """The computation graph of the lecture: L = c (a + 2b) at a = 3, b = 1, c = -2."""

    title = "computation graph"
    lr, steps = 0.0, 0

    def data(rng):
        return {"two": np.array(2.0)}

    def start(rng):
        return {"a": np.array(3.0), "b": np.array(1.0), "c": np.array(-2.0)}

    def loss(ops, p, d):
        doubled = ops.multiply(d["two"], p["b"])
        total = ops.add(p["a"], doubled)
        return ops.multiply(p["c"], total)


class reuse:
    """A value that is used three times, y = w w + w at w = 1.5: what comes back from each use adds up."""

    title = "a value used again"
    lr, steps = 0.0, 0

    def data(rng):
        return {}

    def start(rng):
        return {"w": np.array(1.5)}

    def loss(ops, p, d):
        return ops.add(ops.multiply(p["w"], p["w"]), p["w"])


class bigram:
    """Which kind of word follows which: a convex loss, in bits, whose smallest value is known by counting."""

    title = "bigram model"
    lr, steps = 4.0, 30

    def data(rng):
        return bigram.pairs("mary.txt")

    def unseen(rng):
        return bigram.pairs("unseen.txt")

    def pairs(name):
        """Each pair of neighbours in a file, and once more each pair of kinds: "add-one smoothing"."""
        size = len(KINDS)
        kind_of = {word: kind for kind, words in enumerate(KINDS.values()) for word in words}
        text = [kind_of[word] for line in lines(name) for word in line]
        first = np.append(text[:-1], np.repeat(np.arange(size), size))
        second = np.append(text[1:], np.tile(np.arange(size), size))
        return {"x": one_hot(first, size), "targets": second, "bits": single(1.0 / np.log(2.0))}

    def start(rng):
        size = len(KINDS)
        return {"W": normal(rng, size, size)}

    def loss(ops, p, d):
        logits = ops.matmul(d["x"], p["W"])
        return ops.multiply(ops.softmax_cross_entropy(logits, d["targets"]), d["bits"])

    def optimum(d):
        """The conditional entropy of the pairs, in bits: the best forecast is the share of each kind."""
        counts = d["x"].T @ one_hot(d["targets"], d["x"].shape[1])
        shares = counts / counts.sum(axis=1, keepdims=True)
        return -np.sum(counts * np.log(shares)) / np.sum(counts) * d["bits"]


class xor:
    """Exclusive or, with one hidden layer: a loss that is not convex, and what no single layer can learn."""

    title = "exclusive or"
    lr, steps = 1.0, 50

    def data(rng):
        return xor.corners(rng, noise=0.125)

    def unseen(rng):
        return xor.corners(rng, noise=0.25)

    def corners(rng, noise):
        """Each corner of a square twice, a little beside its place; the class is whether its two signs differ."""
        corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]] * 2)
        x = corners + noise * rng.normal(size=corners.shape)
        return {"x": single(x), "targets": (corners[:, 0] != corners[:, 1]).astype(int)}

    def start(rng):
        return {
            "W": normal(rng, 2, 8, scale=2.0),
            "b": normal(rng, 1, 8),
            "U": normal(rng, 8, 2),
            "c": normal(rng, 2, scale=0.5),
        }

    def loss(ops, p, d):
        hidden = ops.sigmoid(ops.add(ops.matmul(d["x"], p["W"]), p["b"]))
        logits = ops.add(ops.matmul(hidden, p["U"]), p["c"])
        return ops.softmax_cross_entropy(logits, d["targets"])


class language_model:
    """A neural language model (Bengio et al., 2003): from the two words before, a guess at the next one.

    It learns the song "Mary had a little lamb" (Sarah Josepha Hale, 1830); unseen are new lines made of its words.
    """

    title = "neural language model"
    lr, steps = 1.25, 14

    def data(rng):
        return language_model.windows("mary.txt")

    def unseen(rng):
        return language_model.windows("unseen.txt")

    def vocabulary():
        """The words of the verse in the order in which they come, then the mark that stands before each line."""
        return [*dict.fromkeys(word for line in lines("mary.txt") for word in line), "<s>"]

    def windows(name):
        """For each word of a file, the two words before it in its line, one-hot, and the word itself as the target."""
        number = {word: place for place, word in enumerate(language_model.vocabulary())}
        padded = [["<s>", "<s>", *line] for line in lines(name)]
        triples = [line[place : place + 3] for line in padded for place in range(len(line) - 2)]
        before, last, target = np.array([[number[word] for word in triple] for triple in triples]).T
        return {"before": one_hot(before, len(number)), "last": one_hot(last, len(number)), "targets": target}

    def start(rng):
        size = len(language_model.vocabulary())
        return {
            "E": normal(rng, size, 3),
            "W1": normal(rng, 3, 6),
            "W2": normal(rng, 3, 6),
            "b": normal(rng, 6),
            "gain": normal(rng, 1, 6),
            "U": normal(rng, 6, size),
            "c": normal(rng, size, scale=0.5),
        }

    def loss(ops, p, d):
        before = ops.matmul(ops.matmul(d["before"], p["E"]), p["W1"])
        last = ops.matmul(ops.matmul(d["last"], p["E"]), p["W2"])
        hidden = ops.sigmoid(ops.add(ops.add(before, last), p["b"]))
        logits = ops.add(p["c"], ops.matmul(ops.multiply(p["gain"], hidden), p["U"]))
        return ops.softmax_cross_entropy(logits, d["targets"])
