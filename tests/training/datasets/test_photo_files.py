"""Photos as they come from phones, old disks and zips."""

import os
import sys
from pathlib import Path

import numpy as np
import pillow_heif
import pytest

from training.datasets.annotations import ImageReader
from training.datasets.formats.image_folder import UNREADABLE, OwnFolder
from training.datasets.shard_job import _seed
from vcam.system.image_files import write_image

GREY = np.full((48, 64, 3), 90, np.uint8)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Return a folder with a class of HEIC pictures alone, and one of JPEG."""
    for name in ("vulcan", "no_gesture"):
        (tmp_path / name).mkdir()
    heic = pillow_heif.from_bytes("BGR", (64, 48), GREY.tobytes())
    heic.save(tmp_path / "vulcan" / "IMG_1.HEIC")
    write_image(tmp_path / "no_gesture" / "1.jpg", GREY)
    (tmp_path / "no_gesture" / "._1.jpg").write_bytes(b"Mac")
    return tmp_path


def test_a_class_of_heic_alone_is_read(photos: Path) -> None:
    """A gesture that was photographed with an iPhone does not vanish."""
    source = OwnFolder.detect(photos)
    assert source
    skipped: list[tuple[str, str]] = []
    found = {each.gesture: each for each in source.images(lambda *case: skipped.append(case))}
    assert set(found) == {"vulcan", "no_gesture"}
    image = ImageReader().read(found["vulcan"])
    assert image is not None
    assert image.shape == (48, 64, 3)
    assert skipped == []


def test_without_the_package_it_is_named(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where HEIC cannot be read, each picture is reported with what to do."""
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    source = OwnFolder.detect(photos)
    assert source
    skipped: list[tuple[str, str]] = []
    found = [each.gesture for each in source.images(lambda *case: skipped.append(case))]
    assert found == ["no_gesture"]
    assert skipped == [(UNREADABLE, str(photos / "vulcan" / "IMG_1.HEIC"))]


@pytest.mark.skipif(sys.platform != "linux", reason="others allow only UTF-8")
def test_names_that_are_not_utf8(photos: Path) -> None:
    """A photo whose name is no text is read like others, and can be drawn lots for."""
    name = os.fsdecode(b"caf\xe9.jpg")
    (photos / "no_gesture" / "1.jpg").rename(photos / "no_gesture" / name)
    source = OwnFolder.detect(photos)
    assert source
    (found,) = [each for each in source.images(lambda *_: None) if each.gesture == "no_gesture"]
    assert found.member.endswith(name)
    assert ImageReader().read(found) is not None
    assert _seed(found.member) != _seed("cafe.jpg")
