"""What the doctor hears of keys and microphone."""

from collections.abc import Callable

import pytest

from tests.fakes.desktop import FakeDesktop
from tests.fakes.keyboard import FakeKeyboard
from tests.fakes.microphone import FakeMicrophone
from vcam.actions.check import check_focus, check_keys, check_microphone, check_talking
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.keyboard.open import XWAYLAND
from vcam.core.check_result import CheckResult
from vcam.errors import ActionError


def _backends(monkeypatch: pytest.MonkeyPatch, *backends: Callable[[], Keyboard]) -> None:
    named = [(f"backend {number}", backend) for number, backend in enumerate(backends)]
    monkeypatch.setattr("vcam.actions.keyboard.open._backends", lambda: named)


def _refuses() -> Keyboard:
    raise ActionError("no rights")


def _keys() -> CheckResult:
    return check_keys()[-1]


def test_keys_that_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyboard that opens is given back, unpressed; what failed before it does not matter."""
    keyboard, closed = FakeKeyboard(), []
    monkeypatch.setattr(keyboard, "close", lambda: closed.append(True))
    _backends(monkeypatch, _refuses, lambda: keyboard)
    assert (_keys().status, closed, keyboard.log) == ("ok", [True], [])


@pytest.mark.parametrize(
    ("way", "status", "says"),
    [
        ("by a fake", "ok", "keys can be pressed by a fake (not by others: backend 0: no rights)"),
        (XWAYLAND, "warn", "in windows of X11 programs alone (not by others: backend 0: no"),
    ],
)
def test_how_keys_go_on_wayland(
    monkeypatch: pytest.MonkeyPatch, way: str, status: str, says: str
) -> None:
    """The doctor names the way that is used, and why the better ones are not there."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    keyboard = FakeKeyboard()
    monkeypatch.setattr(keyboard, "way", way)
    _backends(monkeypatch, _refuses, lambda: keyboard)
    finding = _keys()
    assert (finding.status, says in finding.text) == (status, True)
    assert keyboard.prepared == 0  # the doctor lets nobody be asked


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [("linux", "modprobe uinput"), ("darwin", "Accessibility"), ("win32", "pynput")],
)
def test_keys_that_do_not_work(monkeypatch: pytest.MonkeyPatch, platform: str, remedy: str) -> None:
    """Every reason is given, and what helps on this system."""
    monkeypatch.setattr("sys.platform", platform)
    _backends(monkeypatch, _refuses, _refuses)
    finding = _keys()
    assert finding.status == "warn"
    assert "backend 0: no rights; backend 1: no rights" in finding.text
    assert remedy in (finding.remedy or "")


@pytest.mark.parametrize(
    ("environment", "level", "word"),
    [
        ({"DISPLAY": ":0"}, "ok", "X11"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "ok", "Wayland"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "ok", "Wayland"),
        ({}, "warn", "no display"),
    ],
)
def test_the_desktop_on_linux(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], level: str, word: str
) -> None:
    """The doctor says which desktop it sees: it decides which keys can reach whom."""
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    _backends(monkeypatch, FakeKeyboard)
    desktop = check_keys()[0]
    assert (desktop.name, desktop.status) == ("desktop", level)
    assert word in desktop.text


@pytest.mark.parametrize(("muted", "word"), [(True, "muted now"), (False, "on now")])
def test_a_microphone_that_works(monkeypatch: pytest.MonkeyPatch, muted: bool, word: str) -> None:
    """The state is reported and left as it is."""
    microphone = FakeMicrophone(muted=muted)
    monkeypatch.setattr("vcam.actions.check.open_microphone", lambda: microphone)
    (finding,) = check_microphone()
    assert (finding.status, microphone.changes) == ("ok", [])
    assert finding.text.endswith(word)


def test_a_microphone_that_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason comes with another way to mute."""
    microphone = FakeMicrophone(broken=True)
    monkeypatch.setattr("vcam.actions.check.open_microphone", lambda: microphone)
    (finding,) = check_microphone()
    assert (finding.status, finding.text) == ("warn", "the microphone is gone")
    assert "key:" in (finding.remedy or "")


def test_no_guard_no_finding() -> None:
    """Where nothing is guarded, the doctor has nothing to say of the focus."""
    assert check_focus([]) == []


def test_a_guard_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is guarded is named."""
    monkeypatch.setattr("vcam.actions.check.open_desktop", FakeDesktop)
    (finding,) = check_focus(["key:ctrl+d"])
    assert (finding.name, finding.status) == ("focus", "ok")
    assert "key:ctrl+d" in finding.text


def test_a_guard_that_cannot_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Wayland the doctor warns that guarded actions will not be done, and what to do."""
    monkeypatch.setattr("vcam.actions.window.open.sys.platform", "linux")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    (finding,) = check_focus(["key:ctrl+d", "hold:space"])
    assert finding.status == "warn"
    assert "key:ctrl+d, hold:space will not be done" in finding.text
    assert "take `focus` out" in (finding.remedy or "")


@pytest.mark.parametrize(
    ("wanted", "mutes", "missing", "status", "says"),
    [
        (False, False, None, None, ""),
        (False, True, None, "ok", "talking = true"),
        (False, True, "nothing there: install it", "ok", "install it"),
        (True, False, None, "ok", "but for unmuting"),
        (True, True, "nothing there: install it", "warn", "nothing there"),
    ],
)
def test_the_talking_guard_is_offered_where_it_helps(
    wanted: bool,
    mutes: bool,
    missing: str | None,
    status: str | None,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is spoken of where a gesture mutes or the settings ask for it, and fails in a sentence."""
    monkeypatch.setattr("vcam.actions.check.what_is_missing", lambda: missing)
    found = check_talking(wanted=wanted, muted_by_gesture=mutes)
    assert [each.status for each in found] == ([status] if status else [])
    assert all(says in each.text for each in found)
    assert [each.remedy for each in found if each.status == "warn"] == (
        ["install it"] if status == "warn" else []
    )
