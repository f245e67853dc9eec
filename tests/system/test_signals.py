"""Signals, and the console of Windows, end the program in good order."""

import os
import signal
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
@pytest.mark.parametrize("name", ["TERM", "QUIT", "USR1", "USR2", "ALRM", "VTALRM", "XCPU", "PROF"])
def test_what_ends_others_stops_in_good_order(name: str) -> None:
    r"""The polite kill of Unix, Ctrl-\, limits of time and orders to daemons are heard."""
    number = getattr(signal, f"SIG{name}")
    before = signal.getsignal(number)
    stopped = threading.Event()
    with signals_to(stopped.set):
        os.kill(os.getpid(), number)
        assert stopped.wait(5)
    assert signal.getsignal(number) == before
