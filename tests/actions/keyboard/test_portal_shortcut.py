"""The panic key on Wayland: the desktop listens for it, once the person has agreed."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.rigs.portal_desktop import portal
from tests.rigs.tray_desktop import bus, comes
from vcam.actions.check import check_hearing
from vcam.actions.chord import parse_chord
from vcam.actions.keyboard import portal_shortcut
from vcam.actions.keyboard.listener import Heard
from vcam.actions.keyboard.open_listener import open_listener
from vcam.actions.keyboard.portal_shortcut import (
    NEEDS_ENTRY,
    REFUSED,
    PortalShortcut,
    trigger_of,
    why_no_shortcuts,
)
from vcam.errors import ActionError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals are Linux' own")

ASKED = 'binds {"pause-ctrl-alt-p": "CTRL+ALT+p"}'


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the address of a D-Bus session of our own, which this process uses too."""
    with bus(tmp_path, services=False) as found:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        yield found


class Ear:
    """Remembers what was heard, and what was said not to be."""

    def __init__(self, chord: str = "ctrl+alt+p", *, typing: bool = False) -> None:
        self.pressed = threading.Semaphore(0)
        self.said: list[str] = []
        self.heard = Heard(
            lambda: None,
            parse_chord(chord),
            self.pressed.release,
            lambda why: self.said.append(str(why)),
            typing=typing,
        )


def test_the_person_agrees(address: str) -> None:
    """The desktop asks once, by the words of its own list; then each press is heard once."""
    ear = Ear()
    with portal(address, "listens") as desktop, closing(PortalShortcut(ear.heard)) as shortcut:
        assert [desktop.line(), desktop.line()] == [ASKED, "asks"]
        assert not shortcut.listening
        desktop.do("allow")
        assert comes(lambda: shortcut.listening)
        for _ in range(2):
            desktop.do("press")
            assert ear.pressed.acquire(timeout=10)
        assert not ear.pressed.acquire(timeout=0.2)
    assert ear.said == []


def test_what_the_person_agreed_to_before(address: str) -> None:
    """A desktop that remembers asks nobody."""
    ear = Ear()
    with (
        portal(address, "listens,knows") as desktop,
        closing(PortalShortcut(ear.heard)) as shortcut,
    ):
        assert comes(lambda: shortcut.listening)
        desktop.do("press")
        assert ear.pressed.acquire(timeout=10)
        assert desktop.line(0.3) == ""


@pytest.mark.parametrize("manners", ["listens", "listens,nothing"])
def test_the_person_refuses(address: str, manners: str) -> None:
    """No, and agreeing to nothing, are told: nobody believes the emergency stop to be there."""
    ear = Ear()
    with portal(address, manners) as desktop, closing(PortalShortcut(ear.heard)):
        assert desktop.line() == ASKED
        assert "nothing" in manners or desktop.line() == "asks"
        desktop.do("refuse")
        assert comes(lambda: ear.said == [REFUSED])


def test_a_question_that_ends_without_an_answer(address: str) -> None:
    """Nobody is said to have refused what nobody was asked to the end."""
    ear = Ear()
    with portal(address, "listens,ends"), closing(PortalShortcut(ear.heard)):
        assert comes(lambda: len(ear.said) == 1)
    assert "panic_key is not heard (it ended the question)" in ear.said[0]


def test_a_desktop_that_wants_to_know_who_asks(address: str) -> None:
    """We name ourselves before anything else; where we are not known, the remedy is said."""
    ear = Ear()
    with (
        portal(address, "listens,grants,wants_id"),
        closing(PortalShortcut(ear.heard)) as shortcut,
    ):
        assert comes(lambda: shortcut.listening)
    with portal(address, "listens,grants,wants_id,stranger"), closing(PortalShortcut(ear.heard)):
        assert comes(lambda: ear.said == [NEEDS_ENTRY])


def test_a_portal_that_starts_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It crashes and comes back, at once or later: it is asked again by itself."""
    monkeypatch.setattr(portal_shortcut, "AGAIN_S", 0.1)
    ear = Ear()
    with portal(address, "listens,grants") as first:
        shortcut = PortalShortcut(ear.heard)
        assert comes(lambda: shortcut.listening)
        first.do("end")
        assert comes(lambda: not shortcut.listening)
        assert comes(lambda: len(ear.said) == 1)
    with portal(address, "listens,grants") as second, closing(shortcut):
        assert comes(lambda: shortcut.listening)
        second.do("press")
        assert ear.pressed.acquire(timeout=10)
    assert len(ear.said) == 1


def test_a_portal_that_stays_away(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person hears that the key is not heard any more."""
    monkeypatch.setattr(portal_shortcut, "AGAIN_S", 0.1)
    ear = Ear()
    with portal(address, "listens,grants") as desktop:
        shortcut = PortalShortcut(ear.heard)
        assert comes(lambda: shortcut.listening)
        desktop.do("end")
        with closing(shortcut):
            assert comes(lambda: len(ear.said) == 1)
    assert "panic_key is not heard" in ear.said[0]


def test_the_desktop_ends_the_session(address: str) -> None:
    """What the person takes away in the desktop's settings is told once."""
    ear = Ear()
    with (
        portal(address, "listens,grants") as desktop,
        closing(PortalShortcut(ear.heard)) as shortcut,
    ):
        assert comes(lambda: shortcut.listening)
        desktop.do("close")
        assert comes(lambda: ear.said == ["the desktop does not listen for panic_key any more"])


def test_closing_while_the_desktop_asks(address: str) -> None:
    """The end of the program waits for no answer, and says nothing."""
    ear = Ear()
    with portal(address, "listens") as desktop:
        shortcut = PortalShortcut(ear.heard)
        assert [desktop.line(), desktop.line()] == [ASKED, "asks"]
        began = time.perf_counter()
        shortcut.close()
        shortcut.close()
        assert time.perf_counter() - began < 3
    assert ear.said == []


@pytest.mark.parametrize("manners", ["asks", None])
def test_a_desktop_that_listens_for_nobody(
    address: str, monkeypatch: pytest.MonkeyPatch, manners: str | None
) -> None:
    """Without the interface, or without a bus, it is said at once what to use instead."""
    if manners is None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with portal(address, manners or "asks"), pytest.raises(ActionError, match="panic gesture"):
        open_listener(Ear().heard)
    assert "panic gesture" in str(why_no_shortcuts())
    (found,) = check_hearing("ctrl+alt+p", typing=False)
    assert found.status == "warn"


def test_typing_is_never_heard(address: str) -> None:
    """Who asks for it as well hears that it does nothing, and the chord is listened for."""
    ear = Ear(typing=True)
    with portal(address, "listens,grants"):
        with closing(open_listener(ear.heard)) as listener:
            assert isinstance(listener, PortalShortcut)
            assert comes(lambda: listener.listening)
        assert ["typing does nothing" in said for said in ear.said] == [True]
        statuses = [each.status for each in check_hearing("ctrl+alt+p", typing=True)]
    assert statuses == ["warn", "ok"]


@pytest.mark.parametrize(
    ("chord", "trigger"),
    [
        ("ctrl+alt+p", "CTRL+ALT+p"),
        ("ctrl+cmd+shift+f13", "CTRL+LOGO+SHIFT+F13"),
        ("page_up", "Prior"),
        ("mouse_back", None),
        ("right_ctrl", None),
        ("ctrl+'", None),
    ],
)
def test_chords_as_desktops_write_them(chord: str, trigger: str | None) -> None:
    """What has no name there is left for the person to choose."""
    assert trigger_of(parse_chord(chord)) == trigger
