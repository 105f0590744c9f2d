"""results.json: looked at by our schema, and then put in the place of the last one in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
SCHEMA = Path(__file__).parent.parent / "render" / "gradescope.schema.json"


class NoResult(Exception):
    """What was about to be written is no result that the platform would take."""


def write_results(document: Mapping[str, Any], file: Path) -> None:
    """Replace the results. Whoever reads the file finds the old ones or the new ones, whole.

    Raises NoResult for a document that breaks the schema or is too large, and OSError.
    """
    _look_at(document)
    text = _to_text(document)
    if len(text.encode()) > MOST_BYTES:
        raise NoResult(f"it has {len(text.encode())} bytes, more than {MOST_BYTES}")
    beside = file.with_name(f".{file.name}.new")
    with open(beside, "w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    os.replace(beside, file)


def _to_text(document: Mapping[str, Any]) -> str:
    try:
        return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=1)
    except ValueError as error:
        raise NoResult(str(error)) from error


def _look_at(document: Mapping[str, Any]) -> None:
    import fastjsonschema  # only here, where something is about to be written

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    try:
        fastjsonschema.validate(schema, document)
    except fastjsonschema.JsonSchemaValueException as error:
        raise NoResult(str(error)) from error
