"""What the page asks to be done."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rigs.panel import FIRE, Served
from vcam.core.binding import Binding
from vcam.settings import load_settings


def _bindings(served: Served, profile: str) -> tuple[Binding, ...]:
    return load_settings(served.places.settings).profiles[profile]


def test_a_binding_is_written_changed_and_taken_out(served: Served) -> None:
    """A card's binding goes into the same TOML that people edit, and out of it again."""
    made = {"profile": "zoom", "gesture": "rock", "hand": "left", "action": "key:ctrl+shift+f5"}
    assert served.order("bind", **made, hold_ms=900)["ok"]
    assert Binding("rock", "key:ctrl+shift+f5", "left", 900) in _bindings(served, "zoom")
    moved = {**made, "hand": "right", "old": made}
    assert served.order("bind", **moved, hold_ms=None)["ok"]
    assert [b.hand for b in _bindings(served, "zoom") if b.gesture == "rock"] == ["right"]
    assert served.order("unbind", **{**made, "hand": "right"})["ok"]
    assert "rock" not in {b.gesture for b in _bindings(served, "zoom")}


def test_keys_of_an_app_go_to_its_window(served: Served) -> None:
    """The window that is chosen with an action is written, and taken out when it is unticked."""
    made = {"profile": "mine", "gesture": "rock", "hand": "any", "action": "key:ctrl+d"}
    guarded = {**made, "focus": ["google meet"]}
    assert served.order("bind", **guarded)["ok"]
    assert _bindings(served, "mine")[-1].focus == ("google meet",)
    assert served.order("bind", **made, focus=[], old=guarded)["ok"]
    assert _bindings(served, "mine")[-1].focus == ()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"action": "key:ctrl+blah"}, "unknown key"),
        ({"action": 'run:["rm"]'}, "allow_commands"),
        ({"gesture": "stopp"}, "stop"),
        ({"hold_ms": -5}, "hold_ms"),
        ({"hold_ms": True}, "whole number"),
        ({"profile": ""}, "profile"),
        ({"focus": "zoom"}, "focus"),
        ({"focus": [1]}, "focus"),
        ({"gesture": "swipe_left", "hand": "both"}, "one hand at a time"),
    ],
)
def test_a_wrong_binding_is_refused(
    served: Served, wrong: dict[str, object], sentence: str
) -> None:
    """What the settings would not take is answered with one sentence, and nothing is written."""
    made = {"profile": "zoom", "gesture": "rock", "action": "pause", "hold_ms": None}
    answer = served.order("bind", **{**made, **wrong})
    assert sentence in answer["error"]
    assert not served.places.settings.exists()


def test_a_taken_place_is_not_written_over(served: Served) -> None:
    """Moving a binding to a hand that has one already is refused, and both stay."""
    one = {"profile": "system", "gesture": "fist", "hand": "left", "action": "pause"}
    other = {**one, "hand": "right", "action": "resume"}
    assert served.order("bind", **one)["ok"]
    assert served.order("bind", **other)["ok"]
    assert "already" in served.order("bind", **{**one, "hand": "right", "old": one})["error"]
    assert {b.action for b in _bindings(served, "system") if b.gesture == "fist"} == {
        "pause",
        "resume",
    }


def test_undo_goes_back_step_by_step(served: Served) -> None:
    """Each change is taken back, the last first; comments are as they were."""
    path = served.places.settings
    path.write_text('# mine\nprofile = "system" # this one\n')
    before = path.read_text()
    served.order("setting", key="gestures.hold_ms", value=700)
    served.order("threshold", gesture="stop", score=0.8)
    assert load_settings(path).gestures.min_scores == {"stop": 0.8}
    assert served.json("catalogue")["undo"] is True
    served.order("undo")
    assert load_settings(path).gestures.min_scores == {}
    served.order("undo")
    assert path.read_text() == before
    assert "nothing to undo" in served.order("undo")["error"]


def test_undo_does_not_lose_an_edit_by_hand(served: Served) -> None:
    """When the file was edited meanwhile, undo refuses and leaves it alone."""
    served.order("setting", key="gestures.hold_ms", value=700)
    path = served.places.settings
    path.write_text(path.read_text() + "# by hand\n")
    assert "edited elsewhere" in served.order("undo")["error"]
    assert path.read_text().endswith("# by hand\n")


def test_a_broken_file_is_reported_and_left_alone(served: Served) -> None:
    """While the file does not parse, the page says why, and no order changes it."""
    path = served.places.settings
    path.write_text("[gestures]\nhold_ms = 'long'\n")
    assert "line 2" in served.json("catalogue")["error"]
    assert "line 2" in served.order("setting", key="gestures.release_ms", value=200)["error"]
    assert path.read_text() == "[gestures]\nhold_ms = 'long'\n"


