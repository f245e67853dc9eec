"""Keeps the icon's process told of the program's state, and carries out what the person orders."""

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from vcam.errors import VcamError
from vcam.system.child_process import child_command, child_environment
from vcam.system.nonblocking import set_nonblocking
from vcam.system.paths import state_folder
from vcam.tray.appearance import Appearance, Program, appearance, to_line
from vcam.tray.icon_process import NOTIFY, SHOWN

PERIOD_S: Final = 0.5
"""How often the state is looked at; it is only passed on when it has changed."""
END_S: Final = 2.0
"""How long the icon may take to go."""

log = logging.getLogger(__name__)


class Tray:
    """The icon of one run. It is never waited for: a tray that hangs costs the icon, no more."""

    def __init__(
        self, program: Program, open_panel: Callable[[], None], *, notify: bool = False
    ) -> None:
        """Show nothing yet; `notify`: where there is no tray, tell the person once and for all."""
        self._program, self._open_panel = program, open_panel
        self._notify = notify and not _notice_mark_exists()
        self._shown: Appearance | None = None
        self._closed = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the icon, and do not wait for it."""
        words = (NOTIFY,) if self._notify else ()
        try:
            self._process = process = subprocess.Popen(  # noqa: S603  # ourselves
                child_command("tray", *words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=child_environment(),
                **_apart(),
            )
        except OSError as error:
            log.warning("there is no icon in the tray: %s", error)
            return self
        assert process.stdin is not None  # noqa: S101  # asked for
        with contextlib.suppress(OSError):
            set_nonblocking(process.stdin.fileno())
        for name, work in (("tray", self._tell), ("tray orders", self._hear)):
            threading.Thread(target=work, args=(process,), name=name, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the icon away."""
        self._closed.set()
        if self._process is None:
            return
        assert self._process.stdin is not None  # noqa: S101
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tell(self, process: "subprocess.Popen[bytes]") -> None:
        """Pass on what has changed; what the icon does not take now, it gets the next time."""
        assert process.stdin is not None  # noqa: S101
        while process.poll() is None and not self._closed.is_set():
            now = appearance(self._program.tray_state())
            with contextlib.suppress(OSError, ValueError):  # it has ended, or we have
                if now != self._shown and process.stdin.write(to_line(now).encode()):
                    self._shown = now
            self._closed.wait(PERIOD_S)
        if not self._closed.is_set():
            log.info("the icon in the tray has ended (%s)", process.returncode)

    def _hear(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None  # noqa: S101
        with process.stdout as words:
            for word in iter(words.readline, b""):
                self._carry_out(word.decode(errors="replace").strip())

    def _carry_out(self, word: str) -> None:
        if word in {"pause", "resume"}:
            self._program.pause(word == "pause")
        elif word == "panel":
            self._open_panel()
        elif word == "quit":
            self._program.stop()
        elif word == SHOWN:
            _make_notice_mark()


def _mark() -> Path:
    return state_folder() / "no-tray-told"


def _notice_mark_exists() -> bool:
    try:
        return _mark().exists()
    except (OSError, VcamError):
        return True  # a person who would be told each time is rather told never


def _make_notice_mark() -> None:
    with contextlib.suppress(OSError, VcamError):
        _mark().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _mark().touch()


def _apart() -> dict[str, Any]:
    """Return what keeps the terminal's Ctrl-C from the icon: it ends when we do."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}
