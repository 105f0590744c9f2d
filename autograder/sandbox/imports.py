"""What a student's code may import: all of it is there before the doors close, and then nothing else can be found."""

from __future__ import annotations

import builtins
import codecs
import contextlib
import errno
import importlib
import io
import os
import platform
import sys
import tokenize
import types
from collections.abc import Callable, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
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

RARE = (
    *("asyncio", "cProfile", "colorsys", "concurrent.futures", "configparser", "difflib", "doctest", "faulthandler"),
    *("getopt", "gzip", "html", "importlib.metadata", "importlib.util", "logging.config", "logging.handlers", "lzma"),
    *(
        "multiprocessing",
        "numpy.ctypeslib",
        "numpy.testing",
        "optparse",
        "pdb",
        "pkgutil",
        "pstats",
        "pydoc",
        "resource",
    ),
    *("sched", "select", "shelve", "shlex", "socket", "sqlite3", "subprocess", "tarfile", "tracemalloc", "unittest"),
    *("unittest.mock", "urllib.parse", "urllib.request", "webbrowser", "zipfile", "zoneinfo"),
)
"""Loaded where a submission mentions the last part of their names: they take longer than all the others together."""

_POOLS = ("multiprocessing.dummy", "multiprocessing.pool", "multiprocessing.queues", "multiprocessing.synchronize")
_TEXT_FILES = ("bz2", "gzip", "lzma", "urllib.error", "urllib.request")

ASKED_FOR_LATE = {
    "futures": ("concurrent.futures.process", "concurrent.futures.thread"),
    "multiprocessing": (*_POOLS, "multiprocessing.popen_fork"),
    **dict.fromkeys(("loadtxt", "genfromtxt", "savetxt"), _TEXT_FILES),  # numpy, before it looks for the file
    **dict.fromkeys(("savez", ".npz"), ("zipfile",)),
    "np.info": ("pydoc",),
    **dict.fromkeys(("socket", "urllib"), ("encodings.idna",)),
}
"""Word in a submission → what others import when they are used. It is not to be missing then: students catch an
OSError where a file is not there, and no ImportError."""

NEEDED_BY_THE_PARSER = (
    "encodings.unicode_escape",
    "encodings.raw_unicode_escape",
    "encodings.utf_16",
    "encodings.utf_32",
)
"""Python asks for these at the first name that is not ASCII, and `ast.unparse` at the first such docstring."""

STAND_INS = (
    *("matplotlib", "matplotlib_inline", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "tqdm"),
    *("google.colab", "otter", "tabulate", "termcolor", "line_profiler", "memory_profiler"),
)
"""Packages that draw, show, count or connect. None of it matters to a grade, so what they do here is nothing."""

OFTEN_IMPORTED = ("matplotlib.pyplot", "IPython.display", "tqdm.auto", "tqdm.notebook", "google.colab.drive")
"""Parts of them that are there before the fork; the others are made when they are asked for."""

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
    sys.meta_path.insert(0, StandInFinder())
    for name in (*STAND_INS, *OFTEN_IMPORTED):
        importlib.import_module(name)
    for name, value in KNOWN_UNASKED.items():
        setattr(builtins, name, value)


def load_mentioned(source: bytes) -> None:
    """Load each rare module whose name occurs anywhere in the bytes, and the codec of the coding line.

    Student bytes are only searched here, not parsed.
    """
    mentioned = [name for name in RARE if name.rpartition(".")[2].encode() in source]
    for word, names in ASKED_FOR_LATE.items():
        mentioned += names if word.encode() in source else ()
    for name in mentioned:
        with contextlib.suppress(ImportError):  # this system has it not, or this Python
            importlib.import_module(name)
    if b"platform" in source:
        platform.platform()  # it reads a file, once, and remembers
    if "subprocess" in sys.modules:
        sys.modules["subprocess"].Popen.__init__ = _find_no_program
    head = source[:LONGEST_CODING_LINE]
    if b"coding" in head or head.startswith(codecs.BOM_UTF8):
        with contextlib.suppress(SyntaxError, LookupError, ValueError):
            codecs.lookup(tokenize.detect_encoding(io.BytesIO(head).readline)[0])


def _find_no_program(_: object, args: Any, *__: Any, **___: Any) -> None:
    """What `subprocess` says where no program is installed; the walls would say that it may not even make a pipe."""
    program = args if isinstance(args, str) else next(iter(args), "")
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)


