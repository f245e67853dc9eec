"""One contract for every desktop: it names the focused window, or says in a sentence why not."""

import ctypes
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from tests.fakes.desktop import FakeDesktop
from tests.rigs.xvfb import display
from vcam.actions.window import mac
from vcam.actions.window.focus import Desktop, FocusedWindow
from vcam.actions.window.mac import MacDesktop
from vcam.actions.window.windows import WindowsDesktop
from vcam.actions.window.x11 import X11Desktop
from vcam.errors import ActionError

TITLE = "Meet – abc-defg-hij"
PROGRAM = "chrome"


@dataclass
class Seat:
    """A desktop, and how to take the focus away from its one window."""

    desktop: Desktop
    leave: Callable[[], None]


def _fake(stack: ExitStack, patch: pytest.MonkeyPatch) -> Seat:
    desktop = FakeDesktop(FocusedWindow((PROGRAM,), TITLE))
    return Seat(desktop, lambda: setattr(desktop, "window", None))


class FakeWindows:
    """user32 and kernel32, as far as they are asked about one Chrome window."""

    handle, may_ask = 77, True

    def __init__(self) -> None:
        self.closed = 0
        for name in ("GetForegroundWindow", "OpenProcess"):
            setattr(self, name, _Call(getattr(self, f"_{name}")))

    def _GetForegroundWindow(self) -> int:  # noqa: N802  # Windows' own names
        return self.handle

    def GetWindowTextW(self, window: ctypes.c_void_p, text: Any, size: int) -> int:  # noqa: N802
        """Fill in the title."""
        assert (window.value, size) == (77, len(text))
        text.value = TITLE
        return len(TITLE)

    def GetWindowThreadProcessId(self, window: ctypes.c_void_p, number: Any) -> int:  # noqa: N802
        """Fill in the process."""
        number._obj.value = 4711
        return 1

    def _OpenProcess(self, rights: int, inherit: bool, number: int) -> int:  # noqa: N802
        assert (rights, inherit, number) == (0x1000, False, 4711)
        return 2**40 if self.may_ask else 0

    def QueryFullProcessImageNameW(  # noqa: N802
        self, process: ctypes.c_void_p, flags: int, path: Any, length: Any
    ) -> int:
        """Fill in the path."""
        assert (process.value, flags, length._obj.value) == (2**40, 0, len(path))
        path.value = r"C:\Program Files\Google\chrome.exe"
        return 1

    def CloseHandle(self, process: ctypes.c_void_p) -> int:  # noqa: N802
        """Count what was given back."""
        self.closed += 1
        return 1


class _Call:
    """A function that can be told its result's type, as those of ctypes can."""

    restype: Any = ctypes.c_int

    def __init__(self, does: Callable[..., int]) -> None:
        self._does = does

    def __call__(self, *arguments: Any) -> int:
        assert self.restype is ctypes.c_void_p, "a handle would be cut to 32 bits"
        return self._does(*arguments)


def _windows(stack: ExitStack, patch: pytest.MonkeyPatch) -> Seat:
    windows = FakeWindows()
    library = type("WinDLL", (), {"user32": windows, "kernel32": windows})
    patch.setattr(ctypes, "windll", library, raising=False)
    patch.setattr("vcam.actions.window.windows.sys.platform", "win32")
    return Seat(WindowsDesktop(), lambda: setattr(windows, "handle", 0))


def _mac(stack: ExitStack, patch: pytest.MonkeyPatch) -> Seat:
    answers: dict[tuple[str, str], str] = {
        ("system", "AXFocusedApplication"): "app",
        ("app", "AXFocusedWindow"): "window",
        ("app", "AXTitle"): PROGRAM,
        ("window", "AXTitle"): TITLE,
    }

    def ask(element: str, attribute: str, nothing: None) -> tuple[int, str | None]:
        answer = answers.get((element, attribute))
        return (0, answer) if answer else (-25204, None)

    library: Any = ModuleType("HIServices")
    library.AXUIElementCreateSystemWide = lambda: "system"
    library.AXUIElementSetMessagingTimeout = lambda element, seconds: 0
    library.AXUIElementCopyAttributeValue = ask
    patch.setitem(sys.modules, "HIServices", library)
    return Seat(MacDesktop(), answers.clear)


