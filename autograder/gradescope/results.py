"""results.json: looked at by our schema, and then put in the place of the last one in one step."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
COMPILED = "compiled_gradescope_schema"
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


def compile_schema(folder: Path) -> None:
    """Write the schema down as Python, in a folder of packages: to make it anew each time takes longer than to grade
    a question."""
    import fastjsonschema

    (folder / f"{COMPILED}.py").write_text(fastjsonschema.compile_to_code(_schema()), encoding="utf-8")


def _look_at(document: Mapping[str, Any]) -> None:
    from fastjsonschema.exceptions import JsonSchemaValueException

    try:
        _validator()(document)
    except JsonSchemaValueException as error:
        raise NoResult(str(error)) from error


def _validator() -> Callable[[Mapping[str, Any]], object]:
    """Where an image was built, that which was written down there."""
    try:
        validate: Callable[[Mapping[str, Any]], object] = importlib.import_module(COMPILED).validate
    except ModuleNotFoundError:
        import fastjsonschema

        validate = fastjsonschema.compile(_schema())
    return validate


def _schema() -> Any:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))
