"""The cameras of Windows, numbered as OpenCV numbers them. The only file that imports the library.

Windows has two interfaces to cameras. Media Foundation is the newer one; some cameras and most
virtual ones are known to DirectShow alone. Each has its own order, and OpenCV counts by it.
"""

import logging
import threading
from dataclasses import dataclass
from typing import Any, Final

import cv2

log = logging.getLogger(__name__)

DIRECT_SHOW_INDEX: Final = int(cv2.CAP_DSHOW)
"""Added to an index of DirectShow's, as OpenCV does it; smaller ones are Media Foundation's."""

LISTING_S: Final = 8.0
"""How long a driver may take to be listed."""


@dataclass(frozen=True, slots=True)
class WindowsDevice:
    """One camera, as one interface knows it."""

    index: int
    name: str
    path: str
    """The device's interface path; empty for virtual cameras that have none."""

    @property
    def device(self) -> str:
        r"""What both interfaces call the same device: `\\?\usb#vid_046d&pid_0825#…`."""
        return self.path.rpartition("#{")[0].casefold()


def list_devices() -> list[WindowsDevice]:
    """Return the cameras of Media Foundation, then those that DirectShow alone knows."""
    modern, older = _enumerate(cv2.CAP_MSMF), _enumerate(cv2.CAP_DSHOW)
    known = {device.device for device in modern if device.device}
    names = {device.name for device in modern}
    alone = [d for d in older if (d.device not in known if d.device else d.name not in names)]
    return [
        *modern,
        *(WindowsDevice(DIRECT_SHOW_INDEX + d.index, d.name, d.path) for d in alone),
    ]


def direct_show_twin(index: int) -> int | None:
    """Return the index at DirectShow of a camera of Media Foundation's; None: it is not there."""
    wanted = next((d for d in _enumerate(cv2.CAP_MSMF) if d.index == index), None)
    if wanted is None:
        return None
    older = _enumerate(cv2.CAP_DSHOW)
    same = [d for d in older if wanted.device and d.device == wanted.device]
    same = same or [d for d in older if d.name == wanted.name]
    return same[0].index if len(same) == 1 else None


def _enumerate(backend: int) -> list[WindowsDevice]:
    """Ask one interface, on a thread of its own: a thread can serve COM in one way only.

    The caller's may be taken already, by the microphone or a camera, and the library then crashes.
    """
    found: list[WindowsDevice] = []

    def ask() -> None:
        try:
            from cv2_enumerate_cameras import enumerate_cameras

            cameras: list[Any] = enumerate_cameras(backend)
        except Exception as error:  # noqa: BLE001  # a broken driver must not end the program
            log.warning("Windows does not list its cameras: %s", error)
            return
        found.extend(
            WindowsDevice(each.index, each.name or "camera", each.path or "") for each in cameras
        )

    thread = threading.Thread(target=ask, name="camera list", daemon=True)
    thread.start()
    thread.join(LISTING_S)
    if thread.is_alive():
        log.warning("Windows does not list its cameras: no answer in %.0f seconds", LISTING_S)
    return list(found)
