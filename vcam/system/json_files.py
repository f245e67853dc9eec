"""Read files that somebody else may have written: without waiting for a pipe, or falling over."""

import json
import os
import stat
from pathlib import Path
from typing import Any, Final

from vcam.core.texts import _

MALFORMED: Final = (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError)
"""What reading a document and turning its parts into numbers and texts may raise."""


def read_regular(path: Path) -> bytes:
    """Return what a file holds. Raises OSError, for a pipe or a device too.

    Those may never end, or keep whoever opens them waiting for good.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, _("it is a pipe, a device or a folder, and no file"), str(path))
        return file.read()


def read_json(path: Path) -> Any:
    """Return the value that a JSON file holds. Raises OSError, and ValueError for nonsense."""
    return parse_json(read_regular(path))


def parse_json(content: bytes) -> Any:
    """Return the value that JSON in UTF-8 stands for. Raises ValueError for nonsense."""
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        raise ValueError("its brackets are nested too deep") from None
