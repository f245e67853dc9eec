"""Pictures of every kind, whole and damaged."""

import os
import re
import struct
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import PIL.Image
import PIL.ImageOps
import pillow_heif
import pytest

from tests.rigs.clips import cut, write_video
from vcam.camera.image_folder import (
    ImageFolder,
    find_images,
    find_images_below,
    open_images,
    read_picture,
)
from vcam.errors import CameraError
from vcam.system.image_files import write_image

Pixels = npt.NDArray[np.integer[Any]]
BGR = np.full((6, 9, 3), (10, 120, 230), np.uint8)


def write(path: Path, pixels: Pixels) -> Path:
    write_image(path, pixels)
    return path


def noise(height: int = 40, width: int = 60) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 255, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("name", "pixels", "expected"),
    [
        ("colour.png", BGR, (10, 120, 230)),
        ("grey.png", BGR[..., 1], (120, 120, 120)),
        ("alpha.png", np.dstack([BGR, np.full((6, 9), 7, np.uint8)]), (10, 120, 230)),
        ("deep.png", BGR.astype(np.uint16) * 257, (10, 120, 230)),
        ("deep-grey.png", BGR[..., 1].astype(np.uint16) * 257, (120, 120, 120)),
        ("pixel.png", BGR[:1, :1], (10, 120, 230)),
        ("photo.bmp", BGR, (10, 120, 230)),
        ("photo.webp", BGR, (10, 120, 230)),
        ("photo.tiff", BGR, (10, 120, 230)),
        ("photo.jpg", BGR, (10, 120, 230)),
        ("ünïcode 手.png", BGR, (10, 120, 230)),
    ],
)
def test_every_kind_becomes_bgr(
    tmp_path: Path, name: str, pixels: Pixels, expected: tuple[int, int, int]
) -> None:
    """Grey, alpha, 16-bit, tiny and odd pictures all arrive as uint8 BGR with their colours."""
    image = read_picture(write(tmp_path / name, pixels))
    assert image.dtype == np.uint8
    assert image.shape == (*pixels.shape[:2], 3)
    assert np.abs(image.astype(int) - expected).max() <= 6


def test_exif_orientation_is_applied(tmp_path: Path) -> None:
    """A phone's photo that is stored lying down arrives upright."""
    jpeg = write(tmp_path / "photo.jpg", BGR).read_bytes()
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    turned = tmp_path / "turned.jpg"
    turned.write_bytes(jpeg[:2] + segment + jpeg[2:])
    assert read_picture(turned).shape == (9, 6, 3)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tiff"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_cut_off_image_is_refused(
    tmp_path: Path, suffix: str, share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    """A half-copied picture is an error that names the file, never a half-grey image."""
    path = cut(write(tmp_path / f"photo.{suffix}", noise()), share)
    with pytest.raises(CameraError, match=f"{path.name}.*cut off"):
        read_picture(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"hello" * 50, "not a picture"), (b"\x89PNG\r\n\x1a\n", "cut off")],
)
def test_a_file_that_is_no_image_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """Empty files and texts under a picture's name are refused in one sentence."""
    path = tmp_path / "photo.png"
    path.write_bytes(content)
    with pytest.raises(CameraError, match=says):
        read_picture(path)


def test_a_missing_image_and_a_folder_are_refused(tmp_path: Path) -> None:
    """A wrong path is said to be wrong."""
    with pytest.raises(CameraError, match="There is no file"):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(CameraError, match="cannot be read"):
        read_picture(tmp_path)


def test_images_come_in_natural_order(tmp_path: Path) -> None:
    """2 comes before 10, case does not matter, and other files are passed over."""
    for name in ("b10.png", "B2.png", "b1.PNG", "a.jpg"):
        write(tmp_path / name, BGR)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "folder.png").mkdir()
    assert [p.name for p in find_images(tmp_path)] == ["a.jpg", "b1.PNG", "B2.png", "b10.png"]


def test_other_sizes_are_fitted_into_the_first(tmp_path: Path) -> None:
    """A tall picture after a wide one is scaled into the same frame, centred on black."""
    write(tmp_path / "1.png", np.full((20, 40, 3), 255, np.uint8))
    write(tmp_path / "2.png", np.full((80, 20, 3), 255, np.uint8))
    camera = open_images(tmp_path, fps=10)
    first, second = camera.read(), camera.read()
    assert first is not None
    assert second is not None
    assert (camera.size, first.time, second.time) == ((40, 20), 0.0, 0.1)
    assert second.image.shape == (20, 40, 3)
    assert second.image[:, 18:22].min() == 255
    assert second.image[:, :15].max() == 0
    assert camera.read() is None


