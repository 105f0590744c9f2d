"""Memory that two processes share, as a file without a name: sealed, so that neither can be surprised by the other.

Where the system has no such memory (macOS), an unlinked file does; then it is not sealed, and whoever reads it has to
believe nothing, which it does not do anyway.
"""

from __future__ import annotations

import os
import sys
import tempfile

if sys.platform != "win32":
    import fcntl

HAS_SEALS = hasattr(os, "memfd_create")


def make_sealed(data: bytes) -> int:
    """The descriptor of a memory file with this content, which nobody can change any more."""
    descriptor = _make("deck")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(data)
    if HAS_SEALS:
        everything = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, everything)
    return descriptor


def make_writable(size: int) -> int:
    """The descriptor of a memory file of zeros whose size nobody can change."""
    descriptor = _make("journal")
    os.ftruncate(descriptor, size)
    if HAS_SEALS:
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
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
    if HAS_SEALS:
        return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    handle, path = tempfile.mkstemp()
    os.unlink(path)
    return handle
