"""The one way to write a file: whole or not at all, and with its owner, rights and links kept."""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAME_LENGTH: Final = 40
"""Letters of a file's name that its temporary name repeats: file systems take 255 bytes in all."""
PRIVATE: Final = 0o600


@contextlib.contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[Path]:
    """Give a name beside `path` to write to; the file takes the place of `path` at the end.

    A link stays a link: its target is replaced. Owner, rights, ACLs and labels are those of the
    file that was there; a new file has `mode`, or what the system gives. When the block raises,
    everything stays as it was. Raises OSError.
    """
    target = Path(os.path.realpath(path))
    part = temporary_name(target)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode or 0o666))
        yield part
        _sync(part)
        if mode is None and target.exists():
            copy_rights(target, part)
        part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    with contextlib.suppress(OSError):  # not every system lets folders be opened
        _sync(target.parent)


def write_atomic(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file whole or not at all; see `replacing`. Raises OSError."""
    with replacing(path, mode=mode) as part:
        part.write_bytes(content)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all. Raises OSError."""
    write_atomic(path, content, mode=PRIVATE)


def temporary_name(path: Path) -> Path:
    """Return a free name in the folder of `path`, hidden, short enough, and with its ending."""
    stem = shortened(path.stem, NAME_LENGTH)
    ending = path.suffix if len(path.suffix) <= NAME_LENGTH else ""
    return path.with_name(f".{stem}.{secrets.token_hex(4)}.part{ending}")


def shortened(name: str, limit: int) -> str:
    """Return the beginning of a name that takes `limit` bytes at most, whole letters alone."""
    while len(os.fsencode(name)) > limit:
        name = name[:-1]
    return name


def copy_rights(source: Path, target: Path) -> None:
    """Give `target` the owner, rights, ACLs and labels of `source`, as far as we may.

    Raises PermissionError when the owner cannot be the same: the file would change hands.
    """
    there, here = source.stat(), target.stat()
    if hasattr(os, "chown") and (there.st_uid, there.st_gid) != (here.st_uid, here.st_gid):
        os.chown(target, there.st_uid, there.st_gid)
    target.chmod(there.st_mode & 0o7777)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # some file systems have none
            for name in os.listxattr(source):
                with contextlib.suppress(OSError):
                    os.setxattr(target, name, os.getxattr(source, name))


def _sync(path: Path) -> None:
    """Let a file or a folder survive a power cut."""
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