def forget_where_modules_are() -> None:
    """From now on an import finds what is already loaded, or nothing: the same on every machine, whoever owns it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not PathFinder]  # packages know their own paths
    sys.path.clear()
    forget_what_is_in_folders()


def forget_what_is_in_folders() -> None:
    """Names of files, by the thousand, which an import looks for again. Before the fork, so that no worker has to."""
    sys.path_importer_cache.clear()


# ---- stand-ins ---------------------------------------------------------------------------------------------


class Inert:
    """Whatever is asked of it, it does nothing and gives itself: attributes, calls, items, `with`, arithmetic.

    Called with nothing but a function, it gives that back, as a decorator does.
    """

    __array_ufunc__ = None  # arithmetic with an array is left to this class

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if _is_special(name):  # what Python looks for, and finds on few objects
            raise AttributeError(name)
        return OF_OBJECTS.get(name, self)

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        return arguments[0] if [type(one) for one in arguments] == [types.FunctionType] else self

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

    def __float__(self) -> float:
        return 0.0

    def __repr__(self) -> str:
        return "<nothing>"

    def __format__(self, _: str) -> str:
        return repr(self)

    def __instancecheck__(self, _: object) -> bool:
        return False

    def __mro_entries__(self, _: tuple[Any, ...]) -> tuple[type, ...]:
        """`class Spinner(Widget)` has a base that does nothing."""
        return (InertBase,)

    def _gives_itself(self, *_: Any) -> Any:
        return self

    def _is_not_so(self, _: object) -> bool:
        return False

    __neg__ = __pos__ = __abs__ = _gives_itself
    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = __matmul__ = _gives_itself
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = __rmatmul__ = _gives_itself
    __or__ = __ror__ = __and__ = __rand__ = _gives_itself
    __lt__ = __le__ = __gt__ = __ge__ = _is_not_so


class InertBase(Inert):
    """What a student's class inherits from: what it puts into itself, stays there."""

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)


INERT = Inert()


class Bar:
    """A progress bar that shows nothing, over what it is given. It counts, for whoever waits for its end."""

    write = pandas = get_lock = set_lock = _instances = INERT

    def __init__(self, iterable: Any = None, desc: Any = None, total: Any = None, *_: Any, **__: Any) -> None:
        self.iterable = iterable
        self.desc = desc
        self.total = len(iterable) if total is None and hasattr(iterable, "__len__") else total
        self.n = 0

    def __iter__(self) -> Iterator[Any]:
        for one in self.iterable:
            yield one
            self.n += 1

    def __len__(self) -> int:
        return self.total or 0

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def update(self, n: Any = 1) -> None:
        self.n += n

    def __getattr__(self, name: str) -> Any:
        if _is_special(name) or name == "keys":  # by which `dict` would take it for a dictionary
            raise AttributeError(name)
        return INERT


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _axes(nrows: int = 1, ncols: int = 1, *_: Any, squeeze: bool = True, **__: Any) -> Any:
    """One, a row or a table of them, as matplotlib has it."""
    axes = np.empty((nrows, ncols), dtype=object)
    for index in np.ndindex(axes.shape):
        axes[index] = INERT
    if not squeeze:
        return axes
    return axes.squeeze() if axes.size > 1 else INERT


def _several(number: int) -> Callable[..., tuple[Inert, ...]]:
    return lambda *_, **__: (INERT,) * number


OF_OBJECTS: dict[str, Any] = {
    "plot": lambda *_, **__: [INERT],
    "subplots": _axes,
    **dict.fromkeys(("get_legend_handles_labels", "get_xlim", "get_ylim", "pie"), _several(2)),
    **dict.fromkeys(("hist", "stem", "errorbar"), _several(3)),
}
"""What a name gives that students take apart, as in `line, = ax.plot(x)`."""

OF_MODULES: dict[str, Any] = {
    **OF_OBJECTS,
    "tqdm": Bar,
    "trange": lambda *arguments, **_: Bar(range(*arguments)),
    "subplots": lambda *arguments, **options: (INERT, _axes(*arguments, **options)),
    **dict.fromkeys(("xlim", "ylim", "subplot_mosaic"), _several(2)),
    "color_palette": lambda _=None, n_colors=None, *__, **___: [INERT] * (n_colors or 10),
    "colored": lambda text, *_, **__: text,
    "tabulate": lambda *_, **__: "",
}
"""What has to be something, even here."""

KNOWN_UNASKED = {**dict.fromkeys(("display", "get_ipython", "help"), INERT), "exit": sys.exit, "quit": sys.exit}
"""A notebook or a prompt has these without an import."""


class StandIn(types.ModuleType):
    """A module in which every name is there."""

    def __getattr__(self, name: str) -> Any:
        if _is_special(name):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return OF_MODULES.get(name, INERT)


class StandInFinder(MetaPathFinder, Loader):
    """Finds the packages that have stand-ins, with all the parts that anybody asks for. It needs no file."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        is_ours = any(f"{name}.".startswith(f"{one}.") or f"{one}.".startswith(f"{name}.") for one in STAND_INS)
        return ModuleSpec(name, self, is_package=True) if is_ours else None

    def create_module(self, spec: ModuleSpec) -> StandIn:
        return StandIn(spec.name, "Does nothing: here nobody looks.")

    def exec_module(self, module: types.ModuleType) -> None:
        pass
