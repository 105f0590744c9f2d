"""A TOML file as tables that complain well: file, key, what was wanted, what was got, and what was probably meant."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError, did_you_mean

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LONGEST_SHOWN = 60
"""Characters of a wrong value that a complaint repeats."""


def read_toml(file: Path) -> Table:
    """The root table of a file. Raises AssignmentError when it is no TOML."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(str(file), "", wanted="valid TOML", got=str(error)) from error
    return Table(str(file), "", data)


class Table:
    """A TOML table that knows where it stands. Each getter raises AssignmentError for a value of another kind."""

    def __init__(self, file: str, key: str, data: Mapping[str, Any]) -> None:
        self.file = file
        self.key = key
        self.data = data

    def refuse(self, key: str, *, wanted: str, got: str, hint: str = "") -> AssignmentError:
        return AssignmentError(self.file, self._at(key), wanted=wanted, got=got, hint=hint)

    def keys(self, known: Sequence[str]) -> list[str]:
        """All keys of the table. Raises for the first one that is not known."""
        for key in self.data:
            if key not in known:
                hint = did_you_mean(key, known)
                raise self.refuse(key, wanted=f"one of {', '.join(known)}", got=f'the unknown key "{key}"', hint=hint)
        return list(self.data)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default, "a text")
        if not isinstance(value, str):
            raise self.refuse(key, wanted="a text", got=shown(value))
        return value

    def choice(self, key: str, known: Sequence[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in known:
            wanted = f"one of {', '.join(known)}"
            raise self.refuse(key, wanted=wanted, got=f'"{value}"', hint=did_you_mean(value, known))
        return value

    def integer(self, key: str, default: int | None = None, at_least: int = 0) -> int:
        value = self._get(key, default, "a whole number")
        if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
            raise self.refuse(key, wanted=f"a whole number, {at_least} or more", got=shown(value))
        return value

    def seconds(self, key: str, default: float) -> float:
        value = self._get(key, default, "a number of seconds")
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < 86400:
            raise self.refuse(key, wanted="a number of seconds, more than 0", got=shown(value))
        return float(value)

    def number(self, key: str, default: float, most: float) -> float:
        """A number from 0 to `most`."""
        value = self._get(key, default, "a number")
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= most:
            raise self.refuse(key, wanted=f"a number from 0 to {most:g}", got=shown(value))
        return float(value)

    def switch(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.refuse(key, wanted="true or false", got=shown(value))
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of at least one text, each once."""
        value = self._get(key, None, "a list of names")
        is_list = isinstance(value, list) and value and all(isinstance(name, str) for name in value)
        if not is_list or len(set(value)) < len(value):
            raise self.refuse(key, wanted="a list of names, each once", got=shown(value))
        return tuple(value)

    def words(self, key: str, default: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
        value = self._get(key, list(default), "a list of names")
        if not isinstance(value, list):
            raise self.refuse(key, wanted="a list of names", got=shown(value))
        for word in value:
            if word not in known:
                wanted = f"names out of {', '.join(known)}"
                raise self.refuse(key, wanted=wanted, got=shown(word), hint=did_you_mean(str(word), known))
            if value.count(word) > 1:
                raise self.refuse(key, wanted="each name once", got=shown(value))
        return tuple(value)

    def sizes(self, key: str, letters: bool) -> tuple[int | str, ...]:
        value = self._get(key, None, "a shape")
        kinds = (int, str) if letters else (int,)
        if not isinstance(value, list) or len(value) > 8:
            raise self.refuse(key, wanted="a shape, such as [3, 4]", got=shown(value))
        for size in value:
            if not isinstance(size, kinds) or isinstance(size, bool) or (isinstance(size, int) and size < 1):
                wanted = "a shape of letters and sizes" if letters else "a shape of sizes, 1 or more"
                raise self.refuse(key, wanted=wanted, got=shown(value))
        return tuple(value)

    def numbers(self, key: str) -> tuple[int, ...]:
        return tuple(int(size) for size in self.sizes(key, letters=False))

    def list_of_shapes(self, key: str) -> tuple[tuple[int, ...], ...]:
        value = self._get(key, None, "a list of shapes")
        if not isinstance(value, list) or not value or not all(isinstance(shape, list) for shape in value):
            raise self.refuse(key, wanted="a list of shapes, such as [[3, 4], [4]]", got=shown(value))
        each = Table(self.file, self._at(key), {str(index): shape for index, shape in enumerate(value)})
        return tuple(each.numbers(index) for index in each.data)

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> Table:
        value = self._get(key, default, "a table")
        if not isinstance(value, Mapping):
            raise self.refuse(key, wanted="a table", got=shown(value))
        return Table(self.file, self._at(key), value)

    def tables(self, key: str) -> list[Table]:
        value = self._get(key, None, "at least one table")
        if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
            wanted = f"a list of tables, as [[{key}]] or {key} = [{{ … }}]"
            raise self.refuse(key, wanted=wanted, got=shown(value))
        return [Table(self.file, f"{self._at(key)}[{index}]", one) for index, one in enumerate(value)]

    def _get(self, key: str, default: Any, wanted: str) -> Any:
        if key in self.data:
            return self.data[key]
        if default is None:
            raise self.refuse(key, wanted=wanted, got="nothing")
        return default

    def _at(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key


def shown(value: Any) -> str:
    """A value as TOML writes it, shortened."""
    if isinstance(value, Mapping):
        return f"a table of {', '.join(value) or 'nothing'}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, list):
        text = f"[{', '.join(map(shown, value))}]"
    else:
        text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
