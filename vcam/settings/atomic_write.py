"""Change the settings file without ever leaving a broken one behind."""

import contextlib
import os
import tempfile
from pathlib import Path

from vcam.errors import ConfigError
from vcam.settings.load import decode, parse_settings
from vcam.settings.settings import Settings


def write_settings(path: Path, text: str) -> Settings:
    """Put `text` in the place of the settings file, all of it or nothing.

    The text is checked first: a file that works is never replaced by one that does not. Returns
    what it says. Raises `ConfigError` and leaves the file as it was.
    """
    settings = parse_settings(text, path)
    try:
        # A link, as people have who keep their settings in a repository, stays a link.
        _replace(Path(os.path.realpath(path)), text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot write the settings file {path}: {error}") from None
    return settings


def create_settings(path: Path, text: str) -> Settings:
    """Write a settings file where there is none. Raises `ConfigError` where there is one."""
    if os.path.lexists(path):
        raise ConfigError(
            f"{path} is there already and was left alone; edit it, or remove it to start anew"
        )
    return write_settings(path, text)


def read_text(path: Path) -> str | None:
    """Return the text of the settings file with its line ends; None when there is none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read the settings file {path}: {error}") from None
    return decode(content, path)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            new.chmod(path.stat().st_mode & 0o777)
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system lets folders be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
