"""Which cameras this machine has."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vcam.system import v4l2

log = logging.getLogger(__name__)

_SECONDS = 8.0
"""How long a system tool may take: PowerShell needs about two seconds to start."""
_VIRTUAL_WORDS = ("virtual", "obs", "unity video", "snap camera", v4l2.OUR_LABEL.lower())

_MACOS_TOOL = ("system_profiler", "SPCameraDataType", "-json")
_WINDOWS_TOOL = (
    "powershell",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    "ConvertTo-Json @(Get-CimInstance Win32_PnPEntity"
    " -Filter \"PNPClass='Camera' OR PNPClass='Image'\" | Select-Object Name)",
)


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """One camera that can be chosen by index, name or path."""

    index: int
    name: str
    path: str | None
    """Device path; None where the system has none."""
    virtual: bool
    """Another program's picture, not a lens."""


def list_cameras() -> list[CameraInfo]:
    """Return the cameras by index; empty when there are none or the system does not say.

    On Linux these are the devices that give pictures now. On macOS the order is OpenCV's own (by
    the device's id); on Windows it is the system's, which OpenCV mostly shares.
    """
    if sys.platform == "linux":
        return _from_devices(v4l2.list_devices())
    if sys.platform == "darwin":
        return parse_macos(_output_of(_MACOS_TOOL))
    if sys.platform == "win32":
        return parse_windows(_output_of(_WINDOWS_TOOL))
    return []


def _from_devices(devices: Sequence[v4l2.VideoDevice]) -> list[CameraInfo]:
    return [CameraInfo(d.index, d.name, d.path, d.virtual) for d in devices if d.captures]


def _output_of(command: Sequence[str]) -> str:
    """Return what a system tool prints; nothing when it is missing, fails or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands from this file
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("The system does not list its cameras: %s", error)
        return ""
    return done.stdout


def parse_macos(text: str) -> list[CameraInfo]:
    """Read the JSON of `system_profiler SPCameraDataType`."""
    entries = _json_or(text, {}).get("SPCameraDataType", [])
    entries = sorted(entries, key=lambda e: str(e.get("spcamera_unique-id", "")))
    return _numbered([str(entry.get("_name", "camera")) for entry in entries])


def parse_windows(text: str) -> list[CameraInfo]:
    """Read the JSON list, or the single object, that PowerShell prints."""
    entries = _json_or(text, [])
    entries = entries if isinstance(entries, list) else [entries]
    return _numbered([str(entry.get("Name", "camera")) for entry in entries])


def _json_or(text: str, default: Any) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return default


def _numbered(names: Sequence[str]) -> list[CameraInfo]:
    return [
        CameraInfo(i, name, None, any(word in name.lower() for word in _VIRTUAL_WORDS))
        for i, name in enumerate(names)
    ]
