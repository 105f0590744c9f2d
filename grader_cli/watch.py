"""`grader check FILE --watch`: beside the editor, a strip of questions that turns green one by one."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from autograder.errors import SandboxError
from autograder.load.layouts import Found
from autograder.records import Outcome, Report, ReportOutcome
from autograder.render.card import ScreenWords
from autograder.render.strip import flow, is_finished, news_lines, problem_lines, strip_lines
from autograder.sandbox.nest import Nest
from grader_cli.console import SIGN_COLOURS, is_coloured, terminal_width

LOOK = 0.15
"""Seconds between two looks at the file. A save is seen at the second look that finds it the same."""

LONG = 10
"""Looks after which a file that is missing is not one that is just being saved."""


@dataclass(frozen=True)
class Version:
    """What tells one save of a file from the next, without reading it."""

    modified_ns: int
    size: int
    inode: int


def look_at(path: Path) -> Version | None:
    """The version that is there; None while there is none, or while a network drive cannot say."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return Version(found.st_mtime_ns, found.st_size, found.st_ino)


def versions(path: Path, wait: Callable[[], None]) -> Iterator[Version | None]:
    """The version that is there now, then each new one when it has settled; None once a file stays missing.

    The file is asked for, not subscribed to. A subscription is another library on each system, hears nothing of what
    is written to a network drive from elsewhere, and holds on to the file that an editor replaces by renaming another
    over it. To ask seven times a second costs nothing, and a name means the same file to us as to the student.
    """
    now = told = look_at(path)
    yield now
    missing = 0
    while True:
        wait()
        before, now = now, look_at(path)
        missing = missing + 1 if now is None else 0
        if missing == LONG and told is not None:
            told = None
            yield None
        elif now is not None and now != told and now == before:  # while it is being written, it still changes
            told = now
            yield now


@dataclass(frozen=True)
class View:
    """What there is to see at one moment. `turned_right` are the questions that the last save made right."""

    report: Report | None = None
    turned_right: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    is_missing: bool = False

    @property
    def is_finished(self) -> bool:
        return self.report is not None and is_finished(self.report)


def views(found: Found, grade: Callable[[], Report], wait: Callable[[], None], words: ScreenWords) -> Iterator[View]:
    """What there is to see, whenever it changes, until every question is right."""
    view, right = View(), None
    for version in versions(found.path, wait):
        if version is None:
            status = (words.missing.format(file=found.name), words.waiting, words.ends)
            view = replace(view, status=status, is_missing=True)
            yield view
            continue
        saved = words.saved.format(time=time.strftime("%H:%M:%S", time.localtime(version.modified_ns / 1e9)))
        view = replace(view, status=(saved, words.checking.format(file=found.name), words.ends), is_missing=False)
        yield view
        report = grade()
        if report.outcome is ReportOutcome.UNREADABLE:  # so is a file that is half written: believed at a second look
            wait()
            if look_at(found.path) != version:
                continue
            report = grade()
        was_right = right
        if report.outcome is ReportOutcome.GRADED:
            right = [question.name for question in report.questions if question.outcome is Outcome.PASSED]
        turned = () if right is None or was_right is None else tuple(name for name in right if name not in was_right)
        view = View(report, turned, (saved, words.watching.format(file=found.name), words.ends))
        yield view
        if view.is_finished:
            return


def watch_file(found: Found, grade: Callable[[], Report], nest: Nest, words: ScreenWords, hints: int) -> bool:
    """Show what `grade` reports of each save, with its hints; True when all is right, False when Ctrl-C came."""

    def grade_and_get_ready() -> Report:
        report = grade()
        with contextlib.suppress(SandboxError):  # not needed yet; the next grading asks for it again, and says so
            nest.start()
        return report

    view = View()
    with _open_screen(words, hints) as screen:
        try:
            for view in views(found, grade_and_get_ready, screen.wait, words):
                with _ctrl_c_afterwards():
                    screen.show(view)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # workers are put away now; an impatient second one may wait
            screen.show(replace(view, status=()))
    return view.is_finished


