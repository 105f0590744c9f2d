"""What a student's code may import: all of it is there before the doors close, and then nothing else can be found."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import io
import sys
import tokenize
import types
from importlib.machinery import PathFinder
from typing import Any

import numpy as np

COMMON = (
    *(
        "__future__",
        "abc",
        "argparse",
        "array",
        "ast",
        "base64",
        "bisect",
        "builtins",
        "calendar",
        "cmath",
        "collections",
    ),
    *("collections.abc", "contextlib", "contextvars", "copy", "copyreg", "csv", "dataclasses", "datetime", "decimal"),
    *("enum", "errno", "fractions", "functools", "gc", "getpass", "glob", "graphlib", "hashlib", "heapq", "inspect"),
    *("io", "itertools", "json", "keyword", "linecache", "logging", "math", "numbers", "operator", "os", "os.path"),
    *("pathlib", "pickle", "platform", "pprint", "queue", "random", "re", "secrets", "shutil", "signal", "stat"),
    *("statistics", "string", "struct", "sys", "tempfile", "textwrap", "threading", "time", "timeit", "token"),
    *("tokenize", "traceback", "types", "typing", "unicodedata", "uuid", "warnings", "weakref", "zlib"),
    *("numpy.char", "numpy.dtypes", "numpy.exceptions", "numpy.fft", "numpy.lib.stride_tricks", "numpy.linalg"),
    *("numpy.ma", "numpy.polynomial", "numpy.random", "numpy.rec", "numpy.typing"),
)
"""Loaded once, before any worker is forked."""

RARE = ("concurrent.futures", "doctest", "numpy.testing", "unittest", "unittest.mock")
"""Loaded where a submission mentions them: they take as long as all the others together."""

NEEDED_BY_THE_PARSER = (
    "encodings.unicode_escape",
    "encodings.raw_unicode_escape",
    "encodings.utf_16",
    "encodings.utf_32",
)
"""Python asks for these at the first name that is not ASCII, and `ast.unparse` at the first such docstring."""

STAND_INS = (
    *("matplotlib", "matplotlib.cm", "matplotlib.pyplot", "matplotlib.animation", "matplotlib.colors"),
    *("matplotlib.patches", "matplotlib.ticker", "matplotlib_inline", "matplotlib_inline.backend_inline"),
    *("seaborn", "IPython", "IPython.display", "tqdm", "tqdm.auto", "tqdm.notebook"),
    *("google", "google.colab", "google.colab.drive", "google.colab.files", "google.colab.output", "otter"),
)
"""Modules that draw, show, count or connect. None of it matters to a grade, so what they do here is nothing."""

LONGEST_CODING_LINE = 1000


def load_common() -> None:
    """Load what workers inherit, and warm numpy up: it imports some of its parts on first use."""
    for name in (*COMMON, *NEEDED_BY_THE_PARSER):
        importlib.import_module(name)
    np.__all__ = [name for name in np.__all__ if name in np.__dict__]  # `from numpy import *` finds no absent part
    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    np.einsum("ij,jk->ik", matrix, matrix)
    np.linalg.norm(np.linalg.inv(matrix) @ matrix)
    repr(matrix.mean(axis=0))
    np.exp(matrix.astype(np.float32)).sum(axis=1, keepdims=True)
    np.exp(matrix.astype(complex))
    for name in STAND_INS:
        sys.modules[name] = _stand_in(name)
    for name in STAND_INS:
        package, _, own = name.rpartition(".")
        if package:
            setattr(sys.modules[package], own, sys.modules[name])


def load_mentioned(source: bytes) -> None:
    """Load each rare module whose name occurs anywhere in the bytes, and the codec of the coding line.

    Student bytes are only searched here, not parsed.
    """
    for name in RARE:
        if name.rpartition(".")[2].encode() in source:
            importlib.import_module(name)
    with contextlib.suppress(SyntaxError, LookupError, ValueError):
        codecs.lookup(tokenize.detect_encoding(io.BytesIO(source[:LONGEST_CODING_LINE]).readline)[0])


def forget_where_modules_are() -> None:
    """From now on an import finds what is already loaded, or nothing: the same on every machine, whoever owns it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not PathFinder]  # packages know their own paths
    sys.path.clear()
    sys.path_importer_cache.clear()


# ---- stand-ins ---------------------------------------------------------------------------------------------


class Inert:
    """Whatever is asked of it, it does nothing and gives itself: attributes, calls, items, `with`, arithmetic."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):  # what Python looks for, and finds on few objects
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    def __getitem__(self, _: Any) -> Any:
        return self

    def __setitem__(self, _: Any, __: Any) -> None:
        pass

    def __setattr__(self, _: str, __: Any) -> None:
        pass

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def __repr__(self) -> str:
        return "<nothing>"


INERT = Inert()


class Bar(Inert):
    """A progress bar that shows nothing, over what it is given."""

    def __init__(self, iterable: Any = (), *_: Any, **__: Any) -> None:
        object.__setattr__(self, "_iterable", iterable)

    def __iter__(self) -> Any:
        return iter(object.__getattribute__(self, "_iterable"))

    def __len__(self) -> int:
        return len(object.__getattribute__(self, "_iterable"))


def _subplots(*arguments: Any, **_: Any) -> tuple[Any, Any]:
    """`fig, ax = plt.subplots()` wants two."""
    return INERT, INERT


SPECIAL: dict[str, Any] = {
    "tqdm": Bar,
    "trange": lambda *arguments, **_: Bar(range(*arguments)),
    "subplots": _subplots,
    "plot": lambda *_, **__: [INERT],
}
"""What has to be something, even here."""


class StandIn(types.ModuleType):
    """A module in which every name is there."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return SPECIAL.get(name, INERT)


def _stand_in(name: str) -> types.ModuleType:
    module = StandIn(name, "Does nothing: here nobody looks.")
    module.__path__ = []  # a package, so that parts of it can be asked for
    return module
