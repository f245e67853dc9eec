"""Windows that get no keys from us."""

import sys
import threading

import pytest

from vcam.actions.keyboard import pynput_backend
from vcam.errors import ActionError
from vcam.system import elevation


class Sent:
    """A keyboard controller that remembers."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.released_twice = threading.Event()

    def press(self, key: str) -> None:
        self.events.append(f"+{key}")

    def release(self, key: str) -> None:
        self.events.append(f"-{key}")
        if self.events.count(f"-{key}") == 2:
            self.released_twice.set()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Let keys go to a list; every name is its own code."""
    made = Sent()
    monkeypatch.setattr(pynput_backend.PynputSender, "__init__", lambda self: None)
    monkeypatch.setattr(pynput_backend.PynputSender, "_target", lambda self, code: (made, code))
    return made


def front(patch: pytest.MonkeyPatch, reached: bool) -> None:
    """Let the window in front get our keys, or not."""
    for module in (pynput_backend, elevation):
        patch.setattr(module, "keys_reach_foreground", lambda: reached)


def test_no_key_goes_to_a_window_that_drops_it(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that Windows would drop silently is not sent, and the sentence says why."""
    front(monkeypatch, reached=False)
    with pytest.raises(ActionError, match="runs as administrator"):
        pynput_backend.PynputSender().send("a", down=True)
    assert sent.events == []


def test_a_key_that_could_not_come_up_comes_up_later(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A held key that is let go before such a window is released again as soon as that works."""
    front(monkeypatch, reached=True)
    keyboard = pynput_backend.PynputSender()
    keyboard.send("ctrl", down=True)
    front(monkeypatch, reached=False)
    keyboard.send("ctrl", down=False)
    assert not sent.released_twice.wait(0.3)
    front(monkeypatch, reached=True)
    assert sent.released_twice.wait(5)
    assert sent.events == ["+ctrl", "-ctrl", "-ctrl"]


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has integrity levels")
def test_our_own_windows_are_reached() -> None:
    """This process's own level is known, and equals itself."""
    ours = elevation._integrity(None)
    assert ours is not None
    assert ours >= 0x1000
    assert elevation.keys_reach_foreground()
