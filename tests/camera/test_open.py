"""What a source means."""

from pathlib import Path

import numpy as np
import pytest

from tests.rigs.clips import write_video
from vcam.camera import open as opening
from vcam.camera.check import check_camera
from vcam.camera.image_folder import ImageFolder
from vcam.camera.listing import CameraInfo
from vcam.camera.open import choose_index, choose_named, open_camera
from vcam.camera.settings import CameraSettings
from vcam.camera.video_file import VideoFile
from vcam.errors import CameraError
from vcam.system import v4l2
from vcam.system.image_files import write_image

SETTINGS = CameraSettings(fps=10)
CAMERAS = [
    CameraInfo(0, "Integrated Camera", "/dev/video0", virtual=False),
    CameraInfo(2, "Logitech BRIO", "/dev/video2", virtual=False),
    CameraInfo(4, "Logitech C920", "/dev/video4", virtual=False),
]


def node(
    index: int, name: str, *, virtual: bool = False, captures: bool = True
) -> v4l2.VideoDevice:
    return v4l2.VideoDevice(f"/dev/video{index}", index, name, virtual, captures, outputs=virtual)


def test_files_and_folders_open_as_what_they_are(tmp_path: Path) -> None:
    """A video, a picture and a folder are told apart by what lies there."""
    image = tmp_path / "one.png"
    write_image(image, np.zeros((4, 6, 3), np.uint8))
    assert isinstance(open_camera(str(image), SETTINGS), ImageFolder)
    assert isinstance(open_camera(str(tmp_path), SETTINGS), ImageFolder)
    image.write_bytes(b"")
    with pytest.raises(CameraError, match=r"one\.png is empty"):
        open_camera(str(image), SETTINGS)
    clip = write_video(tmp_path / "clip.mp4")
    assert isinstance(open_camera(f" {clip} ", SETTINGS), VideoFile)


def test_demo_is_the_bundled_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`demo` opens the clip beside the code, and says so when it is not there."""
    monkeypatch.setattr(opening, "DEMO_CLIP", tmp_path / "demo.mp4")
    with pytest.raises(CameraError, match="demo clip is not installed"):
        open_camera("demo", SETTINGS)
    write_video(tmp_path / "demo.mp4")
    assert open_camera("demo", SETTINGS).size == (64, 48)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("nowhere.mp4", "no file or folder nowhere.mp4"),
        ("no/such/folder", "no file or folder"),
        ("rtsp://example.com/x", "network address"),
        ("/dev/video99", "no camera /dev/video99"),
        ("No Such Camera", "is no camera, file or folder"),
        ("", "is no camera, file or folder"),
        ("x" * 5000, "is no camera, file or folder"),
        ("a\0b", "is no camera, file or folder"),
        ("~nobody-here/a.mp4", "no file or folder"),
        ("17", "no camera /dev/video17"),
    ],
)
def test_a_wrong_source_says_what_is_wrong(
    source: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of wrong source has its own sentence."""
    monkeypatch.setattr(opening, "list_cameras", lambda: CAMERAS)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(CameraError, match=says):
        open_camera(source, SETTINGS)


def test_a_name_is_found_whole_or_in_part() -> None:
    """The whole name wins; a part is enough where it fits one camera."""
    assert choose_named("logitech brio", CAMERAS).index == 2
    assert choose_named("c920", CAMERAS).index == 4
    with pytest.raises(CameraError, match=r"more than one.*2: Logitech BRIO, 4: Logitech C920"):
        choose_named("Logitech", CAMERAS)


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        pytest.param([node(0, "Cam")], 0, id="a plain camera"),
        pytest.param([node(0, "Cam", captures=False), node(1, "Cam")], 1, id="a node of no use"),
        pytest.param([node(0, "OBS", virtual=True), node(2, "Cam")], 2, id="real before virtual"),
        pytest.param(
            [node(0, "Gesture Cam", virtual=True), node(1, "DroidCam", virtual=True)],
            1,
            id="never our own",
        ),
    ],
)
def test_index_0_is_the_first_real_camera(
    devices: list[v4l2.VideoDevice], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default camera is a real one, then another program's, and never our own output."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "list_devices", lambda: devices)
    assert choose_index(0) == expected
    assert choose_index(3) == 3


def test_our_own_image_is_never_the_default_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual camera that this process writes into is not read back, whatever its name."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "list_devices", lambda: [node(0, "OBS", virtual=True)])
    monkeypatch.setattr(v4l2, "held_by_us", lambda path: path == "/dev/video0")
    with pytest.raises(CameraError, match="No camera was found: plug one in"):
        choose_index(0)


@pytest.mark.parametrize("source", ["100000", "9" * 20, "9" * 5000])
def test_an_index_beyond_all(source: str) -> None:
    """A number that no system and no library counts to is told as a camera that is not there."""
    with pytest.raises(CameraError, match=r"There is no camera 1000|There is no camera 9999"):
        open_camera(source)


@pytest.mark.parametrize("source", ["\u00b2", "\u0661"])
def test_digits_of_other_scripts(source: str) -> None:
    """A superior or an Arabic digit is a name, for the program and for its doctor."""
    with pytest.raises(CameraError, match="is no camera, file or folder"):
        open_camera(source)
    (found,) = check_camera(CameraSettings(device=source))
    assert found.status == "fail"
