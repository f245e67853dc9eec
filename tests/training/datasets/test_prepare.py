"""Every layout becomes shards, on pictures drawn on the spot."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import vcam
from tests.training.rigs.tiny import write_archive
from training.datasets import prepare as command
from training.datasets.annotations import HALF_BODY, LabelledImage
from training.datasets.dataset import Prepared, open_prepared
from training.datasets.formats.hagrid_annotations import (
    BAD_BOX,
    BROKEN_JSON,
    EMPTY_BOX,
    NO_ANNOTATION,
    NO_IMAGE,
    TWICE,
    UNKNOWN_LABEL,
)
from training.datasets.shard_job import NOT_WHOLE
from training.datasets.split import split_of, split_users
from training.errors import TrainingError
from vcam.core.labels import LABELS
from vcam.system.image_files import open_film, write_image

BOX = [0.25, 0.25, 0.5, 0.5]


def _prepare(data: Path, *options: str) -> Path:
    out = data.parent / "cache"
    assert command.main(["--data", str(data), "--out", str(out), "--workers", "1", *options]) == 0
    return out


def _image(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    write_image(path, image)


def _annotate(path: Path, entries: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(entries), encoding="utf-8")


def _entry(label: str, user: str, **more: Any) -> dict[str, Any]:
    return {"bboxes": [BOX], "labels": [label], "user_id": user, **more}


def _users(prepared: Prepared) -> set[str]:
    return {prepared.hands.read(place)[1]["user"] for place in range(len(prepared.hands))}


def test_archive_round_trip(tmp_path: Path) -> None:
    """Hands of an archive come back centred, on the side that the archive says."""
    (tmp_path / "data").mkdir()
    write_archive(tmp_path / "data" / "tiny.zip")
    cache = _prepare(tmp_path / "data")
    train, val = open_prepared([cache], "train"), open_prepared([cache], "val")
    assert (len(train.hands), len(val.hands)) == (24, 12)
    assert len(train.hands.shards) == 8
    place = int(np.flatnonzero(train.hands.gesture == LABELS.index("palm"))[0])
    canvas, row = train.hands.canvas(place)
    assert row["box"][1] == pytest.approx(80, abs=1) or row["box"][0] == pytest.approx(80, abs=1)
    rows, columns = np.nonzero(canvas[..., 0].astype(int) > 150)
    assert (rows.mean(), columns.mean()) == (pytest.approx(80, abs=3), pytest.approx(80, abs=3))
    assert (cache / "sheet-train.jpg").stat().st_size > 1000


def test_hagrid_v1_is_split_by_people(tmp_path: Path) -> None:
    """The split of v1 is the tutorial's, and nobody is on two sides."""
    data, people = tmp_path / "data", [f"user{number}" for number in range(20)]
    entries = {}
    for number, user in enumerate(people * 2):
        entries[f"id{number}"] = _entry("call", user, leading_hand="left", leading_conf=1.0)
        _image(data / "train_val_call" / f"id{number}.jpg")
    _annotate(data / "ann_train_val" / "call.json", entries)
    cache = _prepare(data)
    train, val = (_users(open_prepared([cache], split)) for split in ("train", "val"))
    shuffled = sorted(people)
    random.Random(42).shuffle(shuffled)
    assert (train, val) == (set(shuffled[:16]), set(shuffled[16:]))
    assert split_users(people)[1] == shuffled[16:]


def test_the_other_hand_of_v1(tmp_path: Path) -> None:
    """A hand of no gesture beside the leading one is the other hand; twins have no side."""
    data = tmp_path / "data"
    two = {"bboxes": [BOX, [0, 0, 0.2, 0.2]], "leading_hand": "left", "leading_conf": 1.0}
    entries = {
        "a": {**two, "labels": ["call", "no_gesture"], "user_id": "x"},
        "b": {**two, "labels": ["call", "call"], "user_id": "x"},
    }
    for name in entries:
        _image(data / "subsample" / "call" / f"{name}.jpg")
    _annotate(data / "ann_subsample.json", entries)
    cache = _prepare(data)
    hands = [
        hand
        for split in ("train", "val")
        if (cache / split).exists()
        for hand in _rows(open_prepared([cache], split))
    ]
    sides = sorted((hand["gesture"], str(hand["side"])) for hand in hands)
    assert sides == [("call", "None")] * 2 + [("call", "left"), ("no_gesture", "right")]


