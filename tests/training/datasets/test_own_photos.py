"""Photos as phones write them, and which of the hands in them shows the gesture."""

from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
from PIL import ExifTags

from tests.training.rigs.drawn_hands import write_folder
from training.__main__ import main
from training.datasets.annotations import (
    TO_BE_FOUND,
    HandLabel,
    LabelledImage,
    is_whole,
    unheard,
)
from training.datasets.auto_label import Finder
from training.datasets.dataset import open_prepared
from training.datasets.formats.image_folder import OwnFolder
from training.datasets.hand_canvas import hand_canvas
from training.datasets.shards import Dataset
from vcam.core.hand import Detection


def _jpeg(*options: int) -> bytes:
    image = np.random.default_rng(0).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    return bytes(cv2.imencode(".jpg", image, list(options))[1].tobytes())


@pytest.mark.parametrize(
    "options",
    [(), (cv2.IMWRITE_JPEG_PROGRESSIVE, 1), (cv2.IMWRITE_JPEG_RST_INTERVAL, 4)],
)
@pytest.mark.parametrize("seed", range(4))
def test_a_motion_photo_is_whole(options: tuple[int, ...], seed: int) -> None:
    """Whatever a phone appends to a JPEG, markers among it, the picture is whole; cut it is not."""
    data = _jpeg(*options)
    film = np.random.default_rng(seed).bytes(200_000) + b"\xff\xda" + bytes(100)
    assert is_whole(data)
    assert is_whole(data + film)
    for share in (0.1, 0.5, 0.9):
        assert not is_whole(data[: int(share * len(data))])
    assert not is_whole(data[:-2])


class _Found(Finder):
    """A detector that takes a bed for a large and doubtful hand."""

    def __init__(self) -> None:
        pass

    def detect(self, image: np.ndarray, min_score: float = 0.4) -> list[Detection]:
        return [Detection((0, 0, 90, 90), 0.5), Detection((50, 50, 70, 70), 0.9)]


@pytest.mark.parametrize(
    ("folder", "names"), [("vulcan", ["unknown", "vulcan"]), ("no_gesture", ["no_gesture"] * 2)]
)
def test_the_likeliest_hand_shows_the_gesture(folder: str, names: list[str]) -> None:
    """A large doubtful box does not; in a folder of no gesture every hand shows none."""
    photo = LabelledImage(Path(), f"{folder}/1.jpg", "own", "", folder, TO_BE_FOUND, ())
    labelled = _Found().label(photo, np.zeros((100, 100, 3), np.uint8))
    assert [hand.gesture for hand in labelled.hands] == names


@pytest.mark.parametrize("length", [20, 40, 90])
def test_a_canvas_is_cut_to_the_half_pixel(length: int) -> None:
    """The middle of a hand is the middle of its canvas, however much it is enlarged."""
    image = np.zeros((300, 300, 3), np.uint8)
    left, top = 100, 140
    image[top : top + length, left : left + length] = 255
    hand = HandLabel((left / 300, top / 300, length / 300, length / 300), "palm", None, 0.0)
    bgr = hand_canvas(image, hand, 448).bgr[..., 0].astype(float)
    across = (bgr.sum(0) * np.arange(448)).sum() / bgr.sum()
    assert across == pytest.approx(223.5, abs=0.3)


def test_the_order_of_prepared_folders_does_not_matter(tmp_path: Path) -> None:
    """The folder that knows most classes says which there are."""
    many, few = write_folder(tmp_path / "many"), write_folder(tmp_path / "few")
    Dataset(("palm", "vulcan", "wave", "no_gesture"), 64, 96).write(many)
    for order in ([many, few], [few, many]):
        assert "wave" in open_prepared(order, "train").hands.labels


def test_preview_writes_augmented_crops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sheet holds as many crops as were asked for, and is another with another seed."""
    cache, out = write_folder(tmp_path / "cache"), tmp_path / "sheet.jpg"
    command = ["preview", "--cache", str(cache), "--out", str(out), "--count", "12"]
    assert main(command) == 0
    first = out.read_bytes()
    sheet = cv2.imdecode(np.frombuffer(first, np.uint8), cv2.IMREAD_COLOR)
    assert sheet is not None
    assert sheet.shape[1] >= 8 * 96
    assert main([*command, "--seed", "7"]) == 0
    assert out.read_bytes() != first
    assert "12 crops" in capsys.readouterr().out


def test_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command, and with --help, each has a line, and that is no mistake."""
    for argv in ([], ["--help"]):
        assert main(argv) == 0
        lines = capsys.readouterr().out.splitlines()
        for name in ("prepare", "preview", "hard-negatives", "quantize"):
            assert any(line.split()[:1] == [name] and len(line) > 30 for line in lines)
    assert main(["teach"]) == 2
    assert "no command 'teach'" in capsys.readouterr().err


def _photo(path: Path, taken: str | None, shade: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = PIL.Image.Exif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    PIL.Image.new("RGB", (32, 24), (shade, 255 - shade, shade // 2)).save(path, exif=exif)


def _split(folder: Path) -> dict[str, str]:
    source = OwnFolder.detect(folder)
    assert source
    return {Path(one.member).stem: one.split for one in source.images(unheard)}


def test_bursts_stay_on_one_side(tmp_path: Path) -> None:
    """Of ten bursts of five photos, each is whole in train or in val, and a fifth validates."""
    for burst in range(10):
        for number in range(5):
            taken = f"2026:05:01 12:{burst:02}:{2 * number:02}"
            _photo(tmp_path / "vulcan" / f"{burst}-{number}.jpg", taken, 20 * burst + number)
    split = _split(tmp_path)
    sides = {burst: {split[f"{burst}-{n}"] for n in range(5)} for burst in range(10)}
    assert all(len(side) == 1 for side in sides.values())
    assert sorted(split.values()).count("val") == 10


def test_photos_without_a_time_are_split_one_by_one(tmp_path: Path) -> None:
    """Neither photos without EXIF nor one single burst empties a side."""
    for number in range(10):
        _photo(tmp_path / "a" / "vulcan" / f"{number}.jpg", None, 9 * number)
        _photo(tmp_path / "b" / "vulcan" / f"{number}.jpg", "2026:05:01 12:00:00", 9 * number)
    for folder in ("a", "b"):
        assert list(_split(tmp_path / folder).values()).count("val") == 2
