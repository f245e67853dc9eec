"""Signals that whoever started the program told it to ignore."""

import os
import signal

import pytest

from vcam.system.signals import signals_to

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs a Unix")


@pytest.mark.parametrize("name", ["SIGHUP", "SIGINT", "SIGTERM"])
def test_what_is_ignored_stays_ignored(name: str) -> None:
    """`nohup` and `trap '' INT` keep the program alive; without them the signal stops it."""
    number = getattr(signal, name)
    stopped: list[str] = []
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with signals_to(lambda: stopped.append(name)):
            os.kill(os.getpid(), number)
            assert signal.getsignal(number) is signal.SIG_IGN
        assert stopped == []
        signal.signal(number, signal.SIG_DFL)
        with signals_to(lambda: stopped.append(name)):
            os.kill(os.getpid(), number)
        assert stopped == [name]
    finally:
        signal.signal(number, before)
