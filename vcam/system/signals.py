"""Signals that end the program in good order."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Final

from vcam.system.session_end import session_end

CLOSING_S: Final = 4.5
"""Windows gives a program five seconds to end after its console was closed."""
_ENDING: Final = (
    *("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "SIGQUIT"),
    *("SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGPWR"),
)
"""What ends a program that does not listen, and others may send: Ctrl-\\, a limit of CPU time, a
script that takes us for a daemon that reads its settings again. A recording would be left half.
Timers, such as SIGALRM, are left to who set them in this process."""
_CLOSING_EVENTS: Final = (2, 5, 6)
"""CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT and CTRL_SHUTDOWN_EVENT."""
_SHUTDOWN: Final = 6


@contextlib.contextmanager
def signals_to(stop: Callable[[], None]) -> Iterator[None]:
    """Turn the usual signals into an orderly stop; outside the main thread they are left alone.

    SIGHUP comes when the terminal is closed. Windows tells of it in a way of its own.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in heard}
    try:
        closing = ConsoleClosing(stop)
        with _console_closing(closing), session_end(lambda: closing(_SHUTDOWN)):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def ignore_signals() -> None:
    """Hear no more of the usual signals: the work is done, and the process about to end with 0."""
    for name in _ENDING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


class ConsoleClosing:
    """What Windows calls, on a thread of its own, when the console is closed or the user logs off.

    Windows ends the program as soon as this returns: so it waits while the main thread lets go of
    keys and finishes files. The program's own end then ends the wait.
    """

    def __init__(
        self, stop: Callable[[], None], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._stop, self._sleep = stop, sleep
        self.under_way = False

    def __call__(self, event: int) -> bool:
        """Stop the program on a closing event; return whether it was one."""
        if event not in _CLOSING_EVENTS:
            return False
        self.under_way = True
        self._stop()
        self._sleep(CLOSING_S)
        return True


_kept: list[Any] = []
"""Handlers that Windows may still call."""


@contextlib.contextmanager
def _console_closing(closing: ConsoleClosing) -> Iterator[None]:
    if sys.platform != "win32":
        yield
        return
    import ctypes

    kernel = ctypes.windll.kernel32
    handler = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(closing)
    kernel.SetConsoleCtrlHandler(handler, True)
    _kept.append(handler)
    try:
        yield
    finally:
        # Windows holds a lock while it waits for a handler: to remove it now would be to wait too.
        if not closing.under_way:
            kernel.SetConsoleCtrlHandler(handler, False)
            _kept.remove(handler)
