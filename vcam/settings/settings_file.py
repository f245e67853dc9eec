"""The settings file on disk: read it, and change it without ever leaving a broken one behind."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.settings.load import decode, parse_settings, read_content
from vcam.settings.settings import Settings
from vcam.system.atomic_write import write_atomic
from vcam.system.file_lock import writing
from vcam.system.pipes import is_regular


@contextlib.contextmanager
def editing(path: Path) -> Iterator[None]:
    """Hold the right to change the settings file: what is read inside stays true until it is
    written. Writers, other programs among them, wait for each other. Raises `ConfigError`.
    """
    _refuse_what_is_no_file(path)
    try:
        Path(os.path.realpath(path)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            _("cannot write the settings file {path}: {reason}").format(
                path=path, reason=error.strerror
            )
        ) from None
    with writing(path):
        yield


def write_settings(path: Path, text: str) -> Settings:
    """Put `text` in the place of the settings file, all of it or nothing.

    The text is checked first: a file that works is never replaced by one that does not. Returns
    what it says. Raises `ConfigError` and leaves the file as it was.
    """
    settings = parse_settings(text, path)
    with editing(path):
        try:
            _write(Path(os.path.realpath(path)), text.encode("utf-8"))
        except OSError as error:
            raise ConfigError(
                _("cannot write the settings file {path}: {reason}").format(
                    path=path, reason=error.strerror
                )
            ) from None
    return settings


def create_settings(path: Path, text: str) -> Settings:
    """Write a settings file where there is none. Raises `ConfigError` where there is one."""
    with editing(path):
        if os.path.lexists(path):
            raise ConfigError(
                _(
                    "{path} is there already and was left alone; edit it, or remove it to start "
                    "again"
                ).format(path=path)
            )
        return write_settings(path, text)


def read_text(path: Path) -> str | None:
    """Return the text of the settings file with its line ends; None when there is none."""
    if not os.path.lexists(path) or (path.is_symlink() and not os.path.exists(path)):  # noqa: PTH110 - it never raises
        return None
    return decode(read_content(path, required=True), path)


def _write(path: Path, content: bytes) -> None:
    """Replace the file, or, where a new one could not be the same, write into the old one.

    A new file would lose other names of the old one (hard links) and its owner, and needs a folder
    that may be written.
    """
    if path.exists() and (path.stat().st_nlink > 1 or not os.access(path.parent, os.W_OK)):
        _write_into(path, content)
        return
    try:
        write_atomic(path, content)
    except PermissionError:
        if not path.exists():
            raise
        _write_into(path, content)


def _write_into(path: Path, content: bytes) -> None:
    """Write over the old content, and then cut off what is left of it."""
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _refuse_what_is_no_file(path: Path) -> None:
    """Refuse to write settings to where they cannot stay, as a pipe or a device."""
    if os.path.exists(path) and not is_regular(path):  # noqa: PTH110 - it never raises
        raise ConfigError(
            _("{path} is no regular file, so that settings cannot be kept in it").format(path=path)
        )
