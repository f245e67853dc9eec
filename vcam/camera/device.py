"""A camera that is plugged in, read through OpenCV."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2

from vcam.camera import mac_devices, windows_devices, windows_privacy
from vcam.camera.pixels import to_bgr
from vcam.camera.settings import CameraSettings
from vcam.core.frame import Frame, Image
from vcam.core.texts import _
from vcam.errors import CameraError
from vcam.system import v4l2
from vcam.system.clock import Clock, SystemClock

log = logging.getLogger(__name__)

_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_MSMF, "darwin": cv2.CAP_AVFOUNDATION}
_RAW_PIXELS = 640 * 480
"""Up to this many, USB 2 carries uncompressed pictures at 30 frames a second; above, MJPG."""
_OPENING_SECONDS = 3.0
"""Cameras may give nothing at first: macOS while it asks, others while they warm up."""
_HICCUP_READS, _HICCUP_SECONDS = 3, 1.0
"""A broken USB packet spoils one read and returns at once; a camera that is gone keeps doing so."""
_MAX_FPS = 240.0


class DeviceCamera:
    """A camera device. `Frame.time` is the moment that `read` got the picture.

    Frames have the size of the first one, which may differ from what the settings ask for: a
    camera gives what it can. On macOS the first one must be opened on the main thread, where the
    system asks for permission.
    """

    live = True

    def __init__(
        self, source: int | str, settings: CameraSettings, clock: Clock | None = None
    ) -> None:
        """Open an index or a device path. Raises `CameraError` when it gives no picture."""
        self._name = f"camera {source}" if isinstance(source, int) else source
        self._clock = clock or SystemClock()
        self._given = 0
        first = self._open_first_way(source, settings)
        self.size = (first.shape[1], first.shape[0])
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 0 < fps <= _MAX_FPS else settings.fps

    def _open_first_way(self, source: int | str, settings: CameraSettings) -> Image:
        """Return the first picture, by the first interface that gives one."""
        for backend, place in _ways(source):
            self._capture = _open_capture(place, backend, settings)
            try:
                first = self._first_image() if self._capture.isOpened() else None
            except BaseException:
                self.close()
                raise
            if first is not None:
                return first
            self.close()
        raise CameraError(explain_failure(source))

    def _first_image(self) -> Image | None:
        """Wait for the camera to wake up. The picture only tells the size: it is stale soon."""
        end = self._clock.now() + _OPENING_SECONDS
        while (image := self._grab()) is None and self._clock.now() < end:
            self._clock.sleep(0.05)
        return image

    def _grab(self) -> Image | None:
        try:
            ok, pixels = self._capture.read()
            return to_bgr(pixels) if ok else None
        except (cv2.error, ValueError) as error:
            log.debug("%s: %s", self._name, error)
            return None

    def read(self) -> Frame | None:
        """Wait for the next picture. Raises `CameraError` when the camera is gone or changed."""
        image = self._grab_patiently()
        if image is None:
            raise CameraError(
                _("{name} gives no more pictures: is it still plugged in?").format(name=self._name)
            )
        if (image.shape[1], image.shape[0]) != self.size:
            raise CameraError(
                _("{name} changed its picture size: it is being opened again.").format(
                    name=self._name
                )
            )
        frame = Frame(image, self._clock.now(), self._given)
        self._given += 1
        return frame

    def _grab_patiently(self) -> Image | None:
        end = self._clock.now() + _HICCUP_SECONDS
        for _attempt in range(_HICCUP_READS):
            image = self._grab()
            if image is not None or self._clock.now() > end:
                return image
        return None

    def close(self) -> None:
        """Give the device back."""
        self._capture.release()


def _ways(source: int | str) -> Iterator[tuple[int, int | str]]:
    """Give OpenCV's interfaces to try in turn, each with the place of the camera in it.

    On Windows some drivers fail in Media Foundation and work in DirectShow, which counts in an
    order of its own.
    """
    if sys.platform != "win32" or isinstance(source, str):
        yield _BACKENDS.get(sys.platform, cv2.CAP_ANY), source
    elif source >= windows_devices.DIRECT_SHOW_INDEX:
        yield cv2.CAP_DSHOW, source - windows_devices.DIRECT_SHOW_INDEX
    else:
        yield cv2.CAP_MSMF, source
        twin = windows_devices.direct_show_twin(source)
        if twin is not None:
            log.info("Camera %d gives nothing through Media Foundation: trying DirectShow.", source)
            yield cv2.CAP_DSHOW, twin


def _open_capture(source: int | str, backend: int, settings: CameraSettings) -> cv2.VideoCapture:
    if sys.platform == "darwin" and threading.current_thread() is not threading.main_thread():
        # Off the main thread the permission question cannot be shown; it was when we started.
        os.environ["OPENCV_AVFOUNDATION_SKIP_AUTH"] = "1"
    capture = cv2.VideoCapture()
    if isinstance(source, int):
        capture.open(source, backend)
    else:
        capture.open(source, backend)
    if capture.isOpened():
        _ask_for(capture, settings)
    return capture


def _ask_for(capture: cv2.VideoCapture, settings: CameraSettings) -> None:
    """Ask for format, size and rate, in the order in which drivers listen; they may refuse."""
    if settings.width * settings.height > _RAW_PIXELS:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
    capture.set(cv2.CAP_PROP_FPS, settings.fps)


def explain_failure(source: int | str) -> str:
    """Say in one sentence why a camera gives no picture, as far as the system knows."""
    path = f"/dev/video{source}" if isinstance(source, int) else source
    if sys.platform == "darwin":
        return _explain_on_mac(source)
    if sys.platform != "linux":
        switch = windows_privacy.switch_to_turn_on()
        if switch is not None:
            return _(
                "Camera {source} cannot be opened: switch on *{switch}* in Settings > Privacy & "
                "security > Camera."
            ).format(source=source, switch=switch)
        return _(
            "Camera {source} cannot be opened: close other programs that use it, "
            "allow desktop apps in Settings > Privacy > Camera, or choose another "
            "one from `vcam cameras`."
        ).format(source=source)
    if not Path(path).exists():
        return _(
            "There is no camera {path}: plug it in, or choose one from `vcam cameras`."
        ).format(path=path)
    if not os.access(path, os.R_OK | os.W_OK):
        return _(
            "You may not use {path}: run `sudo usermod -aG video $USER`, log out and in again."
        ).format(path=path)
    return _explain_node(path)


def _explain_on_mac(source: int | str) -> str:
    """Send nobody to a permission that is given."""
    if mac_devices.permission() == "granted":
        text = _(
            "Camera {source} cannot be opened: close other programs that use it, plug it in again, "
            "or choose another one from `vcam cameras`."
        )
    else:
        text = _(
            "Camera {source} cannot be opened: allow the terminal or app that starts this program "
            "in System Settings > Privacy & Security > Camera, or choose another one from "
            "`vcam cameras`."
        )
    return text.format(source=source)


def _explain_node(path: str) -> str:
    """Say why a device that is there and that we may open gives no picture."""
    if not v4l2.is_video_device(path):
        return _("{path} is no camera: choose one from `vcam cameras`.").format(path=path)
    holders = ", ".join(str(holder) for holder in v4l2.find_holders(path))
    if holders:
        return _(
            "{path} is in use by {holders}: close that program, or choose another camera."
        ).format(path=path, holders=holders)
    described = next((d for d in v4l2.list_devices() if d.path == path), None)
    if described and not described.captures:
        return _without_frames(described)
    return _(
        "{path} gives no pictures: plug it in again, or choose another one from `vcam cameras`."
    ).format(path=path)


def _without_frames(device: v4l2.VideoDevice) -> str:
    """Say why a device that takes part in video is no camera at this moment."""
    text = _(
        "{path} ({name}) belongs to a camera but gives no pictures itself: choose one from "
        "`vcam cameras`."
    )
    if device.virtual:
        text = _(
            "{path} ({name}) is a virtual camera that no program feeds: choose the real one from "
            "`vcam cameras`."
        )
    return text.format(path=device.path, name=device.name)
