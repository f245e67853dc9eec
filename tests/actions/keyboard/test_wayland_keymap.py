"""The layouts of a Wayland desktop, and which is active: of a real Sway, and of a KDE of ours."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.tray_desktop import bus
from tests.rigs.wayland_desktop import person, wayland_desktop
from vcam.actions.chord import DIGITS, LETTERS
from vcam.actions.keyboard import active_layout as module
from vcam.actions.keyboard.active_layout import active_layout
from vcam.actions.keyboard.keymap import SeveralLayoutsError
from vcam.actions.keyboard.places import EVDEV_CODES, EVDEV_TO_XKB
from vcam.actions.keyboard.wayland_keymap import RecentKeymap, desktop_keymap
from vcam.errors import ActionError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux' own")

A, Q, Y, Z = (EVDEV_CODES[key] + EVDEV_TO_XKB for key in "aqyz")
NAMES = ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "SWAYSOCK", "XDG_CURRENT_DESKTOP")


@pytest.fixture(scope="module")
def sway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment of a desktop of our own."""
    with wayland_desktop(tmp_path_factory.mktemp("sway")) as environment:
        yield environment


@pytest.fixture
def desktop(sway: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let this process use that desktop."""
    for name in NAMES:
        monkeypatch.setenv(name, sway[name])
    return sway


@pytest.mark.parametrize(
    ("layouts", "places"),
    [("us", (A, Q, Y, Z)), ("fr", (Q, A, Y, EVDEV_CODES["w"] + 8)), ("de", (A, Q, Z, Y))],
)
def test_one_layout(desktop: dict[str, str], layouts: str, places: tuple[int, ...]) -> None:
    """QWERTY, AZERTY and QWERTZ: each letter is where the person has it."""
    with person(desktop, layouts):
        keymap = desktop_keymap()
    assert tuple(keymap.code(key) for key in "aqyz") == places


def test_the_active_layout_is_followed(desktop: dict[str, str]) -> None:
    """The person switches from AZERTY to QWERTZ and back: the very next question knows it."""
    with person(desktop, "fr,de") as somebody:
        for group, place in ((0, Q), (1, A), (0, Q)):
            somebody.choose(group)
            somebody.type(EVDEV_CODES["esc"])
            keymap = desktop_keymap()
            assert (keymap.active, keymap.code("a")) == (group, place)
            assert all(keymap.code(letter) for letter in LETTERS)
            if group == 0:
                with pytest.raises(ActionError, match="only with Shift"):
                    keymap.code(DIGITS[1])


def test_a_compositor_that_does_not_tell(
    desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Sway's word the letters on which layouts disagree are refused, and no others."""
    with person(desktop, "fr,de") as somebody:
        somebody.type(EVDEV_CODES["esc"])
        for place in ("", "/nowhere/at/all"):
            monkeypatch.setenv("SWAYSOCK", place)
            keymap = desktop_keymap()
            assert keymap.active is None
            with pytest.raises(SeveralLayoutsError):
                keymap.code("a")
            assert keymap.code("e") == EVDEV_CODES["e"] + EVDEV_TO_XKB


def test_a_desktop_without_a_keyboard(desktop: dict[str, str]) -> None:
    """Nothing is plugged in: a sentence, and no protocol error."""
    with pytest.raises(ActionError, match="it has no keyboard"):
        desktop_keymap()


def test_a_layout_is_asked_for_once_a_second(desktop: dict[str, str]) -> None:
    """A chord asks for each of its keys, and the compositor is asked once."""
    asked = []
    recent = RecentKeymap(lambda: asked.append(1) or desktop_keymap())  # type: ignore[func-returns-value]  # both are done
    with person(desktop, "us"):
        assert recent.get() is recent.get()
    assert len(asked) == 1


KDE = """
import sys
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection()
daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
bus.send(new_method_call(daemon, "RequestName", "su", ("org.kde.keyboard", 4)))
print("ready", flush=True)
while True:
    message = bus.receive()
    fields = message.header.fields
    if message.header.message_type is MessageType.method_call:
        asked = [fields[getattr(HeaderFields, name)] for name in ("path", "interface", "member")]
        assert asked == ["/Layouts", "org.kde.KeyboardLayouts", "getLayout"], asked
        bus.send(new_method_return(message, "u", (int(sys.argv[1]),)))
"""


@pytest.mark.parametrize("layout", [0, 2])
def test_kde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: int) -> None:
    """Plasma's keyboard service says the number; without the service nothing is claimed."""
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    monkeypatch.delenv("SWAYSOCK", raising=False)
    with bus(tmp_path, services=False) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert active_layout() is None
        command = [sys.executable, "-c", KDE, str(layout)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
            assert service.stdout is not None
            assert service.stdout.readline() == "ready\n"
            assert active_layout() == layout
            service.kill()


@pytest.mark.parametrize(
    "answer",
    [b"", b"i3-ipc", b"i3-ipc\x02\0\0\0\x64\0\0\0{}", b"i3-ipc\x03\0\0\0\x64\0\0\0[1]", None],
)
def test_a_sway_that_babbles_or_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    """What makes no sense, and what does not come, is no answer."""
    import socket

    monkeypatch.setattr(module, "TIMEOUT_S", 0.3)
    monkeypatch.setenv("SWAYSOCK", str(tmp_path / "sway"))
    done = threading.Event()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "sway"))
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(answer or b"")
                if answer is None:
                    done.wait(5)

        thread = threading.Thread(target=serve)
        thread.start()
        assert active_layout() is None
        done.set()
        thread.join()
