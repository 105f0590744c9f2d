"""A zygote's own memory in large pages: a fork then copies one entry where it copied 512, for each two mebibytes.

It asks for what is there already, and for nothing that comes later: a worker's few pages stay small ones.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator

LARGE = 1 << 21
"""Bytes of a large page, on x86_64 and aarch64. Where they are larger, the kernel refuses."""

MADV_COLLAPSE = 25

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def use_large_pages() -> int:
    """Put the private memory of this process into large pages, as far as the kernel can. Returns how many stretches of
    memory it did so with: none before Linux 6.1, and where it is switched off."""
    if _LIBC is None:
        return 0
    with open("/proc/self/maps") as maps:
        stretches = list(_private(maps.read()))
    _LIBC.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return sum(_LIBC.madvise(start, size, MADV_COLLAPSE) == 0 for start, size in stretches)


def _private(maps: str) -> Iterator[tuple[int, int]]:
    """Start and size of what lies in large pages, if it could, of all that is written to and belongs to no file."""
    for line in maps.splitlines():
        place, rights, _, _, _, *name = line.split()
        start, stop = (int(one, 16) for one in place.split("-"))
        start, stop = -(-start // LARGE) * LARGE, stop // LARGE * LARGE
        if rights == "rw-p" and name in ([], ["[heap]"]) and start < stop:
            yield start, stop - start
