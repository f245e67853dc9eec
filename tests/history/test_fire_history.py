"""What fired is kept for a person who looks back, and false alarms become lessons."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.__main__ import main as training
from training.datasets.dataset import open_prepared
from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.labels import NO_GESTURE
from vcam.errors import OutputError
from vcam.history.fire_history import (
    MAX_FIRES,
    FireHistory,
    RememberedFire,
    around,
    mark_wrong,
    read_fires,
    write_fire,
)

FIRE = Event(2.5, "fire", "stop", "left", 7, "mic.mute", (100.0, 60.0, 180.0, 160.0))


def _image() -> Image:
    return np.random.default_rng(0).integers(0, 255, (240, 320, 3)).astype(np.uint8)


def _log(folder: Path, reported: list[str] | None = None, *, on: bool = True) -> FireHistory:
    image = _image()
    log = FireHistory(folder, lambda: image, lambda: {"stop": 0.71}, (reported or []).append)
    log.apply_settings(remember=on)
    return log


def _fired(number: str, gesture: str = "stop") -> RememberedFire:
    return RememberedFire(
        number, 1.0, 2.5, gesture, "left", "mic.mute", 0.7, (0.25, 0.25, 0.5, 0.5)
    )


def test_a_fire_is_kept_with_its_hand(tmp_path: Path) -> None:
    """Gesture, action and threshold stand beside a small picture; nobody else can read either."""
    folder = tmp_path / "fired"
    log = _log(folder)
    for event in (replace(FIRE, phase="begin"), FIRE, replace(FIRE, phase="end")):
        log.hear(event)
    log.close()
    (kept,) = read_fires(folder)
    assert (kept.gesture, kept.hand, kept.action, kept.least) == ("stop", "left", "mic.mute", 0.71)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert len(list(folder.glob("*.jpg"))) == 1


def test_nothing_is_kept_unless_asked_for(tmp_path: Path) -> None:
    """Switched off, not even the folder is made."""
    log = _log(tmp_path / "fired", on=False)
    log.hear(FIRE)
    log.close()
    assert not (tmp_path / "fired").exists()


def test_the_oldest_go_first(tmp_path: Path) -> None:
    """There are never more than so many."""
    for number in range(MAX_FIRES + 3):
        write_fire(tmp_path, _fired(f"{1000 + number}-1"), _image())
    kept = read_fires(tmp_path)
    assert len(kept) == MAX_FIRES
    assert kept[0].number == f"{1000 + MAX_FIRES + 2}-1"
    assert len(list(tmp_path.glob("*.jpg"))) == MAX_FIRES


def test_a_hand_at_the_edge() -> None:
    """The picture ends where the camera's does; the box stays on the hand."""
    part, (x, y, w, h) = around(_image(), (0.0, 200.0, 60.0, 240.0))
    assert part.shape == (80, 90, 3)
    assert (x * 90, y * 80, w * 90, h * 80) == pytest.approx((0, 40, 60, 40))


def test_a_damaged_entry_is_passed_over(tmp_path: Path) -> None:
    """Half a file does not hide the others."""
    write_fire(tmp_path, _fired("1000-1"), _image())
    (tmp_path / "2000-1.json").write_text('{"number": "20')
    (tmp_path / "3000-1.json").write_text("[]")
    assert [fired.number for fired in read_fires(tmp_path)] == ["1000-1"]


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """The person hears of it once, and nothing else happens."""
    (tmp_path / "fired").write_text("a file")
    reported: list[str] = []
    log = FireHistory(tmp_path / "fired", _image, dict, reported.append)
    log.apply_settings(remember=True)
    log.hear(FIRE)
    log.hear(FIRE)
    log.close()
    assert len(reported) == 1
    assert reported[0].startswith("What fires is not remembered")


def test_a_false_alarm_teaches(tmp_path: Path) -> None:
    """`prepare` reads what was marked as a hand that shows nothing."""
    folder = tmp_path / "fired"
    for number in range(4):
        write_fire(folder, _fired(f"{1000 + number}-1"), _image())
    for fired in read_fires(folder):
        assert mark_wrong(folder, fired).exists()
    assert read_fires(folder) == []
    annotations = folder / "wrong" / "ann_train_val" / "no_gesture.json"
    assert stat.S_IMODE(annotations.stat().st_mode) == 0o600
    assert len(json.loads(annotations.read_text())) == 4
    out = tmp_path / "cache"
    assert training(["prepare", "--data", str(folder / "wrong"), "--out", str(out)]) == 0
    shown = [
        hands.labels[label]
        for hands in (open_prepared([out], split).hands for split in ("train", "val"))
        for label in hands.gesture
    ]
    assert shown == [NO_GESTURE] * 4


def test_damaged_annotations_are_put_aside(tmp_path: Path) -> None:
    """What was marked before is not lost, and marking continues."""
    annotations = tmp_path / "wrong" / "ann_train_val" / "no_gesture.json"
    annotations.parent.mkdir(parents=True)
    annotations.write_text("{half")
    write_fire(tmp_path, _fired("1000-1"), _image())
    mark_wrong(tmp_path, _fired("1000-1"))
    assert annotations.with_suffix(".damaged").read_text() == "{half"
    assert list(json.loads(annotations.read_text())) == ["1000-1"]


def test_an_image_that_is_gone(tmp_path: Path) -> None:
    """One sentence says that it cannot be kept."""
    with pytest.raises(OutputError, match="cannot be kept"):
        mark_wrong(tmp_path, _fired("1000-1"))


def test_the_panel_marks_the_very_fire(tmp_path: Path) -> None:
    """Of several fires of a gesture, the one of that moment moves."""
    log = _log(tmp_path / "fired")
    for time in (1.0, 2.0):
        log.hear(replace(FIRE, time=time, track=round(time)))
    log.close()
    log.wrong(replace(FIRE, time=1.0, track=1))
    assert [fired.t for fired in read_fires(tmp_path / "fired")] == [2.0]
