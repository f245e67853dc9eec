"""The `[camera]` section."""

from dataclasses import dataclass

from vcam.core.setting import Number, Whole, setting


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Which camera to open, and how."""

    device: str = setting(
        "0",
        "device",
        "Which camera",
        "Index, name (see `vcam cameras`), device path, video file, folder of pictures, or `demo`.",
    )
    width: int = setting(1280, Whole(16, 7680), "Width of the picture (pixels)")
    height: int = setting(720, Whole(16, 4320), "Height of the picture (pixels)")
    fps: float = setting(30.0, Number(1, 240), "Pictures a second")
    rest: bool = setting(
        True,
        "flag",
        "Switch my camera off while nobody looks (Linux)",
        "That is: while no app, window, recording or page of the panel shows it.",
    )
    mirrored: bool = setting(
        False,
        "flag",
        "My camera gives a mirror image",
        "Some phone apps do. It tells left hands from right ones.",
    )
