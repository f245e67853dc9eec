"""Pipes that are named like files: `<(command)`, /dev/stdin, and what mkfifo makes."""

import os
import select
import stat
import sys
import time
from pathlib import Path
from typing import Final

WAIT_S: Final = 5.0
"""How long a writer may take until something comes."""

_given: dict[tuple[int, int], bytes] = {}
"""What pipes gave, by device and inode."""


def is_pipe(path: Path) -> bool:
    """Say whether what lies there can be read only once; False when nothing does."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def is_regular(path: Path) -> bool:
    """Say whether there is a file that keeps what it holds, and no pipe or device."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def read_pipe(path: Path, limit: int) -> bytes:
    """Return what comes out of a pipe, `limit` bytes at most; the same each time it is asked for.

    Waits `WAIT_S` for somebody who writes. Raises OSError.
    """
    status = path.stat()
    key = (status.st_dev, status.st_ino)
    if key not in _given:
        _given[key] = _read(path, limit)
    return _given[key]


def _read(path: Path, limit: int) -> bytes:
    if sys.platform == "win32":
        return path.read_bytes()[:limit]
    end, parts, size = time.perf_counter() + WAIT_S, list[bytes](), 0
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        while size < limit:
            part = _next_part(handle, end)
            if part is None or (not part and parts):
                break
            if part:
                parts.append(part)
                size += len(part)
            elif time.perf_counter() > end:
                break
            else:  # nobody has opened it for writing yet
                time.sleep(0.02)
    finally:
        os.close(handle)
    if not parts:
        raise OSError(0, f"nobody has written into it for {WAIT_S:.0f} seconds")
    return b"".join(parts)[:limit]


def _next_part(handle: int, end: float) -> bytes | None:
    """Return the next bytes, none when no writer is there; None when none came in time."""
    if not select.select([handle], [], [], max(0.0, end - time.perf_counter()))[0]:
        return None
    return os.read(handle, 65536)