def test_only_settings_of_gestures_are_set(served: Served) -> None:
    """The page cannot allow commands."""
    assert "not set here" in served.order("setting", key="allow_commands", value=True)["error"]
    assert not served.places.settings.exists()


def test_a_profile_is_chosen_at_once_and_for_good(served: Served) -> None:
    """The program changes over now, and the file says so for the next start."""
    assert served.order("profile", name="zoom")["ok"]
    assert served.program.asked == [("profile", "zoom")]
    assert load_settings(served.places.settings).profile == "zoom"
    assert "no profile" in served.order("profile", name="zooom")["error"]


def test_an_action_is_tried_after_it_was_checked(served: Served) -> None:
    """What could not be bound cannot be tried either."""
    assert served.order("try", action="mic.mute")["ok"]
    assert "allow_commands" in served.order("try", action='run:["ls"]')["error"]
    assert "no profile" in served.order("try", action="profile:none")["error"]
    assert served.program.asked == [("try", "mic.mute")]


def test_that_was_wrong(served: Served) -> None:
    """A wrong fire raises its gesture's threshold once, is marked, and can be undone."""
    served.panel.history.note(FIRE)
    number = served.panel.history.newest()[0].number
    assert "60%" in served.order("wrong", number=number)["answer"]
    assert "already" in served.order("wrong", number=number)["answer"]
    assert load_settings(served.places.settings).gestures.min_scores == {"stop": 0.6}
    assert served.panel.history.newest()[0].wrong
    assert "too long ago" in served.order("wrong", number=99)["error"]


def test_wrong_at_the_highest_threshold(served: Served) -> None:
    """Where no threshold can be raised the fire is marked all the same, once, and it is said."""
    served.panel.history.note(replace(FIRE, gesture="palm"))
    number = served.panel.history.newest()[0].number
    assert "highest" in served.order("wrong", number=number)["answer"]
    assert "already" in served.order("wrong", number=number)["answer"]
    assert not served.places.settings.exists()


def test_a_missed_gesture(served: Served) -> None:
    """The gesture that was shown is passed on, its outcome is reported, and nonsense refused."""
    assert "stop is kept" in served.order("missed", gesture="stop")["answer"]
    assert served.program.asked == [("missed", "stop")]
    assert "does not know" in served.order("missed", gesture="wave")["error"]
    assert "text" in served.order("missed", gesture=3)["error"]
    assert "text" in served.order("missed")["error"]


def test_another_camera(served: Served) -> None:
    """The camera is changed now and written for the next start."""
    assert served.order("camera", device="1")["ok"]
    assert served.program.asked == [("camera", "1")]
    assert load_settings(served.places.settings).camera.device == "1"
    assert served.get("thumbnail?device=0")[0] == 200
    assert served.get("thumbnail?device=7")[0] == 404


def test_images_are_collected_seen_and_deleted(served: Served) -> None:
    """A picture goes into its class's folder, private; it can be looked at and deleted."""
    place = served.order("take", gesture="vulcan", hand="right")["answer"]
    assert place.startswith("vulcan/right/")
    saved = served.places.images / place
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert stat.S_IMODE(served.places.images.stat().st_mode) == 0o700
    table = served.json("collected")
    assert table["collected"] == [{"gesture": "vulcan", "pictures": [place]}]
    assert served.get(f"collected-picture?picture={place}")[2].startswith(b"\xff\xd8")
    assert served.order("delete", picture=place)["ok"]
    assert not saved.exists()


@pytest.mark.parametrize("name", ["../evil", "Vulcan", "a/b", "", "x" * 600])
def test_a_gesture_needs_a_plain_name(served: Served, name: str) -> None:
    """A name that is no plain word makes no folder."""
    assert not served.order("take", gesture=name)["ok"]
    assert not served.places.images.exists()


@pytest.mark.parametrize("place", ["../settings.toml", "/etc/passwd", "stop/../../x.jpg", "stop"])
def test_nothing_else_is_seen_or_deleted(served: Served, place: str, tmp_path: Path) -> None:
    """Places outside of the collection are refused."""
    (tmp_path / "settings.toml").write_text("# here\n")
    assert served.get(f"collected-picture?picture={place}")[0] == 404
    assert not served.order("delete", picture=place)["ok"]
    assert (tmp_path / "settings.toml").exists()


def test_no_camera_no_image(served: Served) -> None:
    """While no picture comes, none is taken, and the page says so."""
    served.program.image = None
    assert "No picture" in served.order("take", gesture="stop")["error"]


def test_start_at_login_is_switched(served: Served) -> None:
    """The page shows what the system says, and the box changes it."""
    assert served.json("login") == {"on": False}
    assert served.order("login", on=True)["ok"]
    assert served.json("login") == {"on": True}


def test_an_order_ends_the_program(served: Served) -> None:
    """An installer asks the program to quit as the page would."""
    assert served.order("quit")["ok"]
    assert ("stop", True) in served.program.asked
