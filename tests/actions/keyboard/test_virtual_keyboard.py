"""Keys by a virtual keyboard reach a window of Sway, whatever layout the person has."""

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.wayland_desktop import person, wayland_desktop, wayland_window
from tests.rigs.xvfb import press
from vcam.actions.chord import DIGITS, LETTERS, MOUSE_BUTTONS, PUNCTUATION
from vcam.actions.keyboard.places import EVDEV_CODES, EVDEV_TO_XKB
from vcam.actions.keyboard.virtual_keyboard_backend import VirtualKeyboardSender
from vcam.errors import ActionError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux' own")

LAYOUTS = {
    "us": ("us", ""),
    "fr": ("fr", ""),
    "de": ("de", ""),
    "dvorak": ("us", "dvorak"),
    "bepo": ("fr", "bepo"),
    "ru": ("ru", ""),
    "gr": ("gr", ""),
    "cz": ("cz", ""),
}
WORDS = ("space", "enter", "f13", "f24", "right_ctrl", "right_alt", "numpad_5", "media_next")
EACH = """
from vcam.system.clock import SteppedClock
for key in {keys!r}:
    press_chord(held, parse_chord(key), SteppedClock())
keyboard.close()
"""
HOLD = """
import sys
held.hold((1, "fist"), parse_chord("ctrl+q"))
print("held", flush=True)
sys.stdin.readline()
held.{how}
print("let go", flush=True)
sys.stdin.readline()
"""
START = (
    "from vcam.actions.keyboard.open import open_keyboard\n"
    "from vcam.actions.keyboard.held_keys import HeldKeys\n"
    "from vcam.actions.chord import parse_chord\n"
    "keyboard = open_keyboard()\n"
    "held = HeldKeys(keyboard)\n"
)
DOWN = [("+", "Control_L"), ("+", "q")]
UP = [("-", "q"), ("-", "Control_L")]


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment of a desktop of our own."""
    with wayland_desktop(tmp_path_factory.mktemp("sway")) as environment:
        yield environment


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_key_arrives_as_itself(desktop: dict[str, str], tmp_path: Path, layout: str) -> None:
    """Letters, digits and signs come as they are named, at their English place, in any layout."""
    keys = (*LETTERS, *DIGITS, *PUNCTUATION)
    with person(desktop, *LAYOUTS[layout]), wayland_window(desktop, tmp_path) as window:
        done = press(desktop, EACH.format(keys=keys))
        reported = window.keys(2 * len(keys))
    assert done.returncode == 0, done.stderr
    assert [(each.sign, each.text) for each in reported if each.sign == "+"] == [
        ("+", key) for key in keys
    ]
    assert [each.code for each in reported] == [
        EVDEV_CODES[key] + EVDEV_TO_XKB for key in keys for _ in "+-"
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("how", ["let_go((1, 'fist'))", "release_all()"])
def test_holding_and_letting_go(
    desktop: dict[str, str], tmp_path: Path, layout: str, how: str
) -> None:
    """A held chord is down until it is let go, by its gesture's end or all at once."""
    with (
        person(desktop, *LAYOUTS[layout]),
        wayland_window(desktop, tmp_path) as window,
        _program(desktop, HOLD.format(how=how)) as program,
    ):
        assert _line(program) == "held"
        assert [each[::2] for each in window.keys(2)] == DOWN
        assert window.has_modifiers(4)
        _go_on(program)
        assert _line(program) == "let go"
        assert [each[::2] for each in window.keys(4)] == DOWN + UP
        assert window.has_modifiers(0)


