"""A settings file of an older version goes on to work, word for word."""

from pathlib import Path

from vcam.core.binding import Binding
from vcam.settings import load_settings
from vcam.settings.file_editor import write_binding

FIRST: str = """\
# Which profile to use: system, zoom, discord, teams, meet, slack, obs, or one of your own below.
profile = "mine"
allow_commands = false

[camera]
device = 0           # index, name (see `vcam cameras`), path, video file, or "demo"
width = 1280
height = 720
fps = 30
mirrored = false

[output]
kinds = ["virtual"]
device = "/dev/video10"

[overlay]
in_call = true
in_preview = true
boxes = true
labels = true
progress = true
badge = true
colours = { accent = "#3ddc97", hold = "#ffd166", warn = "#ef476f" }

[recognition]
detector = "onnx"
rate_hz = 15
idle_rate_hz = 5
threads = 1

[gestures]
hold_ms = 650
release_ms = 300
min_score = 0.8
cooldown_ms = 800
arm = "rock"
max_people = 1
min_hand_px = 24

[profiles.mine]
bindings = [
  { gesture = "stop", action = "mic.mute" },
  { gesture = "palm", hand = "left", action = "mic.unmute", hold_ms = 800 },
  { gesture = "fist", action = "hold:space" },
]
"""
"""Every setting of the first version, none left out."""


def test_the_first_version_reads(tmp_path: Path) -> None:
    """Each setting of the first version means today what it meant then."""
    path = tmp_path / "settings.toml"
    path.write_text(FIRST, encoding="utf-8")
    settings = load_settings(path)
    assert (settings.profile, settings.camera.width, settings.output.kinds) == (
        "mine",
        1280,
        ("virtual",),
    )
    assert (settings.gestures.hold_ms, settings.gestures.arm) == (650, "rock")
    assert settings.bindings[1] == Binding("palm", "mic.unmute", "left", 800)


def test_it_can_be_edited(tmp_path: Path) -> None:
    """A new binding is added, and the comments and all other lines stay."""
    path = tmp_path / "settings.toml"
    path.write_text(FIRST, encoding="utf-8")
    write_binding(path, Binding("rock", "pause"), "mine", "")
    assert load_settings(path).bindings[-1] == Binding("rock", "pause")
    kept = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in FIRST.splitlines() if line not in kept] == []
