"""What the recipe of the programs without Python leaves out, and how its size is told."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "packaging" / "sizes.py"


@pytest.mark.parametrize(("size", "code"), [(120_000_000, 0), (120_000_001, 1)])
def test_a_download_that_is_too_large_ends_with_one(tmp_path: Path, size: int, code: int) -> None:
    """The workflow stops at a package that is larger than promised; a table says what is in it."""
    folder = tmp_path / "vcam" / "_internal"
    for name, length in (("cv2/cv2.so", 3_000_000), ("opencv_python.libs/libQt.so.5", 2_000_000)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(bytes(length))
    (tmp_path / "vcam" / "vcam").write_bytes(bytes(1_000_000))
    package = tmp_path / "vcam.deb"
    with package.open("wb") as file:
        file.truncate(size)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "vcam"), str(package)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["cv2", "5.0", "MB", "0.0", "MB"] in lines
    assert ["all", "6.0", "MB", "0.0", "MB"] in lines
    assert lines[-1][1] == f"{size:,}"


def test_the_program_opens_no_film_through_opencv() -> None:
    """The recipe leaves out what OpenCV opens films with on Windows."""
    wrapper = ROOT / "vcam" / "system" / "image_files.py"
    words = ("open_film", "create_film", "CAP_FFMPEG")
    for file in (ROOT / "vcam").rglob("*.py"):
        if file != wrapper:
            assert not any(word in file.read_text("utf-8") for word in words), file
