"""What other programs tell of themselves: muted or not, as long as they stand by it."""

import threading
from typing import Any, Final

from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.service import Program

MAX_NAME: Final = 24
MAX_PROGRAMS: Final = 8
LASTS_S: Final = 30.0
"""How long a program's word counts that said no more about it."""
LONGEST_S: Final = 60.0
FORM: Final = '{"program": "my app", "muted": true}, with muted true, false or null'


class ReportedState:
    """Shows a badge for each program that says it is muted. Callable from any thread."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._muted: dict[str, bool] = {}
        self._timers: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()

    def take(self, message: Any, *, lasts: bool) -> str:
        """Take in a program's word and return its name.

        With `lasts` it counts until it is taken back, by `forget` or by null; else for as long as
        `for_s` says. Raises `ActionError` when it makes no sense.
        """
        name = message.get("program") if isinstance(message, dict) else None
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise ActionError(f"write {FORM}")
        name = name.strip()[:MAX_NAME]
        muted = message.get("muted")
        if not (muted is None or isinstance(muted, bool)):
            raise ActionError(f"write {FORM}")
        seconds = message.get("for_s", LASTS_S)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
            raise ActionError("for_s is a number of seconds above 0")  # nan is not either
        self._set(name, muted, None if lasts else float(min(seconds, LONGEST_S)))
        return name

    def forget(self, name: str) -> None:
        """Take back what a program said: it is gone."""
        self._set(name, None, None)

    def close(self) -> None:
        """Take everything back."""
        for name in list(self._muted):
            self.forget(name)

    def _expire(self, name: str, timer: threading.Timer) -> None:
        """Forget a word that was not said again; one that was just now said stays."""
        if self._timers.get(name) is timer:
            self.forget(name)

    def _set(self, name: str, muted: bool | None, lasts_s: float | None) -> None:
        with self._lock:
            before = self._muted.get(name)
            if before is None and muted is not None and len(self._muted) >= MAX_PROGRAMS:
                raise ActionError("too many programs tell of themselves already")
            timer = self._timers.pop(name, None)
            if timer is not None:
                timer.cancel()
            if muted is None:
                self._muted.pop(name, None)
            else:
                self._muted[name] = muted
                if lasts_s is not None:
                    self._timers[name] = timer = threading.Timer(lasts_s, self._expire)
                    timer.args = (name, timer)
                    timer.daemon = True
                    timer.start()
        if muted and not before:
            self._program.tell(_("{name} says: muted").format(name=name), badge=badge(name))
        elif before and not muted:
            self._program.clear_badge(badge(name))
            text = (
                _("{name} says: not muted")
                if muted is False
                else _("{name} says nothing of mute any more")
            )
            self._program.tell(text.format(name=name))


def badge(name: str) -> str:
    """Return the badge of a program that says that it is muted."""
    return f"{name.upper()} MUTED"
