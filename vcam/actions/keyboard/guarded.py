"""A keyboard whose keys come up even when the program is killed or stopped; see `guardian`."""

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from vcam.actions.keyboard.guardian import BEAT, DOWN, RELEASE, UP
from vcam.actions.keyboard.sender import KeySender
from vcam.errors import ActionError
from vcam.system.child_process import child_command, child_environment
from vcam.system.nonblocking import set_nonblocking

STARTS: Final = 3
"""A guardian that dies is replaced; one that keeps dying is not."""
END_S: Final = 1.0
"""How long the guardian may take to end when the program does so in good order."""

log = logging.getLogger(__name__)


class Guardian(Protocol):
    """Whoever lets go of keys when this process is gone."""

    def tell(self, line: str) -> None:
        """Send one line to the guardian; never waits. Raises OSError when nobody hears."""

    def close(self) -> None:
        """Let it end; always succeeds."""


class GuardedKeyboard:
    """Presses keys by a sender and tells the guardian which are down.

    The guardian is started with the first key. Without one keys work all the same. A key comes up
    by the code with which it went down: the layout may have changed meanwhile.
    """

    def __init__(
        self,
        sender: KeySender,
        start: Callable[[], Guardian],
        way: str = "",
        modifiers: Callable[[], frozenset[str]] = frozenset,
        check_together: Callable[[Sequence[str]], None] = lambda keys: None,
    ) -> None:
        """`modifiers` tells which are down, and `check_together` raises, where the desktop does."""
        self._sender, self._start, self._way, self._modifiers = sender, start, way, modifiers
        self._check_together = check_together
        self._guardian: Guardian | None = None
        self._starts = 0
        self._down: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def way(self) -> str:
        """How keys get to the desktop, in a few words."""
        return self._way

    def check(self, key: str) -> None:
        """Raise `ActionError` when `key` cannot be pressed here; press nothing."""
        self._sender.code(key)

    def check_together(self, keys: Sequence[str]) -> None:
        """Raise `ActionError` when these keys are another chord here; press nothing."""
        self._check_together(keys)

    def prepare(self) -> None:
        """Let the desktop ask the person, if it does so; raises `ActionError` until it may be."""
        self._sender.prepare()

    def modifiers_down(self) -> frozenset[str]:
        """Return the modifiers that are down now; none where that is not known."""
        return self._modifiers()

    def press(self, key: str) -> None:
        """Put `key` down. The guardian hears of it first: we may be killed between the two."""
        self._sender.prepare()
        code = self._down.get(key) or self._sender.code(key)
        with self._lock:
            self._down[key] = code
            self._tell(f"{DOWN} {code}")
        self._sender.send(code, down=True)

    def release(self, key: str) -> None:
        """Let `key` up. Where our own way to the desktop is broken, the guardian tries its own."""
        code = self._down.get(key) or self._sender.code(key)
        try:
            self._sender.send(code, down=False)
        except ActionError:
            self._forget(key, RELEASE)
            raise
        self._forget(key, UP)

    def beat(self) -> None:
        """Tell the guardian that the program is alive; without that it lets go of every key."""
        with self._lock:
            if self._down and self._guardian:
                self._tell(BEAT)

    def close(self) -> None:
        """Give the device back, and let the guardian go."""
        self._sender.close()
        with self._lock:
            guardian, self._guardian = self._guardian, None
        if guardian:
            guardian.close()

    def _forget(self, key: str, word: str) -> None:
        with self._lock:
            code = self._down.pop(key, None)
            if code is not None:
                self._tell(f"{word} {code}")

    def _tell(self, line: str) -> None:
        """Say it to the guardian, to a new one if need be, or to nobody."""
        if self._guardian:
            try:
                self._guardian.tell(line)
            except OSError:
                self._guardian.close()
                self._guardian = None
        if self._guardian is None and self._down and self._starts < STARTS:
            self._renew()

    def _renew(self) -> None:
        self._starts += 1
        try:
            guardian = self._start()
            for code in self._down.values():
                guardian.tell(f"{DOWN} {code}")
        except (OSError, ValueError, TypeError) as error:
            log.warning("keys go unguarded, and stay down if the program is killed: %s", error)
        else:
            self._guardian = guardian


class GuardianProcess:
    """A guardian in a process of its own, out of reach of the Ctrl-C that ends the program."""

    def __init__(self, way: str, device: int | None = None) -> None:
        """Start it, and do not wait for it: what it is told meanwhile stays in the pipe.

        `way` is how it brings keys to the desktop (`guardian.WAYS`); `device` an open file for it.
        """
        handed = () if device is None else (device,)
        self._process = subprocess.Popen(  # noqa: S603  # this program itself
            child_command("guardian", way, *map(str, handed)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pass_fds=handed,
            env=child_environment(),
            **_apart(),
        )
        assert self._process.stdin is not None  # noqa: S101  # asked for above
        self._pipe = self._process.stdin
        with contextlib.suppress(OSError):
            set_nonblocking(self._pipe.fileno())

    def tell(self, line: str) -> None:
        """Write one line; raises OSError when the guardian is gone or does not read."""
        if not self._pipe.write(f"{line}\n".encode()):
            raise BlockingIOError("the guardian does not read")

    def close(self) -> None:
        """Close the pipe, and wait a moment for the end."""
        with contextlib.suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _apart() -> dict[str, Any]:
    """Return what keeps signals to the program's group and terminal from the guardian."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}
