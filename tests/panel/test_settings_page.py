"""What the Settings page can ask for: settings, profiles, reactions, and what comes back."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.rigs.panel import Served
from vcam.core.outcome import DRY_RUN, failed
from vcam.panel.settings_form import FIELDS
from vcam.settings import load_settings


def test_every_control_has_its_value_and_can_be_set(served: Served) -> None:
    """Each control of the form writes what it shows, and what was written reads back the same."""
    form = served.json("catalogue")["form"]
    assert [each["key"] for each in form] == [key for keys in FIELDS.values() for key in keys]
    for each in form:
        if each["value"] is None:
            continue
        answer = served.order("setting", key=each["key"], value=each["value"])
        assert answer["ok"], answer
    assert served.json("catalogue")["form"] == form


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("overlay.call_shows", "all", "reactions"),
        ("gestures.hold_ms", -1, "hold_ms"),
        ("gestures.arm", "vulcan", "arm"),
        ("camera.size", "large", "two numbers"),
        ("recognition.threads", 4, "not set here"),
        ("allow_commands", True, "not set here"),
    ],
)
def test_a_bad_setting_is_refused(served: Served, key: str, value: object, reason: str) -> None:
    """What is out of range, unknown, or not for a web page changes nothing and says why."""
    answer = served.order("setting", key=key, value=value)
    assert not answer["ok"]
    assert reason in answer["error"]
    assert not served.places.settings.exists()


def test_none_goes_back_to_the_default(served: Served) -> None:
    """A gesture that must come first can be chosen, and taken away again."""
    assert served.order("setting", key="gestures.arm", value="ok")["ok"]
    assert load_settings(served.places.settings).gestures.arm == "ok"
    assert served.order("setting", key="gestures.arm", value=None)["ok"]
    assert load_settings(served.places.settings).gestures.arm is None


def test_undo_says_what_it_took_back(served: Served) -> None:
    """The page can name the change before, and after it was taken back."""
    served.order("bind", profile="mine", gesture="like", action="mic.mute")
    assert served.json("catalogue")["undoes"] == "Thumb up: mute microphone"
    assert served.order("undo")["answer"] == "Thumb up: mute microphone"


def test_easy_hold_is_one_change(served: Served) -> None:
    """The preset lengthens all times at once, and one undo takes all of them back."""
    served.order("setting", key="gestures.max_people", value=2)
    before = served.places.settings.read_text()
    served.order("easy-hold", on=True)
    assert load_settings(served.places.settings).gestures.hold_ms > 1000
    served.order("undo")
    assert served.places.settings.read_text() == before


def test_profiles_are_made_copied_renamed_and_deleted(served: Served) -> None:
    """A profile has a whole life on the page; bindings that lead to it follow its name."""
    served.order("bind", profile="work", gesture="like", action="reaction:🎉")
    assert served.order("profile-new", name="empty")["ok"]
    assert served.order("profile-new", name="home", source="work")["ok"]
    served.order("bind", profile="work", gesture="ok", action="profile:home")
    assert served.order("profile-rename", name="home", new="at home")["ok"]
    profiles = load_settings(served.places.settings).profiles
    assert {"work", "empty", "at home"} <= set(profiles)
    assert profiles["empty"] == ()
    assert profiles["work"][1].action == "profile:at home"
    assert "profile:at home" in served.places.settings.read_text()
    served.order("unbind", profile="work", gesture="ok", action="profile:at home")
    assert served.order("profile-delete", name="at home")["ok"]
    assert "at home" not in load_settings(served.places.settings).profiles


@pytest.mark.parametrize(
    ("order", "content", "reason"),
    [
        ("profile-new", {"name": "zoom"}, "already"),
        ("profile-new", {"name": "x" * 60}, "no name"),
        ("profile-new", {"name": "mine", "source": "nowhere"}, "no profile"),
        ("profile-rename", {"name": "zoom", "new": "mine"}, "ships"),
        ("profile-delete", {"name": "system"}, "in use"),
        ("profile-delete", {"name": "zoom"}, "ships"),
        ("profile-import", {"content": "x = ["}, "no TOML"),
        ("profile-import", {"content": "profile = 'x'"}, "no profile"),
        ("profile-import", {"content": "[profiles.a]\nbindings = [{ gesture = 'x' }]"}, "action"),
        (
            "profile-import",
            {"content": "[profiles.a]\nbindings = [{gesture='ok', action='run:[\"ls\"]'}]"},
            "allow_commands",
        ),
    ],
)
def test_what_cannot_be_done_to_a_profile(
    served: Served, order: str, content: dict[str, str], reason: str
) -> None:
    """Names that are taken, shipped profiles and bad files are refused, and nothing is written."""
    answer = served.order(order, **content)
    assert not answer["ok"]
    assert reason in answer["error"]
    assert not served.places.settings.exists()


def test_an_exported_profile_is_imported_under_a_free_name(served: Served) -> None:
    """What was exported reads back as the same bindings; nothing that is there is written over."""
    served.order("bind", profile="work", gesture="like", action="reaction:🎉", hold_ms=900)
    status, headers, body = served.get("profile-file?name=work")
    assert status == 200
    assert "attachment" in headers["Content-Disposition"]
    assert served.order("profile-import", content=body.decode())["answer"] == "work-2"
    profiles = load_settings(served.places.settings).profiles
    assert profiles["work-2"] == profiles["work"]
    assert served.get("profile-file?name=nowhere")[0] == 404


def test_tried_actions_say_what_came_of_them(served: Served) -> None:
    """Try it answers with what became of the action, and with the reason when it failed."""
    assert served.order("try", action="mic.mute")["answer"] == "done"
    served.program.outcome = DRY_RUN
    assert served.order("try", action="mic.mute")["answer"] == "dry_run"
    served.program.outcome = failed("the microphone is gone")
    assert served.order("try", action="mic.mute")["error"] == "the microphone is gone"


def test_images_of_reactions_are_served(served: Served) -> None:
    """Each sign of the picker has a picture at its address, and nothing else is given out there."""
    emoji = served.json("catalogue")["emoji"]
    signs = [each for group in emoji["groups"].values() for each in group]
    assert len(signs) >= 80
    for each in (signs[0], signs[-1]):
        status, headers, body = served.get(f"emoji_{each['file']}.webp")
        assert (status, headers["Content-Type"]) == (200, "image/webp")
        image = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_UNCHANGED)
        assert image is not None
        assert image.shape == (256, 256, 4)
    assert served.get("emoji_1f44d_1f3fd.webp")[0] == 200
    assert served.get("emoji_..%2fLICENSE.webp")[0] == 404


def test_only_commands_can_be_copied(served: Served) -> None:
    """What the doctor says in prose is no command for a terminal."""
    assert served.json("doctor")[0]["command"] is None


def test_a_deleted_image_comes_back(served: Served, tmp_path: Path) -> None:
    """The last deleted pictures can be brought back, one by one, and are the same."""
    places = [served.order("take", gesture="ok", hand="left")["answer"] for _ in range(2)]
    content = [(served.places.images / place).read_bytes() for place in places]
    for place in places:
        served.order("delete", picture=place)
    assert served.json("collected")["collected"] == []
    for place, before in reversed(list(zip(places, content, strict=True))):
        assert served.order("undelete")["answer"] == place
        assert (served.places.images / place).read_bytes() == before
    assert "no picture" in served.order("undelete")["error"]


def test_a_profile_says_which_apps_it_follows(served: Served) -> None:
    """The apps of a profile, a shipped one too, are set and read back; nonsense is refused."""
    assert served.json("catalogue")["when"]["zoom"] == ["zoom"]
    assert served.order("profile-when", name="zoom", when=["zoom", "our zoom"])["ok"]
    assert served.json("catalogue")["when"]["zoom"] == ["zoom", "our zoom"]
    assert load_settings(served.places.settings).profiles["zoom"]
    assert not served.order("profile-when", name="zoom", when="zoom")["ok"]
    assert not served.order("profile-when", name="zoom", when=[3])["ok"]
    assert "no profile" in served.order("profile-when", name="nowhere", when=[])["error"]


def test_sensitivity_speaks_for_the_times(served: Served) -> None:
    """A word for sensitivity takes out the times that were set: the word is what counts."""
    served.order("setting", key="gestures.hold_ms", value=1500)
    served.order("easy-hold", on=True)
    assert served.order("setting", key="gestures.sensitivity", value="quick")["ok"]
    gestures = load_settings(served.places.settings).gestures
    assert (gestures.sensitivity, gestures.hold_ms, gestures.cooldown_ms) == ("quick", 350, 500)
    served.order("easy-hold", on=True)
    served.order("easy-hold", on=False)
    assert load_settings(served.places.settings).gestures.hold_ms == 350
    assert not served.order("setting", key="gestures.sensitivity", value="wild")["ok"]


def test_practice_is_asked_of_the_program(served: Served) -> None:
    """The page of practice says when it begins and when it ends."""
    served.order("practise", on=True)
    served.order("practise", on=False)
    assert served.program.asked[-2:] == [("practise", True), ("practise", False)]
