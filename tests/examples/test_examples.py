"""The example programs run as they stand, and the public interface is what they need."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import vcam

EXAMPLES = Path(__file__).parents[2] / "examples"


def _run(name: str, *arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the image that `draw_boxes.py` makes of the demo clip."""
    folder = tmp_path_factory.mktemp("drawn")
    _run("draw_boxes.py", "demo", "boxes.png", folder=folder)
    return folder / "boxes.png"


def test_an_image_is_recognised(drawn: Path) -> None:
    """`recognize_image.py` names the hand that `draw_boxes.py` has drawn a box around."""
    assert "stop by the right hand" in _run("recognize_image.py", str(drawn), folder=drawn.parent)


def test_a_folder_is_labelled(drawn: Path, tmp_path: Path) -> None:
    """`label_folder.py` writes a row for each hand of each image."""
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.png"):
        shutil.copy(drawn, tmp_path / "images" / name)
    _run("label_folder.py", "images", "labels.csv", folder=tmp_path)
    with (tmp_path / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["image"], row["gesture"]) for row in rows] == [("0", "stop"), ("1", "stop")]


def test_functions_are_called_by_gestures(tmp_path: Path) -> None:
    """`call_a_function.py` counts the one thumb up of the demo clip."""
    assert _run("call_a_function.py", folder=tmp_path) == "1 for, 0 against\n"


def test_fires_are_printed(drawn: Path, tmp_path: Path) -> None:
    """`print_events.py` prints what fires on a source that ends by itself."""
    clip = Path(vcam.__file__).parent / "camera" / "demo.mp4"
    assert "stop by the right hand" in _run("print_events.py", str(clip), folder=tmp_path)


def test_public_names_are_there() -> None:
    """Every name that the package promises can be imported, and others are refused."""
    assert vcam.open_recognizer is not None
    for name in vcam._PUBLIC:
        assert getattr(vcam, name) is not None
        assert name in dir(vcam)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = vcam.nothing
