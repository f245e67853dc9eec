"""Say on which line each part of a TOML text stands.

`tomllib` gives values without places. This scan walks a text that `tomllib` has accepted already,
so it only has to know where keys and values begin and end, not what they mean.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from typing import Final, TypeAlias

Key: TypeAlias = tuple[str | int, ...]
"""The way to a value: names of tables, indices of arrays."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_COMMENT: Final = re.compile(r"#([^\n]*)")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)


def line_numbers(text: str) -> Mapping[Key, int]:
    """Return the line, counted from 1, of every table, key and array element of valid TOML."""
    scan = _Scan(text)
    scan.document()
    return scan.lines


def header_lines(text: str) -> Mapping[Key, int]:
    """Return the line, counted from 1, of every `[table]` that valid TOML writes out."""
    scan = _Scan(text)
    scan.document()
    return scan.headers


def comments(text: str) -> list[str]:
    """Return all comments of valid TOML, in their order, without the number sign."""
    scan = _Scan(text)
    scan.document()
    return scan.comments


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[Key, int] = {}
        self.headers: dict[Key, int] = {}
        self.comments: list[str] = []
        self._text = text
        self._at = 0
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._last_index: dict[Key, int] = {}
        """For every array of tables, the index of the table that was opened last."""

    def document(self) -> None:
        table: Key = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._next("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Key:
        start = self._at
        is_array = self._next("[[")
        self._at += 2 if is_array else 1
        names = self._key()
        self._at += 2 if is_array else 1
        path = self._open(names[:-1])
        path = (*path, names[-1])
        if is_array:
            self._last_index[path] = self._last_index.get(path, -1) + 1
            path = (*path, self._last_index[path])
        self._note(path, start)
        self.headers[path] = self._line(start)
        return path

    def _open(self, names: list[str]) -> Key:
        """Return the path of the table that these names reach, through arrays of tables."""
        path: Key = ()
        for name in names:
            path = (*path, name)
            if path in self._last_index:
                path = (*path, self._last_index[path])
        return path

    def _pair(self, table: Key) -> None:
        start = self._at
        path: Key = (*table, *self._key())
        self._note(path, start)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _key(self) -> list[str]:
        names = [self._name()]
        while self._next("."):
            self._at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        self._skip(_BLANK)
        quoted = self._text[self._at] in "\"'"
        raw = self._skip(_STRING if quoted else _BARE)
        self._skip(_BLANK)
        return str(tomllib.loads(f"name = {raw}")["name"]) if quoted else raw

    def _value(self, path: Key) -> None:
        if self._next("["):
            self._array(path)
        elif self._next("{"):
            self._inline_table(path)
        else:
            self._skip(_STRING if self._text[self._at] in "\"'" else _SCALAR)

    def _array(self, path: Key) -> None:
        index = 0
        self._at += 1
        while not self._closed("]"):
            self._note((*path, index), self._at)
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Key) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Step over blanks and a comma; say whether the bracket was there, and step over it."""
        self._skip(_BLANK)
        if self._next(","):
            self._at += 1
            self._skip(_BLANK)
        if not self._next(bracket):
            return False
        self._at += 1
        return True

    def _next(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"no TOML at character {self._at}")
        self._at = match.end()
        if pattern is _BLANK:
            self.comments += _COMMENT.findall(match.group())
        return match.group()

    def _note(self, path: Key, start: int) -> None:
        line = self._line(start)
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _line(self, start: int) -> int:
        return bisect_right(self._newlines, start - 1) + 1
