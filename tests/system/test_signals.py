"""Signals, and the console of Windows, end the program in good order."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from vcam.system import signals
from vcam.system.signals import CLOSING_S, ConsoleClosing, signals_to


@pytest.mark.parametrize("event", [2, 5, 6])
def test_closing_the_console_stops_and_then_waits(event: int) -> None:
    """Windows must not be answered before the program has had its time to let go of keys."""
    order: list[object] = []
    closing = ConsoleClosing(lambda: order.append("stop"), order.append)
    assert closing(event)
    assert order == ["stop", CLOSING_S]
    assert closing.under_way


@pytest.mark.parametrize("event", [0, 1, 3])
def test_ctrl_c_and_ctrl_break_are_left_to_python(event: int) -> None:
    """They come as signals as well, and must not be answered twice."""
    order: list[object] = []
    assert not ConsoleClosing(lambda: order.append("stop"), order.append)(event)
    assert order == []


def test_a_signal_stops_and_the_old_handler_comes_back() -> None:
    """Inside the block a Ctrl-C stops the program; behind it Python's own handler is back."""
    stopped = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    with signals_to(stopped.set):
        signal.raise_signal(signal.SIGINT)
        assert stopped.wait(5)
    assert signal.getsignal(signal.SIGINT) is before
    assert signals._kept == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process outright on SIGTERM")
@pytest.mark.parametrize("name", ["TERM", "QUIT", "USR1", "USR2", "XCPU"])
def test_what_ends_others_stops_in_good_order(name: str) -> None:
    r"""The polite kill of Unix, Ctrl-\, limits of time and orders to daemons are heard."""
    number = getattr(signal, f"SIG{name}")
    before = signal.getsignal(number)
    stopped = threading.Event()
    with signals_to(stopped.set):
        os.kill(os.getpid(), number)
        assert stopped.wait(5)
    assert signal.getsignal(number) == before


PROGRAM = """
import sys, threading
from vcam.system.signals import signals_to
stopped = threading.Event()
with signals_to(stopped.set):
    print("ready", flush=True)
    stopped.wait(30)
    print("let go", flush=True)
print("ended", flush=True)
"""


@pytest.mark.skipif(sys.platform != "win32", reason="other systems send a signal")
def test_the_end_of_a_windows_session_stops_the_program_in_good_order() -> None:
    """A log-off asks the program's window, and waits while it lets go; held up, it continues."""
    import ctypes

    from vcam.system.session_end import WINDOW

    user = ctypes.WinDLL("user32")  # type: ignore[attr-defined]  # Windows alone
    user.FindWindowW.restype = ctypes.c_void_p
    user.FindWindowW.argtypes = [ctypes.c_wchar_p, ctypes.c_wchar_p]
    user.SendMessageW.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t]
    assert not user.FindWindowW(WINDOW, None)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        window = user.FindWindowW(WINDOW, None)
        assert user.SendMessageW(window, 0x11, 0, 0) == 1  # WM_QUERYENDSESSION
        user.SendMessageW(window, 0x16, 0, 0)  # WM_ENDSESSION: held up by another program
        assert program.poll() is None
        user.SendMessageW(window, 0x16, 1, 0)
        assert program.stdout.read() == "let go\nended\n"
        assert program.wait(10) == 0
    assert not user.FindWindowW(WINDOW, None)
