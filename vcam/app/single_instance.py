"""One running program a person: a second start finds the panel of the first.

Whoever runs holds a lock for as long as it lives, which the system gives back even when it is
killed, and writes down where its panel is. That address holds the panel's token, so only its owner
may read the file. What a program has left that is gone says nothing: its lock is free.
"""

import contextlib
import http.client
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.system.atomic_write import write_private
from vcam.system.file_lock import hold
from vcam.system.json_files import MALFORMED, read_json
from vcam.system.paths import state_folder

LOCK, RECORD = "running.lock", "running.json"
STARTING_S: Final = 15.0
"""How long the first may take from its start to its panel."""
STEP_S: Final = 0.1
ANSWER_S: Final = 3.0
QUIT_S: Final = 10.0
"""How long a program may take to finish its films and let go of keys."""


class SingleInstance:
    """The right to be the running program, for as long as it is open."""

    def __init__(self, folder: Path, lock: int) -> None:
        """Take over a lock; `claim` gets it."""
        self._record, self._lock = folder / RECORD, lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def announce(self, address: str) -> None:
        """Write down where the panel is."""
        content = json.dumps({"pid": os.getpid(), "panel": address})
        with contextlib.suppress(OSError):  # a full disk costs the second start, not the first
            write_private(self._record, content.encode())

    def close(self) -> None:
        """Forget the address and give the right back; may be called more than once."""
        lock, self._lock = self._lock, -1
        if lock < 0:
            return
        with contextlib.suppress(OSError):
            self._record.unlink()
        os.close(lock)


def claim() -> SingleInstance | None:
    """Return the right to be the running program; None when another one has it.

    Where no file can be locked, everybody has it. Raises OSError or `ConfigError` where there is no
    folder to keep the lock in.
    """
    folder = state_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = hold(folder / LOCK)
    if lock is None:
        return None
    with contextlib.suppress(OSError):
        (folder / RECORD).unlink()  # of one that was killed
    return SingleInstance(folder, lock)


def find_panel(clock: Callable[[], float] = time.perf_counter) -> str:
    """Return the address of the panel of the program that runs, once it answers there.

    Raises `ConfigError` when it does not within `STARTING_S`.
    """
    record, end = state_folder() / RECORD, clock() + STARTING_S
    while True:
        pid, address = _read(record)
        if address and _answers(address):
            return address
        if clock() > end:
            who = _(" (process {pid})").format(pid=pid) if pid else ""
            raise ConfigError(
                _(
                    "vcam is running already{who}, but its panel does not answer: end it, "
                    "and start again"
                ).format(who=who)
            )
        time.sleep(STEP_S)


def quit_running(patience_s: float = QUIT_S) -> bool:
    """End the program that runs, in good order; return whether none runs afterwards."""
    end = time.perf_counter() + patience_s
    _, address = _read(state_folder() / RECORD)
    if address:
        _order_to_quit(address)
    while (claimed := claim()) is None:
        if time.perf_counter() > end:
            return False
        time.sleep(STEP_S)
    claimed.close()
    return True


def _order_to_quit(address: str) -> None:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=ANSWER_S)  # loopback
    headers = {"Content-Type": "application/json", "Origin": f"http://{place.netloc}"}
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):  # it may go at once
        connection.request("POST", f"{place.path}quit", b"{}", headers)
        connection.getresponse().read()
    connection.close()


def _read(record: Path) -> tuple[int | None, str | None]:
    """Return who wrote it, and the address of its panel."""
    try:
        found = read_json(record)
        return int(found["pid"]), str(found["panel"])
    except MALFORMED:
        return None, None


def _answers(address: str) -> bool:
    """Say whether the panel itself answers there: only it knows the path."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=ANSWER_S)  # loopback
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
