"""Landlock: a process gives up all files and all of the network, without being root and without a list of paths.

What it may still open is what the rules of a ruleset allow, and here there is not one. Descriptors that are open
already stay usable. Names stay visible: whether a file exists can still be asked, where no other wall forbids that.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

# The same numbers on every machine, as for all calls that are newer than Linux 5.0.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446

_ASK_VERSION = 1

_HANDLED = (
    ((1 << 13) - 1,),  # Linux 5.13: execute, read, write, list, make and remove each kind of file
    ((1 << 14) - 1,),  # 5.19: link and rename from one folder to another
    ((1 << 15) - 1,),  # 6.2: truncate
    ((1 << 15) - 1, 0b11),  # 6.7: bind and connect TCP sockets
    ((1 << 16) - 1, 0b11),  # 6.10: ioctl of devices
    ((1 << 16) - 1, 0b11, 0b11),  # 6.12: abstract Unix sockets and signals, to processes outside
    ((1 << 16) - 1, 0b11, 0b11),  # 6.15: nothing more to forbid, but what is written into the audit log
)
"""All that can be forbidden, one row an ABI from 1 on, as the 64-bit fields of `struct landlock_ruleset_attr`: rights
on files, rights on the network, scopes. A newer kernel is asked for no more than the last row."""


def landlock_abi() -> int:
    """The version of Landlock in the running kernel, from 1 on; 0 where there is none, or where it is switched off."""
    return max(0, _syscall(_CREATE_RULESET, None, 0, _ASK_VERSION))


def ruleset_attributes(abi: int) -> bytes:
    """All that a version of Landlock, from 1 on, can forbid: `struct landlock_ruleset_attr`, of that version's size."""
    handled = _HANDLED[min(abi, len(_HANDLED)) - 1]
    return struct.pack(f"={len(handled)}Q", *handled)


def make_ruleset() -> int | None:
    """A descriptor of a ruleset that forbids all that this kernel can forbid; None where there is no Landlock.

    It is closed on exec. Raises OSError, for instance where no more descriptors can be had.
    """
    abi = landlock_abi()
    if abi == 0:
        return None
    attributes = ruleset_attributes(abi)
    return _checked(_syscall(_CREATE_RULESET, attributes, len(attributes), 0))


def restrict_self(ruleset: int) -> None:
    """Give up, for this thread and all that it starts, whatever a ruleset handles and does not allow; for good.

    The process must have given up new privileges (`PR_SET_NO_NEW_PRIVS`), or hold CAP_SYS_ADMIN. Raises OSError with
    the errno of the kernel: EPERM where neither is so, EBADF or EBADFD for a descriptor that is no ruleset, E2BIG
    after 16 layers.
    """
    _checked(_syscall(_RESTRICT_SELF, ruleset, 0))


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Made once, before the fork."""


def _syscall(number: int, *arguments: bytes | int | None) -> int:
    """What the kernel answers; -1 if it refuses, and `ctypes.get_errno` says why."""
    if _LIBC is None:  # where the numbers are those of other calls
        ctypes.set_errno(errno.ENOSYS)
        return -1
    _LIBC.syscall.restype = ctypes.c_long
    words = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    return int(_LIBC.syscall(ctypes.c_long(number), *words))


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
