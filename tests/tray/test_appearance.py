"""What the tray says of the program."""

import pytest

from vcam.tray.appearance import (
    ICONS,
    State,
    TrayState,
    appearance,
    from_line,
    to_line,
)


@pytest.mark.parametrize(
    ("doing", "muted", "icon", "title"),
    [
        ("recognising", False, "recognising", "Gesture Cam: recognising gestures"),
        ("recognising", True, "muted", "Gesture Cam: recognising gestures, microphone muted"),
        ("paused", False, "paused", "Gesture Cam: paused: gestures do nothing"),
        ("paused", True, "paused", "Gesture Cam: paused: gestures do nothing, microphone muted"),
        ("waiting", False, "waiting", "Gesture Cam: no picture from the camera"),
    ],
)
def test_each_state_has_an_image_and_words(
    doing: State, muted: bool, icon: str, title: str
) -> None:
    """Each state looks different, its picture is there, and the words say it in full."""
    shown = appearance(TrayState(doing, muted))
    assert (shown.icon, shown.title) == (icon, title)
    assert (ICONS / f"{shown.icon_name}.png").read_bytes().startswith(b"\x89PNG")
    assert shown.entries[0].order is None


def test_the_menu_offers_what_can_be_done() -> None:
    """Open panel, pause or resume, quit: in this order, whatever the state."""
    for doing, pause in (("recognising", "pause"), ("waiting", "pause"), ("paused", "resume")):
        shown = appearance(TrayState(doing))  # type: ignore[arg-type]
        assert [entry.order for entry in shown.entries] == [None, "panel", pause, "quit"]


def test_an_appearance_survives_the_pipe() -> None:
    """What the icon's process reads is what the program wrote."""
    shown = appearance(TrayState("paused", muted=True))
    line = to_line(shown)
    assert line.count("\n") == 1
    assert from_line(line) == shown
