"""One human name a gesture, understood and shown everywhere."""

from pathlib import Path

import pytest

from vcam.cli.main import main
from vcam.core.check_result import CheckResult
from vcam.core.gesture_names import TITLES, gesture_named, gesture_title
from vcam.core.labels import BINDABLE
from vcam.overlay.captions import gesture_words
from vcam.settings import load_settings


def test_every_gesture_has_a_name_of_its_own() -> None:
    """No two gestures share a name, and each is understood in the ways people write it."""
    assert set(BINDABLE) <= set(TITLES)
    assert len(set(TITLES.values())) == len(TITLES)
    for name, title in TITLES.items():
        assert gesture_words(name) == title
        for text in (name, title, title.upper(), title.lower().replace(" ", "_"), f" {title} "):
            assert gesture_named(text) == name


def test_the_readme_names_gestures_alike() -> None:
    """The table that people look at first has the names of the panel and the terminal."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for name in BINDABLE:
        assert name.startswith("swipe_") or f"{TITLES[name]}<br>`{name}`" in readme


@pytest.mark.parametrize(
    ("text", "name"),
    [("thumbs_up", "like"), ("thumbs-down", "dislike"), ("fist>open palm", "fist>palm")],
)
def test_binding_by_what_people_say(tmp_path: Path, text: str, name: str) -> None:
    """`vcam bind thumbs_up` binds the gesture that is meant."""
    path = tmp_path / "settings.toml"
    assert main(["bind", text, "mic.mute", "--config", str(path)]) == 0
    assert load_settings(path).bindings[-1].gesture == name


def test_a_sequence_has_a_name() -> None:
    """Two steps are called by the names of both."""
    assert gesture_title("fist>palm") == "Fist, then Open palm"


@pytest.mark.parametrize(
    ("remedy", "command"),
    [
        (
            "sudo modprobe v4l2loopback exclusive_caps=1",
            "sudo modprobe v4l2loopback exclusive_caps=1",
        ),
        ("Run `sudo usermod -aG video $USER`, log out.", "sudo usermod -aG video $USER"),
        ("start from a desktop session", None),
        ("Set `device` to another one.", None),
        (None, None),
    ],
)
def test_commands_are_distinguished_from_prose(remedy: str | None, command: str | None) -> None:
    """Only what a terminal takes as it is counts as a command."""
    assert CheckResult("x", "fail", "y", remedy).command == command


def test_vcam_alone_says_where_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    """Who types nothing but `vcam` reads which commands to try first."""
    assert main([]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("vcam panel", "vcam demo", "vcam doctor"))


def test_doctor_shows_what_is_wrong_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failures stand before warnings, and those before what is well; commands can be pasted."""
    command = "sudo modprobe v4l2loopback " + "exclusive_caps=1 " * 8 + "last=1"
    found = [
        CheckResult("python", "ok", "3.11"),
        CheckResult("sound", "warn", "quiet"),
        CheckResult("driver", "fail", "none", command),
    ]
    monkeypatch.setattr("vcam.cli.doctor.examine", lambda path: found)
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.index("driver") < said.index("sound") < said.index("python")
    assert command in " ".join(said.replace(" \\\n", " ").split())
    assert max(map(len, said.splitlines())) <= 80
