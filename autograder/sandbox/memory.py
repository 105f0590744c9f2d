"""Memory that two processes share, as a file without a name: sealed, so that neither can be surprised by the other.

Where the system has no such memory (macOS), an unlinked file does; then it is not sealed, and whoever reads it has to
believe nothing, which it does not do anyway.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile

if sys.platform != "win32":
    import fcntl


def make_sealed(data: bytes) -> int:
    """The descriptor of a memory file with this content, which nobody can change any more."""
    descriptor = _make("deck")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(data)
    _seal(descriptor, "F_SEAL_WRITE", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_SEAL")
    return descriptor


def make_writable(size: int) -> int:
    """The descriptor of a memory file of zeros whose size nobody can change."""
    descriptor = _make("journal")
    try:
        os.ftruncate(descriptor, size)
    except OSError:  # no room for it
        os.close(descriptor)
        raise
    _seal(descriptor, "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_SEAL")
    return descriptor


def read_all(descriptor: int) -> bytes:
    """The content from its start, by copying: never by mapping, where a file that shrinks would end the reader."""
    size = os.fstat(descriptor).st_size
    parts = []
    at = 0
    while at < size:
        part = os.pread(descriptor, size - at, at)
        if not part:
            break
        parts.append(part)
        at += len(part)
    return b"".join(parts)


def _make(name: str) -> int:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a container may forbid it
            return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    handle, path = tempfile.mkstemp()
    os.unlink(path)
    return handle


def _seal(descriptor: int, *seals: str) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # an unlinked file has no seals
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, sum(getattr(fcntl, seal) for seal in seals))
