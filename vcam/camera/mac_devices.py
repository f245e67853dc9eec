"""The cameras of macOS, numbered as OpenCV numbers them. The only file that imports AVFoundation.

OpenCV asks for the devices of these two media types and sorts them by their unique id. Virtual
cameras are among them, our own output too, so the index alone names no camera for long.
"""

import logging
from typing import Any, Final, Literal

log = logging.getLogger(__name__)

Permission = Literal["unasked", "restricted", "denied", "granted"]
_PERMISSIONS: Final[tuple[Permission, ...]] = ("unasked", "restricted", "denied", "granted")
"""In the order of Apple's `AVAuthorizationStatus`."""


def list_devices(framework: Any = None) -> list[tuple[str, str]]:
    """Return (unique id, name) of every camera, in the order in which OpenCV counts them."""
    av = framework or _avfoundation()
    if av is None:
        return []
    kinds = (av.AVMediaTypeVideo, av.AVMediaTypeMuxed)
    found = [
        each for kind in kinds for each in av.AVCaptureDevice.devicesWithMediaType_(kind) or ()
    ]
    return sorted((str(each.uniqueID()), str(each.localizedName())) for each in found)


def permission(framework: Any = None) -> Permission | None:
    """Say what macOS lets this program do with cameras; None when it does not tell."""
    av = framework or _avfoundation()
    if av is None:
        return None
    status = int(av.AVCaptureDevice.authorizationStatusForMediaType_(av.AVMediaTypeVideo))
    return _PERMISSIONS[status] if 0 <= status < len(_PERMISSIONS) else None


def _avfoundation() -> Any:
    try:
        import AVFoundation
    except ImportError as error:
        log.warning("macOS does not list its cameras: %s", error)
        return None
    return AVFoundation
