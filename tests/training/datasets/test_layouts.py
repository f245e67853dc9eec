"""What a folder holds is recognised as its makers lay it out, and no annotation is lost."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.datasets.annotations import LabelledImage
from training.datasets.formats.registry import recognise
from training.errors import TrainingError
from vcam.system.image_files import write_image


def _image(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_image(path, np.random.default_rng(0).integers(0, 255, (60, 80, 3), dtype=np.uint8))


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def _entry(label: str, user: str) -> dict[str, Any]:
    return {"bboxes": [[0.25, 0.25, 0.5, 0.5]], "labels": [label], "user_id": user}


def _images(folder: Path, annotations: Path | None = None) -> list[LabelledImage]:
    skipped: list[tuple[str, str]] = []
    source = recognise(folder, annotations=annotations)
    return list(source.images(lambda reason, where: skipped.append((reason, where))))


def _hagrid(images: Path, annotations: Path) -> None:
    for gesture in ("call", "mute"):
        for split in ("train", "val", "test"):
            name = f"{gesture}-{split}"
            _write(annotations / split / f"{gesture}.json", {name: _entry(gesture, split)})
            _image(images / gesture / f"{name}.jpg")


@pytest.mark.parametrize("data", [".", "hagrid_dataset"])
def test_hagrid_as_its_readme_lays_it_out(tmp_path: Path, data: str) -> None:
    """Pictures and annotations in folders beside each other, from above or from within."""
    _hagrid(tmp_path / "hagrid_dataset", tmp_path / "hagrid_annotations")
    source = recognise(tmp_path / data)
    assert "HaGRID 2.0: 6 pictures" in source.about
    assert "no leading hand" in source.about
    found = _images(tmp_path / data)
    assert {(one.gesture, one.split, one.user) for one in found} == {
        (gesture, split, split)
        for gesture in ("call", "mute")
        for split in ("train", "val", "test")
    }


def test_annotations_elsewhere_and_linked_images(tmp_path: Path) -> None:
    """`--annotations` names a folder far away; a linked folder of pictures is followed."""
    _hagrid(tmp_path / "disk" / "pictures", tmp_path / "home" / "labels")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "call").symlink_to(tmp_path / "disk" / "pictures" / "call")
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data")
    found = _images(tmp_path / "data", tmp_path / "home" / "labels")
    assert sorted(one.member for one in found) == [
        f"call/call-{split}.jpg" for split in ("test", "train", "val")
    ]


def test_zips_as_they_are_downloaded(tmp_path: Path) -> None:
    """Neither the pictures' zips nor the annotations' need to be unpacked."""
    _hagrid(tmp_path / "raw", tmp_path / "raw" / "annotations")
    data = tmp_path / "data"
    data.mkdir()
    with zipfile.ZipFile(data / "annotations.zip", "w") as archive:
        for path in (tmp_path / "raw" / "annotations").rglob("*.json"):
            archive.write(path, path.relative_to(tmp_path / "raw"))
    with zipfile.ZipFile(data / "call.zip", "w") as archive:
        for path in (tmp_path / "raw" / "call").glob("*.jpg"):
            archive.write(path, f"call/{path.name}")
    assert {(one.gesture, one.split) for one in _images(data)} == {
        ("call", "train"),
        ("call", "val"),
        ("call", "test"),
    }


def test_an_archive_that_was_unpacked_keeps_its_labels(tmp_path: Path) -> None:
    """`<class>/<id>.jpg` with `annotations/<class>.json` is no folder of photos."""
    _image(tmp_path / "palm" / "a.jpg")
    _write(tmp_path / "annotations" / "palm.json", {"a": {**_entry("palm", "x"), "split": "val"}})
    (found,) = _images(tmp_path)
    assert (found.split, found.user, len(found.hands)) == ("val", "x", 1)


def test_class_trees_of_train_and_val(tmp_path: Path) -> None:
    """Folders that are called as splits are splits, not gestures."""
    for split in ("train", "valid"):
        for gesture in ("vulcan", "no_gesture"):
            _image(tmp_path / split / gesture / f"{split}.jpg")
    assert {(one.split, one.gesture) for one in _images(tmp_path)} == {
        (split, gesture) for split in ("train", "val") for gesture in ("vulcan", "no_gesture")
    }
    assert recognise(tmp_path).names_of("ours") == {"vulcan", "no_gesture"}


def test_a_folder_for_each_person(tmp_path: Path) -> None:
    """Folders below a gesture's name people, unless they say left or right."""
    people = ("anna", "ben", "cleo", "dan")
    for person in people:
        _image(tmp_path / "vulcan" / person / "left" / "1.jpg")
    assert {(one.user, one.split) for one in _images(tmp_path)} == {(one, "") for one in people}
    assert "4 people" in recognise(tmp_path).about


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["set/call/1.jpg", "set/mute/1.jpg"], "folders of gestures"),
        (["train/vulcan/1.jpg", "vulcan/1.jpg"], "beside"),
        (["train/1.jpg"], "without a folder for each gesture"),
        (["vulcan/1.jpg", "labels.csv"], "labels that would be lost"),
        (["vulcan/1.jpg", "vulcan/1.json"], "labels that would be lost"),
    ],
)
def test_a_guess_that_loses_labels_is_refused(tmp_path: Path, files: list[str], says: str) -> None:
    """What cannot be a folder of photos is refused in one sentence."""
    for name in files:
        if name.endswith(".jpg"):
            _image(tmp_path / name)
        else:
            _write(tmp_path / name, "a,b")
    with pytest.raises(TrainingError, match=says):
        recognise(tmp_path)


@pytest.mark.parametrize("where", ["annotations/instances_train.json", "train/_annotations.json"])
def test_coco(tmp_path: Path, where: str) -> None:
    """Boxes in pixels become parts of the picture, categories become classes."""
    _image(tmp_path / "train" / "a.jpg")
    content = {
        "images": [{"id": 7, "file_name": "a.jpg", "width": 80, "height": 60}],
        "categories": [{"id": 3, "name": "Thumbs Up"}],
        "annotations": [{"image_id": 7, "category_id": 3, "bbox": [8, 6, 40, 30]}],
    }
    _write(tmp_path / where, content)
    (found,) = _images(tmp_path)
    assert (found.split, found.gesture) == ("train", "thumbs_up")
    assert found.hands[0].box_xywh == pytest.approx((0.1, 0.1, 0.5, 0.5))
    assert "thumbs_up" in recognise(tmp_path).names_of("ours")


def test_yolo(tmp_path: Path) -> None:
    """Boxes by their centre become boxes by their corner; names come from the YAML file."""
    _image(tmp_path / "images" / "val" / "a.jpg")
    _write(tmp_path / "labels" / "val" / "a.txt", "1 0.5 0.5 0.4 0.2\n")
    with pytest.raises(TrainingError, match="names the classes"):
        recognise(tmp_path)
    _write(tmp_path / "data.yaml", "names: {0: palm, 1: vulcan}\n")
    (found,) = _images(tmp_path)
    assert (found.split, found.gesture) == ("val", "vulcan")
    assert found.hands[0].box_xywh == pytest.approx((0.3, 0.4, 0.4, 0.2))
