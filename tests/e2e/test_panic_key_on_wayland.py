"""The panic key by the real xdg-desktop-portal, to a desktop of ours."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.rigs.mutter_desktop import PORTAL, bus_of_portals, start_portal
from tests.rigs.piped import piped
from tests.rigs.tray_desktop import comes
from vcam.actions.chord import parse_chord
from vcam.actions.keyboard.listener import Heard
from vcam.actions.keyboard.portal_shortcut import REFUSED, PortalShortcut

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not PORTAL.exists(), reason="apt install xdg-desktop-portal"
)


@contextmanager
def desktop(folder: Path, answer: str) -> Iterator["Person"]:
    """Start bus, backend and portal; the environment leads to them."""
    with bus_of_portals(folder, "GlobalShortcuts") as environment, ExitStack() as started:
        command = ("-m", "tests.fakes.shortcuts_backend", answer)
        process = started.enter_context(piped(environment, *command))
        start_portal(started, environment)
        yield Person(environment["DBUS_SESSION_BUS_ADDRESS"], process)


class Person:
    """Whoever sits before that desktop."""

    def __init__(self, address: str, process: "subprocess.Popen[str]") -> None:
        self.address, self._process = address, process

    def press(self) -> None:
        """Press what was bound."""
        assert self._process.stdin is not None
        self._process.stdin.write("press\n")
        self._process.stdin.flush()


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_real_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """What the person agrees to is heard, each press once; what they refuse is told."""
    pressed, said = threading.Semaphore(0), list[str]()
    with desktop(tmp_path, answer) as person:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", person.address)
        heard = Heard(
            lambda: None,
            parse_chord("ctrl+alt+p"),
            pressed.release,
            lambda why: said.append(str(why)),
            typing=False,
        )
        with closing(PortalShortcut(heard)) as shortcut:
            if answer == "no":
                assert comes(lambda: said == [REFUSED])
                return
            assert comes(lambda: shortcut.listening)
            person.press()
            assert pressed.acquire(timeout=10)
            assert not pressed.acquire(timeout=0.3)
    assert said == []
