"""Numbers, texts and arrays, one after the other in a row of bytes. Whoever takes them off again trusts nothing.

An array is `dtype 1 | ndim 1 | dims 4 each`, then its bytes in C order. All numbers are little endian.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

import numpy as np

from autograder.answer import MOST_DIMENSIONS, entries
from autograder.errors import ProtocolFault
from autograder.places.lines import LONGEST_TEXT
from autograder.records import Array

DTYPES = tuple(np.dtype(code) for code in ("f8", "f4", "i8", "i4", "u1", "?"))

LONGEST_DIMENSION = 0xFFFFFFFF


class Writer:
    """Appends numbers, texts and arrays to `data`."""

    def __init__(self) -> None:
        self.data = bytearray()

    def u8(self, number: int) -> None:
        self.data.append(number)

    def u32(self, number: int) -> None:
        self.data += number.to_bytes(4, "little")

    def u32s(self, numbers: Sequence[int]) -> None:
        self.u32(len(numbers))
        self.data += struct.pack(f"<{len(numbers)}I", *numbers)

    def f8(self, number: float) -> None:
        self.data += struct.pack("<d", number)

    def blob(self, blob: bytes) -> None:
        self.u32(len(blob))
        self.data += blob

    def text(self, text: str) -> None:
        self.blob(text[:LONGEST_TEXT].encode("utf-8", "replace"))

    def texts(self, texts: Sequence[str]) -> None:
        self.u32(len(texts))
        for text in texts:
            self.text(text)

    def dims(self, shape: Sequence[int]) -> None:
        self.u8(len(shape))
        for size in shape:
            self.u32(min(size, LONGEST_DIMENSION))

    def array(self, array: Array) -> None:
        self.u8(DTYPES.index(array.dtype))
        self.dims(array.shape)
        self.data += array.tobytes()


class Reader:
    """Takes numbers, texts and arrays off a body, in order. Raises ProtocolFault, and nothing else."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def take(self, size: int) -> bytes:
        if size > len(self.body) - self.at:
            raise ProtocolFault(f"{size} bytes wanted, {len(self.body) - self.at} there")
        self.at += size
        return self.body[self.at - size : self.at]

    def u8(self, at_most: int = 255) -> int:
        number = self.take(1)[0]
        if number > at_most:
            raise ProtocolFault(f"{number} where at most {at_most} may stand")
        return number

    def u32(self, at_most: int = 0xFFFFFFFF) -> int:
        number = int.from_bytes(self.take(4), "little")
        if number > at_most:
            raise ProtocolFault(f"{number} where at most {at_most} may stand")
        return number

    def u32s(self) -> tuple[int, ...]:
        count = self.u32()
        return struct.unpack(f"<{count}I", self.take(4 * count))

    def f8(self) -> float:
        number: float = struct.unpack("<d", self.take(8))[0]
        return number

    def blob(self, at_most: int) -> bytes:
        return self.take(self.u32(at_most))

    def text(self) -> str:
        """A short text without control characters: what a student's code says may end up on a terminal."""
        text = self.blob(4 * LONGEST_TEXT).decode("utf-8", "replace")
        if text.isprintable():
            return text
        return "".join(character if character.isprintable() else "�" for character in text)

    def texts(self) -> tuple[str, ...]:
        return tuple(self.text() for _ in range(self.u32(at_most=10_000)))

    def dims(self) -> tuple[int, ...]:
        return tuple(self.u32(at_most=LONGEST_DIMENSION) for _ in range(self.u8(at_most=MOST_DIMENSIONS)))

    def array(self, largest: int) -> Array:
        dtype = DTYPES[self.u8(at_most=len(DTYPES) - 1)]
        shape = self.dims()
        # An empty axis does not make up for huge ones beside it: the product is 0, but numpy refuses to build that.
        if entries(shape) > largest:
            raise ProtocolFault(f"an array of shape {shape}, with more than {largest} entries")
        data = self.take(math.prod(shape) * dtype.itemsize)
        return np.frombuffer(data, dtype=dtype).reshape(shape)

    def done(self) -> None:
        if self.at != len(self.body):
            raise ProtocolFault(f"{len(self.body) - self.at} bytes too many")
