"""The focus guard: an action is done where it is meant to go, and nowhere else."""

import pytest

from tests.fakes.desktop import FakeDesktop
from vcam.actions.window.focus import FocusedWindow
from vcam.actions.window.guard import FocusGuard
from vcam.actions.window.open import open_desktop
from vcam.errors import ActionError

ZOOM = FocusedWindow(("zoom", "zoom"), "Zoom Meeting")
MEET = FocusedWindow(("google-chrome", "Google-chrome"), "Meet – abc-defg-hij - Google Chrome")
MAIL = FocusedWindow(("google-chrome", "Google-chrome"), "Inbox – Gmail - Google Chrome")


@pytest.mark.parametrize(
    ("window", "wanted", "fits"),
    [
        (ZOOM, ["zoom"], True),
        (ZOOM, ["ZOOM"], True),
        (ZOOM, ["teams", "meeting"], True),
        (ZOOM, ["teams"], False),
        (MEET, ["meet -"], True),
        (MEET, ["meet  —"], True),
        (MEET, ["google-chrome"], True),
        (MAIL, ["meet -", "google meet"], False),
        (FocusedWindow((), ""), ["zoom"], False),
        (FocusedWindow(("Straße",), ""), ["strasse"], True),
    ],
)
def test_which_windows_fit(window: FocusedWindow, wanted: list[str], fits: bool) -> None:
    """A text fits in the title or the program's name, whatever its case, dashes and blanks."""
    assert window.fits(wanted) is fits


def test_no_aim_no_question() -> None:
    """An action without `focus` asks nobody which window it is."""

    def never() -> FakeDesktop:
        raise AssertionError("asked")

    FocusGuard(never).check(())


def test_only_the_right_window_lets_it_pass() -> None:
    """With each check the focus is asked again; what has it instead is not reported."""
    desktop = FakeDesktop(MEET)
    guard = FocusGuard(lambda: desktop)
    guard.check(["meet -"])
    desktop.window = MAIL
    with pytest.raises(ActionError, match="not on meet - or google meet") as reported:
        guard.check(["meet -", "google meet"])
    assert "Gmail" not in str(reported.value)


def test_what_cannot_be_known_is_not_done() -> None:
    """No focused window, or no desktop to ask: both hold the action back; both are tried again."""
    desktops: list[FakeDesktop] = []

    def opens() -> FakeDesktop:
        if not desktops:
            raise ActionError("nobody can tell")
        return desktops[-1]

    guard = FocusGuard(opens)
    with pytest.raises(ActionError, match="nobody"):
        guard.check(["zoom"])
    desktops.append(FakeDesktop(None))
    with pytest.raises(ActionError, match="no window"):
        guard.check(["zoom"])
    desktops.append(FakeDesktop(ZOOM))
    guard.check(["zoom"])


@pytest.mark.parametrize(
    ("name", "value"), [("WAYLAND_DISPLAY", "wayland-0"), ("XDG_SESSION_TYPE", "wayland")]
)
def test_wayland_tells_nobody(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """XWayland knows of X11 windows only, so on Wayland it is not asked."""
    monkeypatch.setattr("vcam.actions.window.open.sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv(name, value)
    with pytest.raises(ActionError, match=r"Wayland tells no program.*take `focus` out"):
        open_desktop()
