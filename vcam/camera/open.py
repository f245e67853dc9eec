"""The one place that decides what a source is: a camera, a file, a folder, or the demo."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from vcam.camera.camera import Camera
from vcam.camera.device import DeviceCamera
from vcam.camera.image_folder import ImageFolder, open_images, read_picture
from vcam.camera.listing import CameraInfo, list_cameras
from vcam.camera.settings import CameraSettings
from vcam.camera.video_file import open_video
from vcam.core.texts import _
from vcam.core.unicode_names import composed
from vcam.errors import CameraError
from vcam.system import v4l2
from vcam.system.image_formats import IMAGE_SUFFIXES

log = logging.getLogger(__name__)

DEMO_CLIP = Path(__file__).with_name("demo.mp4")
MAX_INDEX = 99_999
"""No system counts its cameras so far; OpenCV takes no number beyond 31 bits."""
_VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mkv", ".webm", ".avi", ".mov", ".gif", ".y4m"})


def open_camera(source: str, settings: CameraSettings | None = None) -> Camera:
    """Open what `source` names: `demo`, an index, a device path, a file, a folder, or a name.

    Files are tried before names, so `./0` and `./demo` are files. Nothing is ever fetched from a
    network. Raises `CameraError` with the reason and the remedy.
    """
    source, settings = source.strip(), settings or CameraSettings()
    if source == "demo":
        return _open_demo(settings)
    index = index_of(source)
    if index is not None:
        return DeviceCamera(choose_index(index), settings)
    if source.startswith("/dev/") and not _is_content(Path(source)):
        return _open_device(source, settings)
    if source.startswith("\\\\?\\") and "#{" in source:  # what Windows calls a device
        return _open_named(source, settings)
    path = expand(source)
    if source and is_there(path):
        return _open_path(path, settings)
    if "://" in source:
        raise CameraError(
            _("{source} is a network address: only local cameras and files are read.").format(
                source=source
            )
        )
    if _is_path(path, source):
        raise CameraError(
            _("There is no file or folder {source}: check the path.").format(source=source)
        )
    return _open_named(source, settings)


def index_of(source: str) -> int | None:
    """Return the index that `source` is, None where it is none. Raises `CameraError` beyond all."""
    if not (source.isascii() and source.isdigit()):
        return None
    if len(source) > len(str(MAX_INDEX)) or int(source) > MAX_INDEX:
        raise CameraError(
            _("There is no camera {path}: plug it in, or choose one from `vcam cameras`.").format(
                path=f"{source[:12]}…"
            )
        )
    return int(source)


def expand(source: str) -> Path:
    """Return the path that `source` would be, with `~` for the home where there is one."""
    try:
        return Path(source).expanduser()
    except RuntimeError:  # ~name of nobody
        return Path(source)


def is_there(path: Path) -> bool:
    """Say whether a path exists; False for names that no file system takes."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_content(path: Path) -> bool:
    """Say whether a path below /dev, as in /dev/shm, is a file or a folder and no device."""
    return path.is_file() or path.is_dir()


def _open_demo(settings: CameraSettings) -> Camera:
    if not DEMO_CLIP.is_file():
        raise CameraError(_("The demo clip is not installed: install the package again."))
    return open_video(DEMO_CLIP, settings.fps)


def _open_path(path: Path, settings: CameraSettings) -> Camera:
    if path.is_dir():
        return open_images(path, settings.fps)
    if path.suffix.lower() in IMAGE_SUFFIXES:
        read_picture(path)  # says what is wrong with this one
        return ImageFolder([path], settings.fps)
    return open_video(path, settings.fps)


def _open_device(source: str, settings: CameraSettings) -> Camera:
    """Open a device by its path. OpenCV crashes on names that are not UTF-8; no device has one."""
    if not source.isprintable():
        raise CameraError(
            _("{source} is no camera: choose one from `vcam cameras`.").format(source=source)
        )
    return DeviceCamera(source, settings)


def _is_path(path: Path, source: str) -> bool:
    known = path.suffix.lower() in _VIDEO_SUFFIXES | IMAGE_SUFFIXES
    return known or "/" in source or "\\" in source


def _open_named(name: str, settings: CameraSettings) -> Camera:
    camera = choose_named(name, list_cameras())
    source = camera.index if camera.path is None else camera.path
    return DeviceCamera(source, settings)


def choose_named(name: str, cameras: Sequence[CameraInfo]) -> CameraInfo:
    """Return the camera of that name or unique id, or the only one whose name contains it.

    Case does not matter, nor how accents are stored. Of several with the same name the first is
    taken, and the log says so.
    """
    wanted = composed(name).casefold()
    called = {id(camera): composed(camera.name).casefold() for camera in cameras}
    exact = [c for c in cameras if wanted in (called[id(c)], (c.unique_id or c.name).casefold())]
    if len(exact) > 1:
        places = ", ".join(str(c.index) for c in exact)
        log.warning(
            "%d cameras are called %s (%s): %d is used; choose another by its index.",
            len(exact),
            exact[0].name,
            places,
            exact[0].index,
        )
    matches = exact[:1] or [c for c in cameras if wanted and wanted in called[id(c)]]
    if len(matches) == 1:
        return matches[0]
    known = ", ".join(f"{c.index}: {c.name}" for c in matches or cameras) or "none"
    problem = _("fits more than one camera") if matches else _("is no camera, file or folder")
    raise CameraError(
        _("`{name}` {problem}: choose one of the cameras found ({known}).").format(
            name=name, problem=problem, known=known
        )
    )


def choose_index(index: int) -> int:
    """Return the index to open: 0 means the first real camera.

    The system's own number 0 may be the virtual camera that we write into, or a node without
    pictures. Another program's virtual camera is taken when there is no real one; our own never
    is.
    """
    if index != 0:
        return index
    cameras = list_cameras()
    if not cameras and sys.platform != "linux":  # the system does not tell: OpenCV may know more
        return index
    best = min(
        (camera for camera in cameras if not _is_ours(camera)),
        key=lambda camera: (camera.virtual, camera.index),
        default=None,
    )
    if best is None:
        raise CameraError(
            _("No camera was found: plug one in, or take the demo clip (`--camera demo`).")
        )
    if best.index != 0:
        log.info("The first camera is %s (%s).", best.path or best.index, best.name)
    return best.index


def _is_ours(camera: CameraInfo) -> bool:
    if not camera.virtual:
        return False
    if camera.path is None:
        return camera.ours
    return camera.name == v4l2.OUR_LABEL or v4l2.held_by_us(camera.path)
