"""Let programs that write the same file take turns."""

import contextlib
import errno
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vcam.core.texts import _
from vcam.errors import ConfigError

WAIT_S: Final = 10.0
"""Writing takes a few milliseconds; whoever holds on for longer hangs."""
STEP_S: Final = 0.02

_held = threading.local()


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the right to write `path`, against other threads and programs; may be nested.

    Read what is to be changed inside the block. On Unix the folder itself is locked, so nothing is
    left behind. Where the file system knows no locks, nobody waits. Raises `ConfigError` when
    somebody else holds on for `WAIT_S`.
    """
    target = Path(os.path.realpath(path))
    paths: set[Path] = _held.__dict__.setdefault("paths", set())
    if target in paths:
        yield
        return
    with contextlib.ExitStack() as opened:
        with contextlib.suppress(OSError):  # a folder that cannot be made, or may not be read
            target.parent.mkdir(parents=True, exist_ok=True)  # where there is none, nobody waits
            opened.enter_context(_locked(target))
        paths.add(target)
        try:
            yield
        finally:
            paths.discard(target)


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    end = time.perf_counter() + WAIT_S
    handle = _open(target)
    try:
        while not _take(handle):
            if time.perf_counter() > end:
                raise ConfigError(
                    _(
                        "another program has been writing {target} for {seconds:.0f} seconds: end "
                        "it, and try again"
                    ).format(target=target, seconds=WAIT_S)
                )
            time.sleep(STEP_S)
        yield
    finally:
        os.close(handle)  # gives the lock back


def hold(path: Path) -> int | None:
    """Lock a file of ours alone until what is returned is closed, or this process ends.

    None when another process holds it. Where the file system knows no locks, everybody may. Raises
    OSError when the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        taken = _take(handle)
    except OSError:  # no locks there
        return handle
    if taken:
        return handle
    os.close(handle)
    return None


if sys.platform == "win32":
    import msvcrt

    REFUSALS: Final = (0, errno.EACCES, errno.EDEADLK)
    """What tells that another process has the lock; 0 is Wine's."""

    def _open(target: Path) -> int:
        return os.open(target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT)

    def _take(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno not in REFUSALS:
                raise
            return False
        return True

else:
    import fcntl

    def _open(target: Path) -> int:
        return os.open(target.parent, os.O_RDONLY)

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
