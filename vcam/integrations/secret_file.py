"""Passwords stay in files of their own, which nobody but their owner can read."""

import sys
from pathlib import Path
from typing import Final

from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.json_files import read_regular
from vcam.system.pipes import is_pipe, read_pipe

MAX_BYTES: Final = 4096


def read_secret(path: str | None) -> str | None:
    """Return the first line of the file, or None where none is named. Raises `ActionError`."""
    if path is None:
        return None
    file = Path(path)
    try:
        mode = file.stat().st_mode
        # What a password manager writes into a pipe comes once, and may not come at all.
        content = read_pipe(file, MAX_BYTES) if is_pipe(file) else read_regular(file)[:MAX_BYTES]
    except OSError as error:
        raise ActionError(
            _("{file} cannot be read ({reason})").format(file=file, reason=error.strerror)
        ) from None
    if sys.platform != "win32" and mode & 0o077:
        raise ActionError(
            _("{file} holds a password that others can read: chmod 600 {file}").format(file=file)
        )
    try:
        secret = content.decode("utf-8").split("\n", 1)[0].strip("\r")
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise ActionError(_("{file} holds no password in its first line").format(file=file))
    return secret
