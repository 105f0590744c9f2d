"""A time limit for code that runs in this very process: an endless loop is left, where the platform allows it.

A timer of the operating system in the main thread; in other threads, and on Windows, an exception that is thrown into
the thread. Where there is neither, as in a browser, there is no limit. Nothing ends a call into numpy half-way.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN_SECONDS = 0.25
"""How long after its time a function is stopped once more: it may catch whatever is raised in it."""


class OutOfTime(BaseException):
    """Raised in the code whose time is up."""


class Clock:
    """`with clock.limit(2.0): ...`; then `frames` are those that ran when the time was up, the innermost first.

    They are empty as long as the time was enough. Whoever is stopped meets OutOfTime.
    """

    def __init__(self) -> None:
        self.frames: list[FrameType] = []
        self._is_running = False

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Stop what runs inside after so many seconds, unless it has ended."""
        self.frames, self._is_running = [], True
        begin = self._by_signal if _has_timer() else self._by_thread
        with begin(seconds):
            try:
                yield
            finally:
                self._is_running = False

    def _ring(self, frame: FrameType | None) -> bool:
        """Whether somebody has to be stopped. Remembers where, the first time."""
        if self._is_running and not self.frames:
            while frame is not None:
                self.frames.append(frame)
                frame = frame.f_back
        return self._is_running

    @contextmanager
    def _by_signal(self, seconds: float) -> Iterator[None]:
        def handle(_signal: int, frame: FrameType | None) -> None:
            if self._ring(frame):
                raise OutOfTime

        before = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    @contextmanager
    def _by_thread(self, seconds: float) -> Iterator[None]:
        thread = threading.get_ident()
        is_over = threading.Event()

        def watch() -> None:
            wait = seconds
            while not is_over.wait(wait):
                if self._ring(sys._current_frames().get(thread)):
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime))
                wait = AGAIN_SECONDS

        watcher = threading.Thread(target=watch, daemon=True)
        try:
            watcher.start()
        except RuntimeError:  # a browser has no threads: then there is no limit
            yield
            return
        try:
            yield
        finally:
            is_over.set()
            watcher.join()


def _has_timer() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
