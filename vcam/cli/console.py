"""Where the program's words go: the console, or a log file where there is no console."""

import codecs
import json
import logging
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

from vcam.errors import VcamError

LOG_NAME: Final = "vcam.log"
MAX_LOG_BYTES: Final = 2_000_000
"""A longer log is put aside as `vcam.log.1`, in place of the one before."""
OURS: Final = frozenset({"vcam", "training"})
"""What the names of our own loggers begin with."""
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What breaks a line, moves a terminal's cursor, or turns the direction of reading."""


def prepare_output() -> None:
    """Give the program an output that takes everything.

    A program without a console, such as Windows' `pythonw` or an app that is started from a menu,
    has none: a log file takes over. A console that lacks emoji prints question marks.
    """
    _take_standard_numbers()
    if sys.stdout is None or sys.stderr is None:
        log = _open_log()
        sys.stdout = sys.stdout or log
        sys.stderr = sys.stderr or log
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if logging.lastResort is not None:  # what writes the warnings of the log
        logging.lastResort.setFormatter(_OneLine())
        logging.lastResort.addFilter(_is_ours)


def print_json(content: object) -> None:
    """Print it as JSON that is whole wherever it goes.

    Programs read JSON as UTF-8, and Windows gives a pipe the code page of the person's country: so
    in anything but UTF-8 every letter beyond ASCII is written by its number.
    """
    encoding = codecs.lookup(sys.stdout.encoding or "ascii").name
    print(json.dumps(content, indent=2, ensure_ascii=encoding != "utf-8"))


def one_line(text: str) -> str:
    """Return a text that holds names of files, which may hold anything, as one harmless line."""
    return _UNSAFE.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def harmless(text: str) -> str:
    """Return what other programs may have said without what would drive the terminal."""
    return "\n".join(one_line(line) for line in text.splitlines())


def _is_ours(record: logging.LogRecord) -> bool:
    """Say whether the program itself says it: a library's own words, and its tracebacks, help
    nobody; what came of it is said by us."""
    return record.name.partition(".")[0] in OURS


class _OneLine(logging.Formatter):
    """Writes what was logged as one harmless line; a traceback still has its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # its base's name
        """Return the message."""
        return one_line(super().formatMessage(record))


def _take_standard_numbers() -> None:
    """Open what was closed of the file numbers 0 to 2, as `>&-` and some services do.

    Else the next file, say a recording, would get such a number, and with it what libraries print.
    """
    if os.name != "posix":
        return
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)


def log_path() -> Path:
    """Return the place of the log; its folder may not exist yet. Raises `ConfigError`."""
    from vcam.system.paths import state_folder

    return state_folder() / LOG_NAME


def _open_log() -> TextIO:
    """Return the log, or what forgets everything where no log can be written."""
    with suppress(OSError, VcamError):
        path = log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.replace(path.with_name(f"{LOG_NAME}.1"))
        return path.open("a", encoding="utf-8", errors="replace", buffering=1)
    return Path(os.devnull).open("w", encoding="utf-8")
