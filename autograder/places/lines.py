"""A frame of a student's code → the file or cell, the line, and the text of the line."""

from __future__ import annotations

import ast
import contextlib
import linecache
from collections.abc import Sequence
from types import CodeType, FrameType, TracebackType
from typing import Any

LONGEST_TEXT = 400
"""Characters of an exception's text, or of a line, that are kept."""


def line_facts(frame: FrameType, line: int | None) -> dict[str, Any]:
    """`where` ("" in a script), `line` and `code`, the line without its indentation ("" when it cannot be found)."""
    return _facts(file_of(frame), max(1, line or frame.f_code.co_firstlineno))


def line_facts_of_code(code: CodeType) -> dict[str, Any]:
    """The same of the line at which a function begins."""
    return _facts(code.co_filename, code.co_firstlineno)


def _facts(file: str, line: int) -> dict[str, Any]:
    code = source_line(file, line).strip()[:LONGEST_TEXT]
    return {"where": "" if file.startswith("<") else file[:LONGEST_TEXT], "line": line, "code": code}


def stuck_facts(frames: Sequence[FrameType]) -> dict[str, Any]:
    """The same of the frames that run, the innermost first: of the first loop that the outermost of them is in.

    A loop of several lines is in another one at each moment, and a report says the same each time. Where nothing is in
    a loop that can be read, of the line that runs.
    """
    for frame in reversed(frames):
        with contextlib.suppress(Exception):  # code that is not there, or is none
            head = _outermost_loop(frame)
            if head:
                return line_facts(frame, head)
    return line_facts(frames[0], frames[0].f_lineno) if frames else {}


def _outermost_loop(frame: FrameType) -> int:
    """The line with the head of the first loop around the running line, within its function; 0 where there is none."""
    lines = linecache.getlines(file_of(frame))
    loops = [node for node in ast.walk(ast.parse("".join(lines))) if isinstance(node, (ast.For, ast.While))]
    first = frame.f_code.co_firstlineno
    around = [node.lineno for node in loops if first <= node.lineno <= frame.f_lineno <= (node.end_lineno or 0)]
    return min(around, default=0)


def file_of(frame: FrameType) -> str:
    """The name of the frame's file. A student may have put anything into a code object, so the type is looked at."""
    file = frame.f_code.co_filename
    return file if type(file) is str else "<unknown>"


def source_line(file: str, line: int) -> str:
    """The text of a line, "" when there is none."""
    text = linecache.getline(file, line)
    return text if type(text) is str else ""


def last_student_step(traceback: TracebackType | None, namespace: object) -> TracebackType | None:
    """The last step of a traceback whose globals are `namespace`: inside numpy, a student sees nothing of their own."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_globals is namespace:
            found = traceback
        traceback = traceback.tb_next
    return found