def _rows(prepared: Prepared) -> list[dict[str, Any]]:
    return [prepared.hands.read(place)[1] for place in range(len(prepared.hands))]


@pytest.mark.parametrize(("classes", "count"), [("ours", 1), ("all", 2)])
def test_hagrid_v2_keeps_or_leaves_its_own_gestures(
    tmp_path: Path, classes: str, count: int
) -> None:
    """Gestures beyond ours are left out of the hands, or become classes; frames keep them."""
    data = tmp_path / "data"
    for gesture in ("palm", "grip"):
        for split in ("train", "val", "test"):
            _annotate(
                data / "annotations" / split / f"{gesture}.json",
                {f"{gesture}-{split}": _entry(gesture, split)},
            )
            _image(data / "hagridv2_512" / gesture / f"{gesture}-{split}.jpg")
    cache = _prepare(data, "--classes", classes)
    for split in ("train", "val", "test"):
        prepared = open_prepared([cache], split)
        assert (len(prepared.hands), len(prepared.frames)) == (count, 2)
    assert ("grip" in open_prepared([cache], "train").dataset.labels) == (classes == "all")


def test_one_half_of_a_source_teaches() -> None:
    """Pictures of a halved source go to both sides, always the same way, unless the data say."""
    base = LabelledImage(Path("extra.zip"), "", HALF_BODY, "", "palm", "pseudo", ())
    images = [replace(base, member=f"palm/{number}.jpg") for number in range(200)]
    sides = Counter(map(split_of, images))
    assert sides == Counter(map(split_of, images))
    assert set(sides) == {"train", "val"}
    assert 70 < sides["val"] < 130
    assert {split_of(replace(image, split="train")) for image in images} == {"train"}
    assert {split_of(replace(image, source="hagrid")) for image in images} == {"train"}


def test_bad_input_is_counted_and_the_rest_continues(tmp_path: Path) -> None:
    """Each kind of damage is named once; the whole picture is still prepared."""
    data = tmp_path / "data"
    names = ("good", "cut", "nan", "empty", "strange")
    entries = {name: _entry("palm", name) for name in (*names, "missing")}
    entries["nan"]["bboxes"] = [[float("nan"), 0, 1, 1]]
    entries["empty"]["bboxes"] = [[0.5, 0.5, 0, 0.1]]
    entries["strange"]["labels"] = ["wave"]
    for name in (*names, "alone"):
        _image(data / "palm" / f"{name}.jpg")
    cut = data / "palm" / "cut.jpg"
    cut.write_bytes(cut.read_bytes()[:2000])
    _annotate(data / "train" / "palm.json", entries)
    (data / "val").mkdir()
    (data / "val" / "palm.json").write_text('{"a": {"bboxes"')
    _annotate(data / "train" / "rock.json", {"good": _entry("rock", "good")})
    cache = _prepare(data)
    skipped = [json.loads(line) for line in (cache / "skipped.jsonl").read_text().splitlines()]
    assert sorted(row["reason"] for row in skipped) == sorted(
        [
            *(BAD_BOX, BROKEN_JSON, EMPTY_BOX, NO_ANNOTATION, NO_IMAGE, NOT_WHOLE, TWICE),
            UNKNOWN_LABEL,
        ]
    )
    assert [row["picture"] for row in _rows(open_prepared([cache], "train"))] == [
        "data/palm/good.jpg"
    ]


