"""A time limit for code that runs in this very process: an endless loop is left, where the platform allows it.

A timer of the operating system in the main thread; in other threads, and on Windows, an exception that is thrown into
the thread. Where there is neither, as in a browser, there is no limit. Nothing ends a call into numpy half-way.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from types import FrameType, TracebackType

AGAIN_SECONDS = 0.25
"""How long after its time a function is stopped once more: it may catch whatever is raised in it."""


class OutOfTime(BaseException):
    """Raised in the code whose time is up."""


class Clock:
    """`with Clock() as clock:`, and within it `clock.begin(seconds)` and `clock.end()` around each call.

    Whoever runs out of time in between meets OutOfTime. Then `frames` are those that ran, the innermost first; they are
    empty as long as the time was enough.
    """

    def __init__(self) -> None:
        self.frames: list[FrameType] = []
        self._is_running = False
        self._timer: _SystemTimer | _Watchers = _SystemTimer(self) if _has_timer() else _Watchers(self)

    def __enter__(self) -> Clock:
        self._timer.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.close()

    def begin(self, seconds: float) -> None:
        """From now on, so many seconds."""
        self.frames, self._is_running = [], True
        self._timer.begin(max(seconds, 1e-3))

    def end(self) -> None:
        """The call is over; nobody is stopped any more."""
        self._is_running = False
        self._timer.end()

    def ring(self, frame: FrameType | None) -> bool:
        """Whether somebody has to be stopped. Remembers where that is, the first time."""
        if self._is_running and not self.frames:
            while frame is not None:
                self.frames.append(frame)
                frame = frame.f_back
        return self._is_running


class _SystemTimer:
    """An alarm of the operating system, which interrupts waiting as well."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def open(self) -> None:
        self._before = signal.signal(signal.SIGALRM, self._handle)

    def close(self) -> None:
        signal.signal(signal.SIGALRM, self._before)

    def begin(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)

    def end(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _handle(self, _signal: int, frame: FrameType | None) -> None:
        if self._clock.ring(frame):
            raise OutOfTime


class _Watchers:
    """A thread for each call, which throws an exception into the one that has no time left."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_over = threading.Event()

    def open(self) -> None:
        """Nothing is to be prepared."""

    def close(self) -> None:
        """Nothing is left behind."""

    def begin(self, seconds: float) -> None:
        self._is_over = is_over = threading.Event()
        thread = threading.get_ident()

        def watch() -> None:
            wait = seconds
            while not is_over.wait(wait):
                if self._clock.ring(sys._current_frames().get(thread)):
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime))
                wait = AGAIN_SECONDS

        try:
            threading.Thread(target=watch, daemon=True).start()
        except RuntimeError:  # a browser has no threads: then there is no limit
            is_over.set()

    def end(self) -> None:
        self._is_over.set()


def _has_timer() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