def test_other_keys_and_the_mouse(desktop: dict[str, str], tmp_path: Path) -> None:
    """F13 to F24, which no Linux layout has, right-hand modifiers, numpad, media and buttons."""
    with person(desktop, "fr"), wayland_window(desktop, tmp_path) as window:
        done = press(desktop, EACH.format(keys=(*WORDS, "shift+=", *MOUSE_BUTTONS)))
        reported = [each.symbol for each in window.keys(2 * len(WORDS) + 4) if each.sign == "+"]
        buttons = window.buttons(10)
    assert done.returncode == 0, done.stderr
    assert reported == [
        "space", "Return", "F13", "F24", "Control_R", "Alt_R", "KP_5", "XF86AudioNext",
        "Shift_L", "plus",
    ]  # fmt: skip
    assert buttons == [(code, sign) for code in (272, 274, 273, 275, 276) for sign in "+-"]


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGSTOP"])
def test_keys_come_up_when_the_program_cannot_let_go(
    desktop: dict[str, str], tmp_path: Path, how: str
) -> None:
    """Killed, ended or stopped in the middle of a hold: the window hears both keys come up."""
    with (
        person(desktop, "fr"),
        wayland_window(desktop, tmp_path) as window,
        _program(desktop, HOLD.format(how="let_go((1, 'fist'))")) as program,
    ):
        assert _line(program) == "held"
        window.keys(2)
        program.send_signal(getattr(signal, how))
        assert [each[::2] for each in window.keys(4)] == DOWN + UP
        assert window.has_modifiers(0)
        program.send_signal(signal.SIGCONT) if how == "SIGSTOP" else None


def test_the_compositor_lets_go_itself(desktop: dict[str, str], tmp_path: Path) -> None:
    """Without a guardian too: a keyboard that is gone has no key down."""
    code = HOLD.format(how="let_go((1, 'fist'))").replace(
        "import sys", "import sys\nkeyboard._start = lambda: (_ for _ in ()).throw(OSError('none'))"
    )
    with (
        person(desktop, "fr"),
        wayland_window(desktop, tmp_path) as window,
        _program(desktop, code) as program,
    ):
        assert _line(program) == "held"
        window.keys(2)
        program.kill()
        assert sorted(each[::2] for each in window.keys(4)[2:]) == sorted(UP)


def test_our_keyboard_leaves_the_persons_layout(desktop: dict[str, str], tmp_path: Path) -> None:
    """After ours the person's own key types again what their layout has there."""
    with person(desktop, "fr") as somebody, wayland_window(desktop, tmp_path) as window:
        done = press(desktop, EACH.format(keys=["q"]))
        assert done.returncode == 0, done.stderr
        somebody.type(EVDEV_CODES["q"])
        assert [each.text for each in window.keys(4) if each.sign == "+"] == ["q", "a"]


def test_a_compositor_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was a keyboard says in a sentence that nothing arrives, and closes all the same."""
    with wayland_desktop(tmp_path) as environment, person(environment):
        for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, environment[name])
        sender = VirtualKeyboardSender()
        code = sender.code("a")
        sender.send(code, down=True)
        os.kill(int(environment["SWAY_PID"]), signal.SIGKILL)
        time.sleep(0.2)
        with pytest.raises(ActionError, match="the key"):
            sender.send(code, down=False)
        sender.close()
        with pytest.raises(ActionError, match="compositor cannot be reached"):
            VirtualKeyboardSender()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"", "hung up"),
        (None, "does not answer"),
        (struct.pack("=IIIII", 1, 24 << 16 | 0, 1, 0, 4) + b"no\0\0", "refuses: no"),
        (struct.pack("=II", 2, 10 << 16 | 0) + b"zz", "makes no sense"),
        ("done", "no wl_seat"),
    ],
)
def test_a_compositor_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes | str | None, sentence: str
) -> None:
    """Whoever listens there may hang up, hang, refuse, babble or offer nothing: a sentence each."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    done = threading.Event()

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            asked = b""
            while len(asked) < 24:  # two requests, perhaps in parts
                asked += connection.recv(1000)
            if answer == "done":
                callback = struct.unpack_from("=I", asked, 20)[0]
                connection.sendall(struct.pack("=III", callback, 12 << 16 | 0, 0))
            elif isinstance(answer, bytes) and answer:
                connection.sendall(answer)
            if answer != b"":
                done.wait(5)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        began = time.perf_counter()
        with pytest.raises(ActionError, match=sentence):
            VirtualKeyboardSender()
        assert time.perf_counter() - began < 2
        done.set()
        thread.join()


def _program(desktop: dict[str, str], code: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", START + code],
        env=desktop,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _line(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def _go_on(program: "subprocess.Popen[str]") -> None:
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()
