"""The profile follows the call: who shows the camera, and who has the focus."""

from pathlib import Path

import pytest

from tests.fakes.desktop import FakeDesktop
from vcam.actions.window.focus import FocusedWindow
from vcam.app.live_settings import LiveSettings
from vcam.app.options import RunOptions
from vcam.app.profile_follower import POLL_S, ProfileFollower, Readers, best_match
from vcam.core.profile_match import Match
from vcam.errors import ActionError
from vcam.settings.app_profiles import shipped_profiles
from vcam.system.clock import SteppedClock

RULES = {name: app.when for name, app in shipped_profiles("linux").items() if app.when}
ZOOM = FocusedWindow(("zoom", "zoom"), "Zoom Meeting")
MEET = FocusedWindow(("google-chrome", "Google-chrome"), "Meet – abc-defg-hij - Google Chrome")
NEWS = FocusedWindow(("google-chrome", "Google-chrome"), "How to zoom in – News")
EDITOR = FocusedWindow(("kate", "kate"), "teams and slack of discord.txt")
BY_HAND = """
profile = "mine"
[profiles.mine]
bindings = [ { gesture = "stop", action = "video.blank" } ]
[profiles.jitsi]
when = ["jitsi", "jitsi meet"]
bindings = [ { gesture = "palm", action = "hold:space" } ]
"""


@pytest.mark.parametrize(
    ("readers", "window", "profile", "by"),
    [
        (None, ZOOM, "zoom", "focus"),
        ((), MEET, "meet", "focus"),
        (None, NEWS, None, None),
        (None, EDITOR, None, None),
        (None, FocusedWindow(("Zoom.us",), ""), "zoom", "focus"),
        (None, FocusedWindow(("ms-teams",), ""), "teams", "focus"),
        (None, FocusedWindow(("teams-for-linux",), "Chat"), "teams", "focus"),
        (None, FocusedWindow(("msedge",), "Weekly | Microsoft Teams"), "teams", "focus"),
        (None, FocusedWindow(("zoomtext",), "zoomtext"), None, None),
        (("zoom",), EDITOR, "zoom", "camera"),
        (("zoom",), FocusedWindow(("slack",), "Slack"), "zoom", "camera"),
        (("obs", "zoom"), ZOOM, "zoom", "camera"),
        (("chrome",), MEET, "meet", "focus"),
        (("chrome",), None, None, None),
        ((), None, None, None),
    ],
)
def test_which_profile_fits(
    readers: Readers, window: FocusedWindow | None, profile: str | None, by: str | None
) -> None:
    """Who shows the camera goes first, then the focus; words in titles alone mean nothing."""
    match = best_match(RULES, readers, window, None)
    assert (match and match.profile, match and match.by) == (profile, by)


def test_a_call_in_a_browser_stays() -> None:
    """Once a title told which call it is, the profile stays while the same programs look."""
    meet = best_match(RULES, ("chrome",), MEET, None)
    assert best_match(RULES, ("chrome",), EDITOR, meet) == meet
    assert best_match(RULES, (), EDITOR, meet) is None
    assert best_match(RULES, None, EDITOR, meet) is None


class Case:
    """A program that follows, with a clock that the test moves."""

    def __init__(self, folder: Path, text: str) -> None:
        path = folder / "settings.toml"
        path.write_text(text)
        self.live = LiveSettings(RunOptions(config=path))
        self.clock, self.desktop = SteppedClock(), FakeDesktop()
        self.readers: Readers = None
        self.follower = ProfileFollower(
            self.live, lambda: self.readers, self.clock, lambda: self.desktop
        )

    def after(self, seconds: float) -> str:
        """Let time pass and return the profile in force then."""
        for _ in range(round(seconds / POLL_S)):
            self.clock.set(self.clock.now() + POLL_S)
            self.follower.step()
        return self.live.profile


JITSI = FocusedWindow(("electron",), "Team | Jitsi Meet")


def test_it_takes_a_second_of_steadiness(tmp_path: Path) -> None:
    """Windows that flash by change nothing; what stays for a second does, there and back."""
    case = Case(tmp_path, BY_HAND)
    for _ in range(6):
        case.desktop.window = JITSI if case.desktop.window is None else None
        assert case.after(0.5) == "mine"
    case.desktop.window = JITSI
    assert case.after(2) == "jitsi"
    assert case.live.reason == Match("jitsi", "focus")
    assert case.live.chosen == "mine"
    case.desktop.window = None
    assert case.after(0.5) == "jitsi"
    assert case.after(2) == "mine"


def test_what_the_person_chooses_goes_first(tmp_path: Path) -> None:
    """A choice by hand stays until another call comes."""
    case = Case(tmp_path, BY_HAND)
    case.desktop.window = JITSI
    assert case.after(2) == "jitsi"
    case.live.use_profile("mine")
    assert case.after(5) == "mine"
    assert case.live.reason is None
    case.desktop.window = None
    case.after(2)
    case.desktop.window = JITSI
    assert case.after(2) == "jitsi"


def test_one_switch_turns_it_off(tmp_path: Path) -> None:
    """With follow_call = false the chosen profile is in force, whatever has the focus."""
    case = Case(tmp_path, "follow_call = false\n" + BY_HAND)
    case.desktop.window, case.readers = JITSI, ("jitsi",)
    assert case.after(5) == "mine"


def test_shipped_profiles_follow_once_one_was_chosen(tmp_path: Path) -> None:
    """Whoever chose `system` keeps it in Zoom; whoever chose Meet gets Zoom's in Zoom."""
    case = Case(tmp_path, "")
    case.desktop.window = ZOOM
    assert case.after(3) == "system"
    case.live.use_profile("meet")
    assert case.after(3) == "zoom"


def test_an_empty_list_follows_nothing(tmp_path: Path) -> None:
    """`when = []` takes a shipped profile out, and keeps its bindings."""
    case = Case(tmp_path, 'profile = "meet"\n[profiles.zoom]\nwhen = []\n')
    case.desktop.window = ZOOM
    assert case.after(3) == "meet"
    assert case.live.settings.profiles["zoom"] == shipped_profiles("linux")["zoom"].bindings


def test_a_profile_that_goes_is_not_in_force(tmp_path: Path) -> None:
    """When an edit takes the followed profile away, the chosen one is in force at once."""
    case = Case(tmp_path, BY_HAND)
    case.desktop.window = JITSI
    case.after(2)
    other = tmp_path / "other"
    other.mkdir()
    without, _, _ = BY_HAND.partition("[profiles.jitsi]")
    case.live.apply_settings(Case(other, without).live.settings)
    assert case.live.profile == "mine"


def test_a_desktop_that_does_not_tell(tmp_path: Path) -> None:
    """On Wayland only who shows the camera counts, and the desktop is not asked all the time."""
    asked: list[None] = []

    def refuse() -> FakeDesktop:
        asked.append(None)
        raise ActionError("Wayland tells no program which window has the focus")

    case = Case(tmp_path, BY_HAND)
    case.follower = ProfileFollower(case.live, lambda: case.readers, case.clock, refuse)
    assert case.after(10) == "mine"
    assert len(asked) == 1
    case.readers = ("jitsi",)
    assert case.after(2) == "jitsi"
