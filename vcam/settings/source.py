"""A settings text while it is read: what it says, and where, for errors that name the line."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from vcam.core.texts import _, marked
from vcam.errors import ConfigError
from vcam.settings.toml_lines import Key, line_numbers

_BACKSLASH_HINT: Final = marked("; write Windows paths in single quotes: 'C:\\models\\mine.onnx'")
_ESCAPES: Final = re.compile(r'"[^"]*\\')
"""A backslash after a double quote: the beginning of an escape such as `\\u`, meant or not."""
_PYTHON_KEY: Final = re.compile(r"\('(.*)',?\)")
"""How `tomllib` writes a key, as a tuple."""
_NAMES: Final = re.compile(r"""[\w"'.\t -]+""")
_STEP: Final = re.compile(r"""[\w"'][ \t]*\.""")
_QUOTED_COMMA: Final = "', '"
_MAX_DEPTH: Final = 100
"""Steps of a dotted name, `a.b.c`; reading takes their square, and twenty thousand took minutes."""
_TABLE_SHOWN: Final = 60
_LONG_WORD: Final = re.compile(r"\S{200,}")
"""A name or an action that nobody typed: one sentence is not a page."""
_MAX_LISTED: Final = 8


class LineError(ConfigError):
    """An error in a line of a settings file."""

    def __init__(self, name: str, line: int | str, problem: str) -> None:
        """`name` is the path of the file; `problem` says what is wrong there."""
        problem = _LONG_WORD.sub(lambda word: f"{word[0][:_TABLE_SHOWN]}…", problem)
        super().__init__(
            _("{name}, line {line}: {problem}").format(name=name, line=line, problem=problem)
        )
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Source:
    """One text of TOML, parsed, with the lines of its parts."""

    name: str
    """What errors call it: the path of the file."""
    data: Mapping[str, Any]
    lines: Mapping[Key, int]

    @classmethod
    def parse(cls, text: str, name: str) -> "Source":
        """Return the parsed text. Raises `ConfigError` when it is not TOML."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        if any(len(_STEP.findall(names)) > _MAX_DEPTH for names in _NAMES.findall(text)):
            raise ConfigError(_("{name} nests tables too deep to be read").format(name=name))
        try:
            return cls(name, tomllib.loads(text), line_numbers(text))
        except RecursionError:
            raise ConfigError(
                _("{name} nests brackets too deep to be read").format(name=name)
            ) from None
        except ValueError as error:
            raise _syntax_error(str(error), text, name) from None

    def line(self, key: Key) -> int:
        """Return the line of `key`, or of the nearest part around it that is written out."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def error(self, key: Key, problem: str) -> ConfigError:
        """Return an error about the value at `key`: file, line and one sentence."""
        return LineError(self.name, self.line(key), problem)

    def table(self, key: Key, value: object) -> Mapping[str, Any]:
        """Return the value as a table. Raises `ConfigError` when it is something else."""
        if isinstance(value, dict):
            return value
        raise self.error(
            key, _("{key} must be a table, not {value}").format(key=dotted(key), value=shown(value))
        )

    def check_names(self, key: Key, names: Collection[str], allowed: Collection[str]) -> None:
        """Raise `ConfigError` for the first name that is not one of `allowed`."""
        text = (
            _('"{name}" is not a setting of [{section}]{hint}')
            if key
            else _('"{name}" is not a setting at the top of the file{hint}')
        )
        for name in names:
            if name not in allowed:
                hint = one_of(name, allowed)
                raise self.error(
                    (*key, name), text.format(name=name, section=dotted(key), hint=hint)
                )


def _syntax_error(problem: str, text: str, name: str) -> ConfigError:
    problem, _at, place = problem.partition(" (at ")
    found = re.search(r"line (\d+)", place)
    line = found.group(1) if found else text.count("\n", 0, len(text.rstrip())) + 1
    problem = problem[:1].lower() + problem[1:]
    problem = _PYTHON_KEY.sub(lambda key: f"[{key[1].replace(_QUOTED_COMMA, '.')}]", problem)
    if "digits" in problem:
        problem = _("a number has too many digits")
    lines = text.splitlines()
    written = lines[int(line) - 1] if int(line) <= len(lines) else ""
    hint = _(_BACKSLASH_HINT) if "\\" in problem or _ESCAPES.search(written) else ""
    return LineError(
        name,
        line,
        _("not valid TOML: {problem}{hint}").format(problem=problem, hint=hint),
    )


def one_of(word: str, allowed: Collection[str]) -> str:
    """Return the end of a sentence that says which was likely meant, or what is allowed.

    A long list would hide the likely one, and is left out then.
    """
    close = get_close_matches(word.lower(), allowed, n=1)
    hint = _(' (did you mean "{word}"?)').format(word=close[0]) if close else ""
    if close and len(allowed) > _MAX_LISTED:
        return hint
    return _("{hint}; allowed are {allowed}").format(hint=hint, allowed=", ".join(allowed))


def dotted(key: Key) -> str:
    """Return a key as people write it: `profiles.zoom.bindings[2].action`."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")


def shown(value: object) -> str:
    """Return a value as it looks in TOML, shortened, for the end of a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, dict):
        return _("a table")
    elif isinstance(value, list):
        return _("a list")
    else:
        text = str(value)
    return text if len(text) <= _TABLE_SHOWN else text[:_TABLE_SHOWN] + "…"
