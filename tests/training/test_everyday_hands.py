"""What makes models stand everyday hands: near misses, turned hands, shares, light, last looks."""

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.rigs.tiny import write_archive
from training.__main__ import main
from training.augmentation.sampler import with_source_shares
from training.augmentation.transforms import with_backlight
from training.augmentation.turned_hands import shown_when_turned, taken_turns
from training.datasets.annotations import HandLabel, LabelledImage
from training.datasets.dataset import UNKNOWN, open_prepared
from training.datasets.film_frames import film_frames
from training.datasets.split import split_of
from training.errors import TrainingError
from training.evaluation.program_metrics import score
from training.rendering.near_misses import NAMED_POSES, is_far, near_miss
from training.rendering.poses import POSES
from vcam.core.labels import LABELS, NO_GESTURE
from vcam.system.image_files import create_film


def test_near_misses_are_far_from_every_gesture() -> None:
    """What is drawn at random is none of the 18; the 18 themselves never pass."""
    assert not any(is_far(pose) for pose in POSES.values())
    random = np.random.default_rng(0)
    drawn = [near_miss(random) for _ in range(200)]
    assert all(pose in NAMED_POSES or is_far(pose) for pose in drawn)
    assert all(np.isfinite(pose.angles()).all() for pose in drawn)


def test_kinds_make_up_their_shares() -> None:
    """Named kinds get their part, whatever their number; missing kinds leave theirs to the rest."""
    kind = np.array(["webcams"] * 2 + ["hagrid"] * 6 + ["clips, nothing"] * 2)
    chance = with_source_shares(
        np.full(10, 0.1), kind, {"webcams": 0.5, "clips, nothing": 0.1, "absent": 0.3}
    )
    assert chance[:2].sum() == pytest.approx(0.5)
    assert chance[8:].sum() == pytest.approx(0.1)
    assert chance.sum() == pytest.approx(1.0)
    alone = with_source_shares(np.full(2, 0.5), np.array(["webcams"] * 2), {"webcams": 0.2})
    assert alone.sum() == pytest.approx(1.0)


def test_turned_hands_show_nothing() -> None:
    """An open hand on its side is no gesture, nobody knows of idle hands, and a fist stays one."""
    nothing, fist = LABELS.index(NO_GESTURE), LABELS.index("fist")
    turned = {
        "palm": (nothing, nothing, nothing),
        "fist": (fist, UNKNOWN, fist),
        "dislike": (nothing, UNKNOWN, nothing),
        NO_GESTURE: (UNKNOWN, UNKNOWN, UNKNOWN),
    }
    for name, shows in turned.items():
        gesture = LABELS.index(name)
        assert tuple(shown_when_turned(gesture, n, LABELS) for n in (1, 2, 3)) == shows
        assert shown_when_turned(gesture, 0, LABELS) == gesture


def test_turns_that_a_gesture_of_ones_own_takes() -> None:
    """Where one lies or hangs, nobody knows what a hand that is turned so shows, nor a fist."""
    up, right, down, left = range(4)
    assert taken_turns({"vulcan": [up] * 9 + [right]}) == frozenset()
    assert taken_turns({"vulcan": [up] * 9, "gun": [up, left, UNKNOWN, UNKNOWN]}) == {1, 3}
    assert taken_turns({"drop": [down] * 4, "none": []}) == {2}
    for name in ("palm", "fist", "two_up"):
        gesture = LABELS.index(name)
        shown = [shown_when_turned(gesture, n, LABELS, {1, 3}) for n in range(4)]
        assert shown == [gesture, UNKNOWN, shown_when_turned(gesture, 2, LABELS), UNKNOWN]


def test_a_hand_before_a_window_is_darker_than_the_room() -> None:
    """Alpha says which is which."""
    canvas = np.full((40, 40, 4), 100, np.uint8)
    canvas[..., 3] = 128
    canvas[10:30, 10:30, 3] = 255
    lit = with_backlight(canvas, 0.3, 1.5)
    assert lit[20, 20, 0] == pytest.approx(30, abs=2)
    assert lit[2, 2, 0] == pytest.approx(150, abs=2)
    assert (lit[..., 3] == canvas[..., 3]).all()


