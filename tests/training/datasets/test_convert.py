"""Labelled pictures go out as COCO and YOLO, and come in again as they were."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml

from tests.training.rigs.tiny import write_archive
from training.__main__ import main
from training.datasets.annotations import unheard
from training.datasets.formats.registry import recognise


def _hands(folder: Path) -> list[tuple[str, str, tuple[float, ...]]]:
    """Return split, gesture and box of every hand, in a fixed order."""
    return sorted(
        (image.split, hand.gesture, hand.box_xywh)
        for image in recognise(folder).images(unheard)
        for hand in image.hands
    )


@pytest.mark.parametrize("to", ["coco", "yolo"])
def test_out_and_in_again(tmp_path: Path, to: str) -> None:
    """Our own reader finds the same hands in the same splits; a second run changes nothing."""
    (tmp_path / "data").mkdir()
    write_archive(tmp_path / "data" / "tiny.zip")
    run = ["convert", "--data", str(tmp_path / "data"), "--to", to, "--out", str(tmp_path / "out")]
    assert main(run) == 0
    for theirs, ours in zip(_hands(tmp_path / "out"), _hands(tmp_path / "data"), strict=True):
        assert theirs[:2] == ours[:2]
        assert theirs[2] == pytest.approx(ours[2], abs=1e-4)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jpg")}
    assert main(run) == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jpg")} == files


def test_what_other_tools_read(tmp_path: Path) -> None:
    """COCO's boxes are pixels and keep the leading hand; YOLO's paths lead to the pictures."""
    (tmp_path / "data").mkdir()
    write_archive(tmp_path / "data" / "tiny.zip")
    for to in ("coco", "yolo"):
        out = str(tmp_path / to)
        assert main(["convert", "--data", str(tmp_path / "data"), "--to", to, "--out", out]) == 0
    content = json.loads((tmp_path / "coco" / "annotations" / "instances_val.json").read_text())
    assert {one["file_name"] for one in content["images"]} == {
        path.name for path in (tmp_path / "coco" / "val").iterdir()
    }
    assert content["annotations"][0]["bbox"][2:] == [36.0, 52.0]
    assert {one["leading_hand"] for one in content["annotations"]} == {"left", "right"}
    described = yaml.safe_load((tmp_path / "yolo" / "data.yaml").read_text())
    images = sorted((Path(described["path"]) / described["train"]).iterdir())
    for image in images:
        label = tmp_path / "yolo" / "labels" / "train" / f"{image.stem}.txt"
        number, *box = label.read_text().split()
        assert image.stem.startswith(described["names"][int(number)])
        assert 0 < float(box[0]) < 1
    assert len(images) == 24


def test_a_turned_photo_is_stored_upright(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo that its EXIF turns is turned, since boxes are of the upright one."""
    image = np.zeros((40, 80, 3), np.uint8)
    image[:, :40] = (0, 0, 255)
    plain = cv2.imencode(".jpg", image)[1].tobytes()
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    exif = b"Exif\0\0" + tiff
    turned = plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:]
    (tmp_path / "data" / "palm").mkdir(parents=True)
    (tmp_path / "data" / "palm" / "a.jpg").write_bytes(turned)
    entry: dict[str, Any] = {"bboxes": [[0.1, 0.1, 0.5, 0.5]], "labels": ["palm"]}
    entry |= {"split": "train", "user_id": "x", "leading_hand": None}
    (tmp_path / "data" / "annotations").mkdir()
    (tmp_path / "data" / "annotations" / "palm.json").write_text(json.dumps({"a": entry}))
    out = tmp_path / "out"
    assert (
        main(["convert", "--data", str(tmp_path / "data"), "--to", "coco", "--out", str(out)]) == 0
    )
    (stored,) = (out / "train").iterdir()
    upright = cv2.imdecode(
        np.frombuffer(stored.read_bytes(), np.uint8),
        cv2.IMREAD_COLOR_BGR | cv2.IMREAD_IGNORE_ORIENTATION,
    )
    assert upright is not None
    assert upright.shape[:2] == (80, 40)
    (said,) = json.loads((out / "annotations" / "instances_train.json").read_text())["images"]
    assert (said["width"], said["height"]) == (40, 80)


def test_images_without_boxes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Photos whose hands nobody marked make no detection set: a sentence, and nothing written."""
    (tmp_path / "data" / "palm").mkdir(parents=True)
    image = cv2.imencode(".png", np.zeros((40, 80, 3), np.uint8))[1].tobytes()
    (tmp_path / "data" / "palm" / "a.png").write_bytes(image)
    out = tmp_path / "out"
    assert (
        main(["convert", "--data", str(tmp_path / "data"), "--to", "yolo", "--out", str(out)]) == 2
    )
    assert "no picture with marked hands" in capsys.readouterr().err
    assert not out.exists()


def test_two_images_of_one_name(tmp_path: Path) -> None:
    """Pictures of the same name in two archives stay two."""
    (tmp_path / "data").mkdir()
    for name in ("a.zip", "b.zip"):
        write_archive(tmp_path / "data" / name, 3)
    out = str(tmp_path / "out")
    assert main(["convert", "--data", str(tmp_path / "data"), "--to", "yolo", "--out", out]) == 0
    assert len(_hands(tmp_path / "out")) == 18
    assert {path.suffix for path in (tmp_path / "out" / "images").rglob("*-2.*")} == {".jpg"}