def test_unreadable_images_are_skipped_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One damaged file costs one warning, not the run; times stay even."""
    (tmp_path / "1.png").write_bytes(b"")
    write(tmp_path / "2.png", BGR)
    (tmp_path / "3.png").write_bytes(b"text")
    write(tmp_path / "4.png", BGR)
    camera = open_images(tmp_path, fps=4)
    times = [frame.time for frame in iter(camera.read, None) if frame is not None]
    assert times == [0.0, 0.25]
    assert [r.levelname for r in caplog.records] == ["WARNING", "WARNING"]
    assert "1.png is empty" in caplog.text


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    """An empty folder, and one with only damaged pictures, are errors with a remedy."""
    with pytest.raises(CameraError, match="holds no pictures"):
        open_images(tmp_path, fps=10)
    (tmp_path / "1.png").write_bytes(b"text")
    with pytest.raises(CameraError, match="None of the pictures"):
        open_images(tmp_path, fps=10)


def test_closing_ends_the_images(tmp_path: Path) -> None:
    """After close nothing more is given."""
    camera = ImageFolder([write(tmp_path / "1.png", BGR)], fps=10)
    camera.close()
    assert camera.read() is None


def with_thumbnail(jpeg: bytes) -> bytes:
    """Return a photo as phones take it: with a small one, end mark and all, in its EXIF data."""
    small = cv2.imencode(".jpg", noise(16, 16))[1].tobytes()
    exif = b"Exif\0\0II*\0" + struct.pack("<IHI", 8, 0, 0) + small
    header = b"\xff\xe1" + struct.pack(">H", len(exif) + 2)
    return jpeg[:2] + header + exif + jpeg[2:]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.95, 1.0])
def test_a_thumbnail_is_not_taken_for_the_photo(tmp_path: Path, share: float) -> None:
    """Half a photo is cut off even when the thumbnail in it is whole; a whole one is not."""
    data = with_thumbnail(cv2.imencode(".jpg", noise(200, 200))[1].tobytes())
    path = tmp_path / "photo.jpg"
    path.write_bytes(data[: int(len(data) * share)])
    if share == 1.0:
        assert read_picture(path).shape == (200, 200, 3)
    else:
        with pytest.raises(CameraError, match="cut off"):
            read_picture(path)


def test_phone_photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HEIC is read, also under another name; without its package it is named, not passed over."""
    path = tmp_path / "IMG_1.HEIC"
    pillow_heif.from_bytes("BGR", (64, 48), bytes([10, 120, 230]) * 64 * 48).save(path)
    image = read_picture(path)
    assert image.shape == (48, 64, 3)
    assert np.abs(image.astype(int) - (10, 120, 230)).max() < 12
    assert find_images(tmp_path) == [path]
    renamed = path.rename(tmp_path / "IMG_1.jpg")
    assert read_picture(renamed).shape == (48, 64, 3)
    shorter = cut(renamed, 0.7)
    with pytest.raises(CameraError, match="cut off"):
        read_picture(shorter)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(CameraError, match="HEIC picture: run `pip install pillow-heif`"):
        read_picture(renamed)


def test_what_systems_put_beside_images_is_left_out(tmp_path: Path) -> None:
    """A Mac's `._` files and a NAS's thumbnails are no pictures of the person's."""
    for place in ("a.jpg", "._a.jpg", "@eaDir/a.jpg/thumb.jpg", ".hidden/b.png", "in/c.JFIF"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    names = [path.relative_to(tmp_path).as_posix() for path in find_images_below(tmp_path)]
    assert names == ["a.jpg", "in/c.JFIF"]
    assert [path.name for path in find_images(tmp_path)] == ["a.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")
def test_a_pipe_is_no_image(tmp_path: Path) -> None:
    """A pipe or a device is refused at once: reading it may never end."""
    os.mkfifo(tmp_path / "pipe.jpg")
    for path in (tmp_path / "pipe.jpg", Path(os.devnull)):
        with pytest.raises(CameraError, match="pipe or a device"):
            read_picture(path)


def test_a_file_that_no_image_fills_is_not_read(tmp_path: Path) -> None:
    """Fifty gigabytes under the name of a picture are one sentence, and no full memory."""
    with (tmp_path / "disk.png").open("wb") as file:
        file.truncate(50 << 30)
    with pytest.raises(CameraError, match="too large for a picture"):
        read_picture(tmp_path / "disk.png")


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "photo.jpg"])
def test_a_film_is_named_as_one(tmp_path: Path, name: str) -> None:
    """Where pictures are wanted, a film is no damaged picture, and what plays it is said."""
    path = write_video(tmp_path / (name if name != "photo.jpg" else "a.mp4"))
    with pytest.raises(CameraError, match="is a film: `vcam run --camera"):
        read_picture(path.rename(tmp_path / name))


def test_avif_that_opencv_cannot_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole, and no other kind of picture: the person is told to save it otherwise."""
    PIL.Image.new("RGB", (64, 48)).save(tmp_path / "a.avif")
    monkeypatch.setattr(cv2, "imdecode", lambda *_: None)
    with pytest.raises(CameraError, match="is an AVIF picture, which cannot be read here"):
        read_picture(tmp_path / "a.avif")


@pytest.mark.skipif(
    re.search(r"AVIF:\s+NO", cv2.getBuildInformation()) is not None,
    reason="this OpenCV reads no AVIF",
)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_avif_is_upright(tmp_path: Path, orientation: int) -> None:
    """AVIF says in boxes of its own how it was held, and OpenCV does not look at them."""
    seen = np.zeros((48, 80, 3), np.uint8)
    seen[:24, :40], seen[24:, 40:], seen[:24, 40:] = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    exif = PIL.Image.Exif()
    exif[0x112] = orientation
    PIL.Image.fromarray(seen).save(tmp_path / "a.avif", exif=exif, quality=95)
    upright = PIL.ImageOps.exif_transpose(PIL.Image.open(tmp_path / "a.avif"))
    expected = np.asarray(upright.convert("RGB"))[..., ::-1]
    found = read_picture(tmp_path / "a.avif")
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).mean() < 8


def test_a_panorama_is_a_frame_of_a_camera_s_size(tmp_path: Path) -> None:
    """Forty million pixels in a row are made as small as the largest camera's picture."""
    write_image(tmp_path / "a.png", np.zeros((2000, 20_000, 3), np.uint8))
    folder = ImageFolder([tmp_path / "a.png"], 30)
    frame = folder.read()
    assert frame is not None
    assert (folder.size, frame.image.shape) == ((7680, 768), (768, 7680, 3))
