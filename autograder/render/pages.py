"""Whole pages: a template around pieces of HTML. A page asks nobody for anything, and runs no script but our own."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.render.markup import Markup, escaped

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, **facts: Any) -> str:
    """The page. Every fact is escaped that is not Markup of our own; a fact that is missing raises UndefinedError."""
    script = read_template("follow.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    style = Markup(read_template("page.css"))
    return _environment().get_template(template).render(
        style=style, script=Markup(script), script_digest=Markup(digest), **facts
    )  # fmt: skip


@lru_cache
def read_template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()


@lru_cache
def _environment() -> Environment:
    import markupsafe
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined

    def finalized(value: Any) -> Any:
        """Our own escaping in the place of Jinja's: it also takes out what turns the direction of a text."""
        if isinstance(value, (Undefined, markupsafe.Markup)):
            return value
        return markupsafe.Markup(value if isinstance(value, Markup) else escaped(str(value)))

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=finalized,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
