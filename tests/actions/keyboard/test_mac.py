"""Keys on macOS, against recorded answers: layouts, permissions and the event tap."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from vcam.actions.chord import parse_chord
from vcam.actions.keyboard import mac_listener
from vcam.actions.keyboard.listener import Heard
from vcam.actions.keyboard.mac_listener import MacKeyListener
from vcam.actions.keyboard.pynput_backend import _MAC_ANSI_CODES as ANSI_CODES
from vcam.actions.keyboard.pynput_backend import _mac_place, mac_code_of
from vcam.errors import ActionError
from vcam.system.mac_permissions import may_hear_keys, may_press_keys

AZERTY = {"a": 12, "z": 13, "q": 0, "w": 6, "m": 41, ",": 46, ";": 43, "=": 44, "-": 24}
"""Recorded from a French keyboard: which key types what by itself."""


@pytest.mark.parametrize(
    ("key", "code"),
    [("a", 12), ("q", 0), ("m", 41), ("=", 44), ("1", 18), ("/", None), ("é", None)],
)
def test_keys_go_by_what_they_type(key: str, code: int | None) -> None:
    """Zoom's Cmd+Shift+A stays A on AZERTY; digits are behind Shift there and go by their place."""
    assert _mac_place(key, AZERTY) == code


def test_off_the_main_thread_the_layout_is_not_asked_for() -> None:
    """macOS ends programs that ask elsewhere: an English keyboard's places serve."""
    found: list[int | None] = []
    thread = threading.Thread(target=lambda: found.append(mac_code_of("p")))
    thread.start()
    thread.join(5)
    assert found == [ANSI_CODES["p"]]
    assert mac_code_of("numpad_8") == 91


class FakeQuartz(SimpleNamespace):
    """Quartz as far as one tap goes; an event is (code, flags, autorepeat)."""

    def __init__(self, *, refuses: bool = False) -> None:
        super().__init__(
            kCGSessionEventTap=1,
            kCGHeadInsertEventTap=0,
            kCGEventTapOptionListenOnly=1,
            kCGEventKeyDown=10,
            kCGEventTapDisabledByTimeout=0xFFFFFFFE,
            kCGEventTapDisabledByUserInput=0xFFFFFFFF,
            kCGEventFlagMaskShift=0x20000,
            kCGEventFlagMaskControl=0x40000,
            kCGEventFlagMaskAlternate=0x80000,
            kCGEventFlagMaskCommand=0x100000,
            kCGKeyboardEventAutorepeat=8,
            kCGKeyboardEventKeycode=9,
            kCFRunLoopDefaultMode="default",
        )
        self.refuses, self.enabled = refuses, 0
        self.stopped = threading.Event()

    def CGEventMaskBit(self, kind: int) -> int:  # noqa: N802
        return 1 << kind

    def CGEventTapCreate(self, *arguments: Any) -> Any:  # noqa: N802
        assert arguments[:4] == (1, 0, 1, 1 << 10), "it must only listen, to keys that go down"
        self.callback = arguments[4]
        return None if self.refuses else "tap"

    def CGEventTapEnable(self, tap: Any, on: bool) -> None:  # noqa: N802
        self.enabled += on

    def CFMachPortCreateRunLoopSource(self, *_: Any) -> str:  # noqa: N802
        return "source"

    def CFRunLoopGetCurrent(self) -> str:  # noqa: N802
        return "loop"

    def CFRunLoopAddSource(self, *_: Any) -> None:  # noqa: N802
        pass

    def CFRunLoopRun(self) -> None:  # noqa: N802
        self.stopped.wait(5)

    def CFRunLoopStop(self, loop: Any) -> None:  # noqa: N802
        self.stopped.set()

    def CGEventGetFlags(self, event: tuple[int, int, int]) -> int:  # noqa: N802
        return event[1]

    def CGEventGetIntegerValueField(self, event: tuple[int, int, int], field: int) -> int:  # noqa: N802
        return event[0] if field == 9 else event[2]


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let macOS allow Input Monitoring."""
    monkeypatch.setattr(mac_listener, "may_hear_keys", lambda **_: True)


@pytest.mark.usefixtures("allowed")
def test_the_tap_tells_keys_and_the_chord() -> None:
    """Each key is reported; the chord only when exactly its modifiers are down, not repeated."""
    quartz, reported = FakeQuartz(), list[str]()
    heard = Heard(
        lambda: reported.append("typed"),
        parse_chord("ctrl+alt+p"),
        lambda: reported.append("panic"),
    )
    listener = MacKeyListener(heard, ANSI_CODES.get, quartz)
    both = quartz.kCGEventFlagMaskControl | quartz.kCGEventFlagMaskAlternate
    device_bits = 0x100  # macOS sets others of its own as well
    for event in [
        (ANSI_CODES["p"], 0, 0),
        (ANSI_CODES["p"], both | quartz.kCGEventFlagMaskShift, 0),
        (ANSI_CODES["o"], both, 0),
        (ANSI_CODES["p"], both | device_bits, 0),
        (ANSI_CODES["p"], both | device_bits, 1),
    ]:
        quartz.callback("proxy", quartz.kCGEventKeyDown, event, None)
    assert reported == ["typed", "typed", "typed", "typed", "panic", "typed"]
    listener.close()
    listener.close()
    assert quartz.stopped.is_set()


@pytest.mark.usefixtures("allowed")
def test_a_tap_that_macos_put_to_sleep_is_woken() -> None:
    """macOS disables taps that seem slow: it is enabled again, and nothing counts as typed."""
    quartz, reported = FakeQuartz(), list[str]()
    listener = MacKeyListener(Heard(lambda: reported.append("typed")), ANSI_CODES.get, quartz)
    quartz.callback("proxy", quartz.kCGEventTapDisabledByTimeout, None, None)
    assert (quartz.enabled, reported) == (2, [])
    listener.close()


@pytest.mark.usefixtures("allowed")
def test_a_tap_that_macos_refuses_is_a_sentence() -> None:
    """No tap although the permission seems there: an error, and no thread that waits."""
    with pytest.raises(ActionError, match="does not let keys be listened to"):
        MacKeyListener(Heard(lambda: None), ANSI_CODES.get, FakeQuartz(refuses=True))


def test_without_the_permission_macos_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is asked by macOS itself, and our sentence names the place."""
    asked: list[bool] = []

    def may(*, ask: bool = False) -> bool:
        asked.append(ask)
        return False

    monkeypatch.setattr(mac_listener, "may_hear_keys", may)
    with pytest.raises(ActionError, match="Privacy & Security > Input Monitoring"):
        MacKeyListener(Heard(lambda: None), ANSI_CODES.get, FakeQuartz())
    assert asked == [False, True]


def test_the_permissions_are_asked_by_the_right_calls() -> None:
    """Looking never shows a question; asking does; old systems have no such permission."""

    class Call:
        def __init__(self, result: int) -> None:
            self.result, self.restype = result, None

        def __call__(self) -> int:
            return self.result

    services = SimpleNamespace(
        AXIsProcessTrusted=Call(1),
        CGPreflightListenEventAccess=Call(0),
        CGRequestListenEventAccess=Call(1),
    )
    assert may_press_keys(library=services)
    assert not may_hear_keys(library=services)
    assert may_hear_keys(ask=True, library=services)
    assert may_hear_keys(library=SimpleNamespace())
