"""Change one place of a TOML text; everything else in it stays, comments too.

TOML can say one thing in many layouts, and no single way of editing suits them all. So several are
tried, and the first is taken whose result says exactly what was wanted and has kept every comment.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

from vcam.settings.toml_lines import comments, header_lines

Edit: TypeAlias = Callable[[], str]
"""Returns the changed text; may fail in the ways of `CANNOT`."""

CANNOT: Final = (TOMLKitError, KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What tomlkit raises, among other things, for a layout that it does not master."""


def set_value(text: str, key: Sequence[str], value: object) -> str | None:
    """Return the text with one value set; None when its layout has no place for it.

    `key` is the way to the value, such as `("gestures", "hold_ms")`; tables are made as needed.
    """
    wanted = tomllib.loads(_plain(text))
    _put(wanted, key, value)
    ways = _ways(_plain(text), key, value)
    return first_right(text, ways, lambda changed: tomllib.loads(changed) == wanted)


def first_right(
    text: str, ways: Iterable[Edit], right: Callable[[str], bool], *, keep_comments: bool = True
) -> str | None:
    """Return what the first way gives that is `right` and keeps the comments; None: there is none.

    Ways and `right` see line ends of one character; the result has those of `text`.
    """
    before = comments(_plain(text))
    for way in ways:
        try:
            changed = _plain(way())
            kept = not keep_comments or set(before) <= set(comments(changed))
            if kept and right(changed):
                return changed.replace("\n", "\r\n") if "\r\n" in text else changed
        except CANNOT:
            continue
    return None


def append(text: str, lines: Sequence[str]) -> str:
    """Return the text with lines after an empty one at its end."""
    head = f"{text.rstrip()}\n\n" if text.strip() else ""
    return head + "\n".join(lines) + "\n"


def toml(value: object) -> str:
    """Return a value as TOML writes it."""
    return tomlkit.item(value).as_string()


def dotted_key(key: Sequence[str]) -> str:
    """Return a key as TOML writes it, quoted where it must be."""
    return ".".join(tomlkit.key(name).as_string() for name in key)


def _ways(text: str, key: Sequence[str], value: object) -> Iterator[Edit]:
    if _is_there(text, key if len(key) < 3 else key[:-1]):  # else it goes below a header
        yield partial(_in_place, text, key, value)
    for length in range(len(key) - 1, 0, -1):
        for line in _lines(key[length:], value):
            yield partial(_below_header, text, key[:length], line)
    yield partial(_in_place, text, key, value)
    for line in reversed([*_lines(key, value)]):
        yield partial(_at_top, text, line)
    for length in range(1, len(key)):
        for line in _lines(key[length:], value):
            yield partial(append, text, [f"[{dotted_key(key[:length])}]", line])


def _in_place(text: str, key: Sequence[str], value: object) -> str:
    document: Any = tomlkit.parse(text)
    table = document
    for name in key[:-1]:
        if name not in table:
            table[name] = tomlkit.inline_table()
        table = table[name]
    table[key[-1]] = value
    return tomlkit.dumps(document)


def _below_header(text: str, table: Sequence[str], line: str) -> str:
    lines = text.split("\n")
    at = header_lines(text)[(*table,)]
    return "\n".join([*lines[:at], line, *(lines[at:] or [""])])


def _at_top(text: str, line: str) -> str:
    return f"{line}\n{text}"


def _lines(key: Sequence[str], value: object) -> Iterator[str]:
    """Yield the ways to write a key and its value in one line: as a table in line, and dotted."""
    if len(key) == 2:
        yield f"{dotted_key(key[:1])} = {{ {dotted_key(key[1:])} = {toml(value)} }}"
    yield f"{dotted_key(key)} = {toml(value)}"


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _is_there(text: str, key: Sequence[str]) -> bool:
    data: Any = tomllib.loads(text)
    for name in key:
        if not isinstance(data, dict) or name not in data:
            return False
        data = data[name]
    return True


def _put(data: dict[str, Any], key: Sequence[str], value: object) -> None:
    for name in key[:-1]:
        data = data.setdefault(name, {})
    data[key[-1]] = value