def test_a_stopped_prepare_continues(tmp_path: Path) -> None:
    """Only the jobs without a report are done again; other options are refused."""
    (tmp_path / "data").mkdir()
    write_archive(tmp_path / "data" / "tiny.zip")
    cache = _prepare(tmp_path / "data")
    before = {path.name: path.stat().st_mtime_ns for path in (cache / "train").glob("*.tar")}
    (cache / "dataset.json").unlink()
    (cache / "plan" / "train-00003.done.json").unlink()
    (cache / "train" / "hands-00003.tar").unlink()
    _prepare(tmp_path / "data")
    after = {path.name: path.stat().st_mtime_ns for path in (cache / "train").glob("*.tar")}
    changed = {name for name in before if before[name] != after[name]}
    assert "hands-00003.tar" in changed
    assert all("00003" in name for name in changed)
    with pytest.raises(TrainingError, match="hand size"):
        _prepare(tmp_path / "data", "--hand", "224")


def test_killed_prepare_ends_with_the_same_samples(tmp_path: Path) -> None:
    """SIGKILL in the middle, then the same command: every shard as if nothing had happened."""
    (tmp_path / "data").mkdir()
    write_archive(tmp_path / "data" / "tiny.zip", images=240)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    command = [sys.executable, "-m", "training", "prepare", "--data", str(tmp_path / "data")]
    subprocess.run([*command, "--out", str(whole)], check=True, capture_output=True)
    killed = subprocess.Popen(
        [*command, "--out", str(parts)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    while not list((parts / "plan").glob("*.done.json")) and killed.poll() is None:
        time.sleep(0.005)
    os.killpg(killed.pid, signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert not (parts / "dataset.json").exists()
    subprocess.run([*command, "--out", str(parts)], check=True, capture_output=True)
    shards = [path.relative_to(whole) for path in whole.rglob("*.tar")]
    assert len(shards) > 8
    assert all((whole / path).read_bytes() == (parts / path).read_bytes() for path in shards)
    assert sorted(shards) == sorted(path.relative_to(parts) for path in parts.rglob("*.tar"))


def test_the_detector_detects_the_hands_of_own_photos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photos from the demo clip become hands of their folder's class, wherever it is run."""
    monkeypatch.chdir(tmp_path)
    clip = open_film(next((Path(vcam.__file__).parent / "camera").glob("*.mp4")))
    (tmp_path / "data" / "wave").mkdir(parents=True)
    for number in range(8):
        clip.set(cv2.CAP_PROP_POS_MSEC, 1000 + 2500 * number)
        write_image(tmp_path / "data" / "wave" / f"{number}.jpg", clip.read()[1])
    cache = _prepare(tmp_path / "data")
    prepared = [open_prepared([cache], split) for split in ("train", "val")]
    rows = [row for one in prepared for row in _rows(one)]
    assert len({row["picture"] for row in rows}) >= 5
    assert {row["gesture"] for row in rows} == {"wave"}
    assert all(0.02 < row["share"] < 0.5 for row in rows)
    assert sum(len(one.frames) for one in prepared) >= 5


def test_own_photos_say_when_no_hand_is_found(tmp_path: Path) -> None:
    """Photos without hands are counted and refused; a new folder name becomes a class."""
    for number in range(4):
        _image(tmp_path / "data" / "thumbs_sideways" / f"{number}.png")
    with pytest.raises(TrainingError, match="could be used"):
        _prepare(tmp_path / "data")
    made = json.loads((tmp_path / "cache" / "dataset.json").read_text())
    assert "thumbs_sideways" in made["labels"]
    assert made["labels"][-1] == "no_gesture"
    assert sum(made["made_with"]["skipped"].values()) == 4


def test_a_folder_that_cannot_be_a_class_is_refused(tmp_path: Path) -> None:
    """A folder's name must be a class name, and an empty folder is no data."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="holds no data"):
        _prepare(tmp_path / "empty")
    _image(tmp_path / "data" / "Thumb Up" / "1.png")
    with pytest.raises(TrainingError, match="cannot name a gesture"):
        _prepare(tmp_path / "data")