WINDOW = """
import sys
from Xlib import X, Xatom, display
screen = display.Display()
root = screen.screen().root
outer = root.create_window(0, 0, 90, 90, 0, X.CopyFromParent)
inner = outer.create_window(0, 0, 50, 50, 0, X.CopyFromParent)
outer.set_wm_class("instance", sys.argv[1])
outer.change_property(
    screen.intern_atom("_NET_WM_NAME"), screen.intern_atom("UTF8_STRING"), 8,
    sys.argv[2].encode()
)
outer.map()
inner.map()
inner.set_input_focus(X.RevertToNone, X.CurrentTime)
screen.sync()
print("ready", flush=True)
sys.stdin.readline()
root.set_input_focus(X.RevertToNone, X.CurrentTime)
screen.sync()
print("left", flush=True)
sys.stdin.readline()
"""
"""A window within a named one that has the focus, where no window manager runs."""


def _x11(stack: ExitStack, patch: pytest.MonkeyPatch) -> Seat:
    if sys.platform != "linux":
        pytest.skip("X11 is Linux's")
    environment = stack.enter_context(display())
    patch.setenv("DISPLAY", environment["DISPLAY"])
    command = [sys.executable, "-c", WINDOW, PROGRAM, TITLE]
    pipe = subprocess.PIPE
    window = stack.enter_context(
        subprocess.Popen(command, env=environment, text=True, stdin=pipe, stdout=pipe)
    )
    stack.callback(window.kill)
    assert window.stdout is not None
    assert window.stdin is not None
    assert window.stdout.readline() == "ready\n"

    def leave() -> None:
        print(file=window.stdin, flush=True)
        assert window.stdout is not None
        assert window.stdout.readline() == "left\n"

    desktop = X11Desktop()
    stack.callback(desktop.close)
    return Seat(desktop, leave)


SEATS = {"fake": _fake, "windows": _windows, "macos": _mac, "x11": _x11}


@pytest.fixture(params=SEATS)
def seat(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """Return each desktop in turn, with one window, which has the focus."""
    with ExitStack() as stack:
        yield SEATS[request.param](stack, monkeypatch)


def test_the_window_is_named(seat: Seat) -> None:
    """Program and title are told as they are, dashes that are not ASCII included."""
    window = seat.desktop.focused()
    assert window.title == TITLE
    assert PROGRAM in window.app
    assert window.fits(["meet -"])


def test_without_focus_is_a_sentence(seat: Seat) -> None:
    """When no window has the focus any more, that is said rather than an old answer given."""
    seat.desktop.focused()
    seat.leave()
    with pytest.raises(ActionError, match="focus"):
        seat.desktop.focused()


def test_closing_twice(seat: Seat) -> None:
    """Closing always succeeds, a second time too."""
    seat.desktop.close()
    seat.desktop.close()


def test_windows_gives_handles_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process that is opened is closed; one that may not be asked leaves the title."""
    seat = _windows(ExitStack(), monkeypatch)
    library = ctypes.windll.kernel32  # type: ignore[attr-defined]  # the stand-in
    seat.desktop.focused()
    assert library.closed == 1
    library.may_ask = False
    assert seat.desktop.focused() == FocusedWindow((), TITLE)
    assert library.closed == 1


def test_a_mac_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where macOS tells nothing, the sentence leads to the permission."""
    seat = _mac(ExitStack(), monkeypatch)
    seat.leave()
    with pytest.raises(ActionError, match="Accessibility"):
        seat.desktop.focused()


def test_a_mac_app_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has given the permission is not asked for it again."""
    seat = _mac(ExitStack(), monkeypatch)
    monkeypatch.setattr(mac, "may_press_keys", lambda: True)
    seat.leave()
    with pytest.raises(ActionError, match="does not say which it is"):
        seat.desktop.focused()


def test_a_mac_without_the_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without pynput's macOS parts says so."""
    monkeypatch.setitem(sys.modules, "HIServices", None)
    with pytest.raises(ActionError, match="missing"):
        MacDesktop()


def test_no_x11_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a display the reason is one sentence."""
    pytest.importorskip("Xlib")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(ActionError, match="no X11 display"):
        X11Desktop()


def test_accents_of_titles() -> None:
    """A title that a Mac stores with its accents apart is the one that was typed."""
    window = FocusedWindow((), "Cafe\u0301 \u2013 Call")
    assert window.fits(["caf\u00e9 - call"])
    assert not window.fits(["cafe - call"])
