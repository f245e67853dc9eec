"""What a single setting may be. Each check returns the value or says what it must be."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from vcam.actions.chord import parse_chord
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.settings.source import one_of, shown

Check: TypeAlias = Callable[[object], Any]
"""Returns the value as the settings hold it. Raises `ValueError`: `must be …`."""

_HOST: Final = re.compile(r"[A-Za-z0-9_.:%-]{1,253}")
_PLUGIN: Final = re.compile(r"[a-z][a-z0-9_]*")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


def flag(value: object) -> bool:
    """Accept true and false."""
    if not isinstance(value, bool):
        raise ValueError(_("must be true or false, not {value}").format(value=shown(value)))
    return value


def text(value: object) -> str:
    """Accept any text that is not empty."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError(
            _("must be a text in quotes that is not empty, not {value}").format(value=shown(value))
        )
    return value


def texts(value: object) -> tuple[str, ...]:
    """Accept a list of texts, each not empty."""
    if not isinstance(value, list | tuple):
        raise ValueError(
            _('must be a list of texts such as ["zoom"], not {value}').format(value=shown(value))
        )
    return tuple(text(part).strip() for part in value)


def whole(low: int, high: int) -> Check:
    """Accept whole numbers from `low` to `high`."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(
                _("must be a whole number from {low} to {high}, not {value}").format(
                    low=low, high=high, value=shown(value)
                )
            )
        return value

    return check


def number(low: float, high: float) -> Check:
    """Accept numbers from `low` to `high`."""

    def check(value: object) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:  # type: ignore[operator]  # is_number says so
            raise ValueError(
                _("must be a number from {low:g} to {high:g}, not {value}").format(
                    low=low, high=high, value=shown(value)
                )
            )
        return float(value)  # type: ignore[arg-type]  # is_number says so

    return check


def choice(*allowed: str) -> Check:
    """Accept one of these words."""

    def check(value: object) -> str:
        if value not in allowed or not isinstance(value, str):
            raise ValueError(
                _("cannot be {value}{hint}").format(
                    value=shown(value), hint=one_of(str(value), allowed)
                )
            )
        return value

    return check


def chord(value: object) -> str:
    """Accept a chord of keys such as `ctrl+alt+p`."""
    try:
        parse_chord(text(value))
    except ConfigError as error:
        raise ValueError(_("is no chord of keys: {error}").format(error=error)) from None
    return text(value)


def colour(value: object) -> str:
    """Accept `#rrggbb`."""
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise ValueError(
            _('must be a colour such as "#3ddc97", not {value}').format(value=shown(value))
        )
    return value.lower()


def host(value: object) -> str:
    """Accept the name or the address of a computer, without a scheme and a port."""
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise ValueError(
            _(
                'must be a name or an address such as "localhost" or "192.168.1.5", not {value}'
            ).format(value=shown(value))
        )
    return value


def url(value: object) -> str:
    """Accept an address that HTTP can post to."""
    written = text(value)
    try:
        parts = urlsplit(written)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or any(ord(c) < 33 or ord(c) > 126 for c in written):
        raise ValueError(
            _('must be an address such as "https://example.org/hook", not {value}').format(
                value=shown(value)
            )
        )
    return written


def topic(value: object) -> str:
    """Accept the beginning of an MQTT topic."""
    written = text(value)
    if any(sign in written for sign in "+#\0") or written.strip("/") != written:
        raise ValueError(
            _('must be a topic such as "vcam/desk", not {value}').format(value=shown(value))
        )
    return written


def plugin_names(value: object) -> tuple[str, ...]:
    """Accept names of plug-ins."""
    names = texts(value)
    for name in names:
        if not _PLUGIN.fullmatch(name):
            raise ValueError(
                _('can only name plug-ins such as "lamp" (a-z, 0-9, _), not "{name}"').format(
                    name=name
                )
            )
    return names


def device(value: object) -> str:
    """Accept a camera as text or, for an index, as a number."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    if isinstance(value, int | float):
        raise ValueError(
            _("must be a camera index from 0, a name, a path or demo, not {value}").format(
                value=shown(value)
            )
        )
    return path_text(value)


def path_text(value: object) -> str:
    r"""Accept a text without control characters: `"C:\temp"` holds a tab that nobody meant."""
    written = text(value)
    if any(ord(letter) < 32 for letter in written):
        raise ValueError(
            _(
                "holds a control character, which a backslash in double quotes makes; write "
                "Windows paths in single quotes: 'C:\\temp\\talk.mp4'"
            )
        )
    return written


def outputs(value: object) -> tuple[str, ...]:
    """Accept a list of outputs that is not empty."""
    if not isinstance(value, list) or not value:
        raise ValueError(
            _('must be a list such as ["virtual", "window"], not {value}').format(
                value=shown(value)
            )
        )
    return tuple(_output(part) for part in value)


def _output(value: object) -> str:
    names = ("virtual", "window", "null")
    if isinstance(value, str) and (value in names or value.lower().endswith(".mp4")):
        return path_text(value)
    raise ValueError(
        _("cannot hold {value}{hint} or a path that ends in .mp4").format(
            value=shown(value), hint=one_of(str(value), names)
        )
    )


def file_path(folder: Path) -> Check:
    """Accept a path; `~` is the home folder, and a relative one starts at `folder`."""

    def check(value: object) -> str:
        try:
            return str(folder / Path(path_text(value)).expanduser())
        except RuntimeError:  # a `~name` that has no home
            raise ValueError(
                _("names a home folder that does not exist: {value}").format(value=shown(value))
            ) from None

    return check
