"""The `[camera]` section."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Which camera to open, and how."""

    device: str = "0"
    """Index, name, device path, video file, folder of pictures, or `demo`."""
    width: int = 1280
    height: int = 720
    fps: float = 30.0
    mirrored: bool = False
    """Whether the source delivers a mirror image, as some phone apps do."""
