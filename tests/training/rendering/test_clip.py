"""The demo clip that ships, and the motion that makes it."""

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

import vcam.camera
from training.rendering.clip import FPS, held
from training.rendering.motion import (
    MOVE_S,
    arm_direction,
    cue_at,
    duration_s,
    formed,
    minimum_jerk,
    moment,
    place_at,
    timeline,
    turned,
)
from training.rendering.poses import POSES
from vcam.core.labels import GESTURES
from vcam.system.image_files import open_film

CLIP = Path(vcam.camera.__file__).parent / "demo.mp4"


def test_clip_is_what_it_says() -> None:
    """The clip is 1280x720 at 30 frames a second, 15 to 25 s, at most 3 MB, and decodes whole."""
    capture = open_film(CLIP)
    frames, spread = 0, []
    while True:
        ok, image = capture.read()
        if not ok:
            break
        frames += 1
        if frames % 60 == 1:
            assert image.shape == (720, 1280, 3)
            spread.append(float(image.std()))
    fps = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    assert fps == pytest.approx(FPS)
    assert frames == round(duration_s() * FPS)
    assert 15 <= frames / fps <= 25
    assert min(spread) > 20
    assert CLIP.stat().st_size <= 3_000_000


def test_truth_lies_beside_the_clip() -> None:
    """The truth that ships is what the script says: eight gestures, both hands, clear rests."""
    truth = json.loads(CLIP.with_suffix(".json").read_text(encoding="utf-8"))
    assert truth == held()
    assert len({entry["gesture"] for entry in truth}) >= 8
    assert {entry["hand"] for entry in truth} == {"left", "right"}
    for entry in truth:
        assert entry["gesture"] in GESTURES
        assert 1.3 <= entry["end"] - entry["start"] <= 1.6
    for before, after in pairwise(truth):
        assert after["start"] - before["end"] >= 0.8


def test_a_held_gesture_is_fully_formed_and_still() -> None:
    """While a gesture is held its fingers are in its pose and the wrist moves only by tremor."""
    for cue in timeline():
        for t in np.linspace(cue.start, cue.end, 7):
            assert formed(cue, float(t)) == pytest.approx(1.0)
            now = moment(cue, float(t))
            assert np.abs(now.pose - POSES[cue.gesture].angles()).max() < 3
            assert np.abs(now.place - (cue.stance.x, cue.stance.y)).max() < 8


def test_hands_come_and_go_without_jumps() -> None:
    """From frame to frame a wrist never jumps, and it starts and ends out of the picture."""
    for cue in timeline():
        times = np.arange(cue.start - MOVE_S, cue.end + MOVE_S, 1 / FPS)
        places = np.array([place_at(cue, float(t)) for t in times])
        assert np.abs(np.diff(places, axis=0)).max() < 90
        assert places[0, 1] > 900
        assert cue_at(cue.side, cue.start - MOVE_S - 0.01) is None


def test_minimum_jerk_starts_and_ends_at_rest() -> None:
    """The easing goes from 0 to 1, never backwards, with no speed at either end."""
    values = np.array([minimum_jerk(float(t)) for t in np.linspace(-0.2, 1.2, 400)])
    assert values[0] == 0.0
    assert values[-1] == 1.0
    assert (np.diff(values) >= 0).all()
    assert minimum_jerk(0.01) < 1e-4


def test_elbows_hang_below_the_wrist() -> None:
    """For every stance the forearm points downwards in the picture."""
    for cue in timeline():
        now = moment(cue, (cue.start + cue.end) / 2)
        assert (turned(cue.stance) @ arm_direction(now.wrist))[1] < -0.3
