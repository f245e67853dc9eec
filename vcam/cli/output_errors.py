"""What comes out of the program, where there is no room for it, and folders of somebody else's."""

import contextlib
import errno
import os
import sys
from typing import Final

from vcam.core.texts import _

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})


def silence_stdout() -> None:
    """Let nothing more come out, so that the interpreter does not fail on its last flush."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


NO_MORE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})


def why_no_more(error: Exception) -> str | None:
    """Return in one sentence that the system gives no more of something; None: it was not that."""
    no_thread = isinstance(error, RuntimeError) and "can't start new thread" in str(error)
    no_more = isinstance(error, OSError) and error.errno in NO_MORE
    if not (no_thread or no_more or isinstance(error, MemoryError)):
        return None
    return _(
        "this computer gives the program no more memory, threads or open files ({error}): end "
        "other programs, or raise the limit (`ulimit -a` shows them)"
    ).format(error=str(error) or type(error).__name__)


def explain(error: OSError) -> str | None:
    """Return in one sentence what a full disk or a closed folder stops; None: it is our fault."""
    place = (
        os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else _("the output")
    )
    if error.errno in NO_ROOM:
        return _("{place} cannot be written ({reason}): free some space").format(
            place=place, reason=error.strerror
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and error.filename is not None:
        return _("{place} may not be used ({reason}): see whom it belongs to").format(
            place=place, reason=error.strerror
        )
    return None