def test_hands_of_any_pose_teach_the_detector_alone(tmp_path: Path) -> None:
    """`hand` is no class: its pictures are kept whole, and no crop is made of them."""
    entries = {
        "a": {"bboxes": [[0.2, 0.2, 0.5, 0.5]], "labels": ["hand"], "split": "train"},
        "b": {"bboxes": [[0.2, 0.2, 0.5, 0.5]], "labels": ["palm"], "split": "train"},
        "unboxed": {"bboxes": [], "labels": [], "boxes": "none", "split": "train"},
    }
    image = cv2.imencode(".jpg", np.full((80, 120, 3), 90, np.uint8))[1].tobytes()
    with zipfile.ZipFile(tmp_path / "rooms.zip", "w") as archive:
        for folder in ("hand_only", "palm"):
            subset = {k: e for k, e in entries.items() if (k == "a") == (folder == "hand_only")}
            archive.writestr(f"annotations/{folder}.json", json.dumps(subset))
            for key in subset:
                archive.writestr(f"{folder}/{key}.jpg", image)
    cache = tmp_path / "cache"
    assert main(["prepare", "--data", str(tmp_path), "--out", str(cache)]) == 0
    train = open_prepared([cache], "train")
    assert [train.hands.labels[place] for place in train.hands.gesture] == ["palm"]
    boxes = [train.frames.image(place)[1]["boxes"] for place in range(len(train.frames))]
    assert [len(each) for each in boxes] == [1, 1]  # a hand that nobody boxed teaches nothing


def test_clips_teach_that_nothing_is_meant(tmp_path: Path) -> None:
    """Every find in a film is a lesson; what is no film is named."""
    write_archive(tmp_path / "tiny.zip")
    cache, out = tmp_path / "cache", tmp_path / "clips"
    assert main(["prepare", "--data", str(tmp_path), "--out", str(cache)]) == 0
    film = tmp_path / "talk.avi"
    writer = create_film(film, (160, 120), 10, "MJPG")
    random = np.random.default_rng(0)
    for _ in range(6):
        writer.write(random.integers(0, 255, (120, 160, 3), dtype=np.uint8))
    writer.release()
    options = ["--cache", str(cache), "--out", str(out), "--score", "0.0005"]
    assert main(["hard-negatives", *options, "--clips", str(film)]) == 0
    hands = open_prepared([cache, out], "train").hands
    found = hands.source == "clips"
    assert found.any()
    assert {hands.labels[place] for place in hands.gesture[found]} == {NO_GESTURE}
    assert main(["hard-negatives", *options, "--clips", str(cache / "split.json")]) == 2


def _image(source: str, gesture: str, split: str = "val") -> LabelledImage:
    hand = HandLabel((0.2, 0.2, 0.5, 0.5), gesture, None, 0.0)
    return LabelledImage(Path("rooms.zip"), "", source, split, gesture, "pseudo", (hand,))


def test_nothing_is_chosen_on_untouched_sources() -> None:
    """Some of the validation people are kept for the end; the archive's word on others holds."""
    assert split_of(_image("saign", "palm")) == "test"
    assert split_of(_image("bakyon", "palm")) == "val"
    assert split_of(_image("lolzorus", "palm", "train")) == "train"


def test_rooms_and_webcams_are_distinguished() -> None:
    """Means go over the gestures of each world, and foreign poses have a line of their own."""
    images = [_image(*each) for each in (("hagrid", "palm"), ("hagrid", "fist"))]
    images += [_image(*each) for each in (("saign", "palm"), ("bakyon", NO_GESTURE))]
    said = [("palm",), (), ("palm",), ("call",)]
    predictions = [
        {
            "width": 100,
            "height": 100,
            "hands": [
                {"box": [20, 20, 70, 70], "gesture": name, "leading_hand": None} for name in names
            ],
        }
        for names in said
    ]
    scores = score(images, predictions)
    assert scores["world:HaGRID"]["mean"] == 0.5
    assert scores["world:webcams"]["mean"] == 1.0
    assert scores["world:webcams"]["wrong"] == 0.5
    assert scores["world:webcams, last look"]["pictures"] == 1
    assert scores["world:webcams, none of the 18 shown"]["wrong"] == 1.0


def test_a_film_that_is_none_is_named(tmp_path: Path) -> None:
    """One sentence says which file it is."""
    with pytest.raises(TrainingError, match="no film"):
        next(film_frames(tmp_path / "nothing.mp4", 0.2))