# ---- on a terminal, and elsewhere --------------------------------------------------------------------------


@contextlib.contextmanager
def _ctrl_c_afterwards() -> Iterator[None]:
    """Ctrl-C counts when the drawing is done: half-way, nobody knows which lines there are to be drawn over."""
    pressed: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if pressed:
        raise KeyboardInterrupt


class _Screen:
    """Away from a terminal: each new state below the one before, the strip always in one line."""

    def __init__(self, words: ScreenWords, hints: int) -> None:
        self.words = words
        self.hints = hints
        self.view = View()

    def __enter__(self) -> _Screen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def wait(self) -> None:
        time.sleep(LOOK)

    def show(self, view: View) -> None:
        before, self.view = self.view, view
        if view.is_missing and view.status:
            click.echo(" · ".join(view.status[:-1]) + "\n")
        elif view.report is not None and view.report is not before.report:
            width = terminal_width()
            news = news_lines(view.turned_right, self.words, width)
            problem = problem_lines(view.report, self.words, width, self.hints)
            last = self.words.finished if view.is_finished else ""
            click.echo("\n".join([*strip_lines(view.report, self.words), *news, *filter(None, problem), last]))


class _Terminal(_Screen):
    """On a terminal: one state, drawn over the one before."""

    def __init__(self, console: Console, words: ScreenWords, hints: int) -> None:
        super().__init__(words, hints)
        self.console = console
        self.size = console.size
        self.live = Live(
            console=console, auto_refresh=False, vertical_overflow="crop", redirect_stdout=False, redirect_stderr=False
        )

    def __enter__(self) -> _Terminal:
        self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.live.stop()

    def wait(self) -> None:
        super().wait()
        if self.console.size != self.size:  # the window was dragged, and its lines no longer stand where they stood
            self.size = self.console.size
            with _ctrl_c_afterwards():
                self.console.clear()
                self.show(self.view)

    def show(self, view: View) -> None:
        self.view = view
        self.live.update(self._drawn(terminal_width(), self.size.height), refresh=True)

    def _drawn(self, width: int, height: int) -> Text:
        """The strip, what turned right, the one problem, and the status line. A low window cuts the problem short."""
        view, words = self.view, self.words
        end = [words.finished] if view.is_finished else flow(view.status, " · ", width)
        blocks = [Text("\n".join(end), "bold green" if view.is_finished else "dim")]
        if view.report is not None:
            strip, news = strip_lines(view.report, words, width), news_lines(view.turned_right, words, width)
            room = height - sum(len(lines) + 1 for lines in (strip, news, end) if lines)
            problem = problem_lines(view.report, words, width, self.hints)
            if len(problem) > room:
                problem = [*problem[: max(0, room - 1)], "…"]
            coloured = _in_colours(strip, view.turned_right)
            blocks = [coloured, Text("\n".join(news), "bold green"), _card(problem), *blocks]
        text = Text("\n\n").join(block for block in blocks if block)
        return text if is_coloured() else Text(text.plain)


def _open_screen(words: ScreenWords, hints: int) -> _Screen:
    console = Console(highlight=False)
    is_terminal = sys.stdout.isatty() and console.is_interactive
    return _Terminal(console, words, hints) if is_terminal else _Screen(words, hints)


def _in_colours(strip: list[str], turned_right: tuple[str, ...]) -> Text:
    """Each question in the colour of its sign, and bold where the last save made it right."""
    text = Text("\n".join(strip))
    for sign, colour in SIGN_COLOURS.items():
        text.highlight_regex(rf"(?<!\S){re.escape(sign)} \S+", colour)
    for name in turned_right:
        text.highlight_regex(rf"(?<!\S)\S {re.escape(name)}(?!\S)", "bold")
    return text


def _card(lines: list[str]) -> Text:
    """The card, its first line in the colour of its sign."""
    text = Text("\n".join(lines))
    for sign, colour in SIGN_COLOURS.items():
        text.highlight_regex(rf"(?m)^{re.escape(sign)} .*$", f"bold {colour}")
    return text
