"""Which cameras there are, as each system tells it."""

import sys

import pytest

from tests.rigs.camera_systems import DS_INTERFACE, MF_INTERFACE, on_macos, on_windows, usb
from vcam.camera import open as opening
from vcam.camera.listing import CameraInfo, list_cameras
from vcam.camera.open import choose_index, choose_named, open_camera
from vcam.camera.windows_devices import DIRECT_SHOW_INDEX, direct_show_twin
from vcam.errors import CameraError
from vcam.system import v4l2

OBS = ("7626645E-4425-469E-9D8B-97E0FA59AC75", "OBS Virtual Camera")
FACETIME = ("EAB7A68F-EC2B-4487-AADF-D8A91C1CB782", "FaceTime HD Camera")


def test_linux_lists_what_gives_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metadata nodes and idle outputs are not cameras."""
    devices = [
        v4l2.VideoDevice("/dev/video0", 0, "Cam", virtual=False, captures=True, outputs=False),
        v4l2.VideoDevice("/dev/video1", 1, "Cam", virtual=False, captures=False, outputs=False),
        v4l2.VideoDevice("/dev/video2", 2, "OBS", virtual=True, captures=True, outputs=False),
    ]
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(v4l2, "list_devices", lambda: devices)
    assert list_cameras() == [
        CameraInfo(0, "Cam", "/dev/video0", virtual=False),
        CameraInfo(2, "OBS", "/dev/video2", virtual=True),
    ]


def test_macos_is_sorted_as_opencv_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenCV numbers all devices by their unique id, muxed ones too, so we do the same."""
    on_macos(monkeypatch, [FACETIME, OBS], muxed=(("0x1420000005ac8600", "iPhone"),))
    assert [(c.index, c.name, c.virtual) for c in list_cameras()] == [
        (0, "iPhone", False),
        (1, "OBS Virtual Camera", True),
        (2, "FaceTime HD Camera", False),
    ]


def test_on_macos_the_first_camera_is_never_our_own_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """OBS's camera has the smallest id: index 0 still means the lens, found again by its id."""
    on_macos(monkeypatch, [FACETIME, OBS])
    assert choose_index(0) == 1
    assert choose_named(FACETIME[0].lower(), list_cameras()).index == 1
    on_macos(monkeypatch, [OBS])
    with pytest.raises(CameraError, match="No camera was found"):
        choose_index(0)


@pytest.mark.parametrize("name", ["Kamera von Jürgen", "Caméra intégrée", "カメラ", "Cam 📷"])
def test_windows_names_keep_their_letters(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of any letters arrives as it is, under the index that OpenCV opens."""
    path = usb(1) + MF_INTERFACE
    on_windows(monkeypatch, [("HD Webcam", usb(0) + MF_INTERFACE), (name, path)], [])
    assert list_cameras()[1] == CameraInfo(1, name, None, virtual=False, unique_id=path)
    assert choose_named(name, list_cameras()).index == 1


def test_windows_lists_each_camera_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """DirectShow adds only what Media Foundation does not know, numbered as OpenCV takes it."""
    on_windows(
        monkeypatch,
        [("Front", usb(1) + MF_INTERFACE), ("Old driver", None)],
        [
            ("OBS Virtual Camera", None),
            ("Old driver", None),
            ("Front", usb(1).upper() + DS_INTERFACE),
        ],
    )
    assert [(c.index, c.name, c.virtual) for c in list_cameras()] == [
        (0, "Front", False),
        (1, "Old driver", False),
        (DIRECT_SHOW_INDEX, "OBS Virtual Camera", True),
    ]
    assert choose_index(0) == 0


def test_twins_are_distinguished_by_their_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two cameras of one name, the other interface's index is that of the same device."""
    front, back = ("HD Webcam", usb(1)), ("HD Webcam", usb(2))
    on_windows(
        monkeypatch,
        [(name, path + MF_INTERFACE) for name, path in (front, back)],
        [(name, path + DS_INTERFACE) for name, path in (back, front)],
    )
    assert (direct_show_twin(0), direct_show_twin(1)) == (1, 0)
    assert direct_show_twin(7) is None


def test_two_cameras_of_one_name_are_reported(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The first of equal names is opened, and the log says how to choose the other."""
    paths = [usb(1) + MF_INTERFACE, usb(2) + MF_INTERFACE]
    on_windows(monkeypatch, [("HD Webcam", path) for path in paths], [])
    assert choose_named("HD Webcam", list_cameras()).index == 0
    assert "2 cameras are called HD Webcam (0, 1)" in caplog.text
    assert choose_named(paths[1], list_cameras()).index == 1


def test_a_windows_device_path_is_a_camera_and_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The unique id that `vcam cameras` shows can be given back, although it looks like a path."""
    path = usb(2) + MF_INTERFACE
    on_windows(monkeypatch, [("HD", usb(1) + MF_INTERFACE), ("HD", path)], [])
    opened: list[int | str] = []
    monkeypatch.setattr(opening, "DeviceCamera", lambda source, _: opened.append(source))
    open_camera(path)
    assert opened == [1]


@pytest.mark.parametrize(
    ("platform", "module"), [("darwin", "AVFoundation"), ("win32", "cv2_enumerate_cameras")]
)
def test_a_missing_library_lists_nothing(
    platform: str, module: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the library the list is empty, the log says so, and an index is left to OpenCV."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setitem(sys.modules, module, None)  # what a failed import leaves
    assert list_cameras() == []
    assert module in caplog.text
    assert choose_index(0) == 0


@pytest.mark.skipif(sys.platform != "win32", reason="asks Media Foundation and DirectShow")
def test_the_real_interfaces_of_windows_answer(caplog: pytest.LogCaptureFixture) -> None:
    """Both are asked for real, and whatever they list has a name and an index of its own."""
    found = list_cameras()
    assert caplog.text == ""
    assert len({camera.index for camera in found}) == len(found)
    assert all(camera.name for camera in found)
