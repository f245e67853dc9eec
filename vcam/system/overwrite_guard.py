"""Refuse to write over a file that the same command reads, by whatever name."""

import os
from collections.abc import Iterable
from pathlib import Path

from vcam.core.texts import _
from vcam.errors import ConfigError


def refuse_overwriting(read: Iterable[Path | None], written: Iterable[Path | None]) -> None:
    """Raise `ConfigError` when a path to be written is one that is read, or is given twice.

    Links, hard links and other spellings of a path are seen through; None stands for no path.
    Devices and pipes, such as /dev/null, may be both.
    """
    sources = [path for path in read if path is not None]
    taken: list[Path] = []
    for target in (path for path in written if path is not None):
        for source in sources:
            if same_file(source, target):
                raise ConfigError(_why_not(source, target))
        for other in taken:
            if same_file(other, target):
                raise ConfigError(
                    _("{target} is to be written twice: name two files").format(target=target)
                )
        taken.append(target)


def same_file(one: Path, other: Path) -> bool:
    """Say whether two paths lead to one file or folder, which need not be there yet."""
    try:
        if one.exists() and other.exists():
            return _keeps_content(one) and one.samefile(other)
        return _place(one) == _place(other)
    except (OSError, ValueError):
        return False


def _keeps_content(path: Path) -> bool:
    return path.is_file() or path.is_dir()


def _place(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _why_not(source: Path, target: Path) -> str:
    text = _(
        "{target} would be written over, but it is also what is read: name another file to write"
    )
    if str(source) != str(target):
        text = _(
            "{target} would be written over, but it is also what is read as {source}: name another "
            "file to write"
        )
    return text.format(target=target, source=source)
