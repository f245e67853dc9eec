"""Which cameras this machine has."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from vcam.camera import mac_devices, windows_devices
from vcam.system import v4l2

_VIRTUAL_WORDS = ("virtual", "obs", "unity video", "snap camera", v4l2.OUR_LABEL.lower())
_FED_BY_US = ("obs virtual camera", "unity video capture")
"""How names begin of the virtual cameras that carry our own picture on Windows and macOS."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """One camera that can be chosen by index, name, path or unique id."""

    index: int
    name: str
    path: str | None
    """Device path; None where the system has none."""
    virtual: bool
    """Another program's picture, not a lens."""
    unique_id: str | None = None
    """What the system calls the device, wherever it is plugged in next; None on Linux."""

    @property
    def ours(self) -> bool:
        """Whether it may show what this program sends: never a camera to start with."""
        return self.name.casefold().startswith(_FED_BY_US)


def list_cameras() -> list[CameraInfo]:
    """Return the cameras by index; empty when there are none or the system does not tell.

    On Linux these are the devices that give pictures now. Elsewhere they come from the interface
    that OpenCV opens them through, so that an index is the same camera here and there.
    """
    if sys.platform == "linux":
        return _from_devices(v4l2.list_devices())
    if sys.platform == "darwin":
        found = enumerate(mac_devices.list_devices())
        return [_camera(index, name, unique_id) for index, (unique_id, name) in found]
    if sys.platform == "win32":
        return [_camera(d.index, d.name, d.path or None) for d in windows_devices.list_devices()]
    return []


def _from_devices(devices: Sequence[v4l2.VideoDevice]) -> list[CameraInfo]:
    return [CameraInfo(d.index, d.name, d.path, d.virtual) for d in devices if d.captures]


def _camera(index: int, name: str, unique_id: str | None) -> CameraInfo:
    virtual = any(word in name.casefold() for word in _VIRTUAL_WORDS)
    return CameraInfo(index, name, None, virtual, unique_id)
