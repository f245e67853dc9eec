"""Pictures and films below folders with any letters."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.fakes.camera import make_frames
from vcam.system.image_files import create_film, open_film, read_image, write_image

NAMES = ["plain", "Jürgen Müller", "Žofie", "日本語", "emoji 🖐"]
IMAGE = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)


@pytest.fixture(params=NAMES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = tmp_path / str(request.param)
    made.mkdir()
    return made


def test_an_image_comes_back_as_it_was_written(folder: Path) -> None:
    """What is written as PNG is read back exactly, and no part of a file stays beside it."""
    write_image(folder / "bild.png", IMAGE)
    read = read_image(folder / "bild.png")
    assert read is not None
    assert np.array_equal(read, IMAGE)
    assert [path.name for path in folder.iterdir()] == ["bild.png"]


def test_a_film_comes_back_with_all_its_frames(folder: Path) -> None:
    """A film is written and read through FFmpeg, whatever its folder is called."""
    writer = create_film(folder / "film.mp4", (64, 48), 25)
    assert writer.isOpened()
    for frame in make_frames(5, size=(64, 48)):
        writer.write(frame.image)
    writer.release()
    reader = open_film(folder / "film.mp4")
    assert sum(1 for _ in iter(reader.grab, False)) == 5
    reader.release()


@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_no_image_is_none(content: bytes | None, folder: Path) -> None:
    """An empty file, another kind of file and a missing one are no pictures."""
    path = folder / "bild.png"
    if content is not None:
        path.write_bytes(content)
    assert read_image(path) is None
    assert not open_film(path).grab()


def test_an_older_image_survives_what_cannot_be_written(folder: Path) -> None:
    """A picture that cannot be encoded leaves the file of that name as it was."""
    path = folder / "bild.png"
    write_image(path, IMAGE)
    with pytest.raises(ValueError, match="bild"):
        write_image(path, np.zeros((0, 0, 3), np.uint8))
    assert read_image(path) is not None
    with pytest.raises(ValueError, match=r"bild\.nothing"):
        write_image(path.with_suffix(".nothing"), IMAGE)
    with pytest.raises(OSError, match="missing"):
        write_image(folder / "missing" / "bild.png", IMAGE)


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows reads paths in a code page")
def test_opencv_alone_cannot_do_it(tmp_path: Path) -> None:
    """The reason for this module still stands: OpenCV itself fails below a non-ASCII folder."""
    folder = tmp_path / "日本語"
    folder.mkdir()
    write_image(folder / "bild.png", IMAGE)
    assert cv2.imread(str(folder / "bild.png")) is None  # noqa: TID251  # that is the question
