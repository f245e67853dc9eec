"""The virtual camera that call apps list. The only file that knows pyvirtualcam."""

import sys
from types import ModuleType

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.texts import _, marked
from vcam.errors import OutputError
from vcam.output.loopback import INSTALL, check_format, prepare_loopback
from vcam.output.padding import even_size, pad_to_even
from vcam.output.settings import OutputSettings
from vcam.system.v4l2 import release_stuck_output

_OTHER_NAME = ("supports only the", "with this name")
"""How the backends of Windows and macOS say that they know no device of that name."""
_NO_DRIVER = ("No v4l2 loopback device found", "device not found! Did you install")
"""How the backends say that there is nothing to write into."""
_ELSEWHERE = marked("or use `--output window` or a .mp4 path")
_USE_ELSEWHERE = marked("use `--output window` or a .mp4 path")


class VirtualCamera:
    """Sends pictures as I420, which every driver takes without another conversion.

    Odd sizes get one more column or row.
    """

    name, private = "virtual", False

    def __init__(self, size: tuple[int, int], fps: float, device: str | None) -> None:
        """Open `device`, or the first that works. Raises `OutputError` when none does."""
        pyvirtualcam = _import_pyvirtualcam()
        width, height = even_size(size)
        self._device = device
        self._buffer = np.empty((height * 3 // 2, width), np.uint8)
        try:
            self._camera = pyvirtualcam.Camera(
                width, height, fps, fmt=pyvirtualcam.PixelFormat.I420, device=device
            )
        except RuntimeError as error:
            raise OutputError(explain_failure(str(error), device)) from None

    @property
    def device(self) -> str:
        """The device as call apps or the system name it."""
        return str(self._camera.device)

    def send(self, image: Image, time: float) -> None:
        """Convert and hand over; readers that are slow or absent make no difference."""
        if self._camera is None:
            raise OutputError(_("The virtual camera is closed: start the program again."))
        cv2.cvtColor(pad_to_even(image), cv2.COLOR_BGR2YUV_I420, dst=self._buffer)
        try:
            self._camera.send(self._buffer)
        except RuntimeError as error:
            raise OutputError(
                _("The virtual camera was lost ({error}): start it again.").format(error=error)
            ) from None

    def close(self) -> None:
        """Stop sending, and leave the driver ready for the next producer."""
        if self._camera is None:
            return
        self._camera.close()
        self._camera = None
        if sys.platform == "linux" and self._device is not None:
            release_stuck_output(self._device)


def open_virtual(size: tuple[int, int], fps: float, settings: OutputSettings) -> VirtualCamera:
    """Open the virtual camera that the settings name, or the first that is free.

    Raises `OutputError` when the driver is missing, the device is in use, or a reader holds it in
    another size.
    """
    device = settings.device
    if sys.platform == "linux":
        device = prepare_loopback(device) or device
    camera = VirtualCamera(size, fps, device)
    if sys.platform == "linux" and device is not None:
        try:
            check_format(device, even_size(size))
        except OutputError:
            camera.close()
            raise
    return camera


def _import_pyvirtualcam() -> ModuleType:
    try:
        import pyvirtualcam
    except ImportError as error:
        raise OutputError(
            _("pyvirtualcam cannot be loaded ({error}): install it again, {elsewhere}.").format(
                error=error, elsewhere=_(_ELSEWHERE)
            )
        ) from None
    return pyvirtualcam  # type: ignore[no-any-return]  # the package ships no types


def explain_failure(reasons: str, device: str | None = None) -> str:
    """Turn the reasons of all backends into one sentence with the remedy for this system.

    `device` is the one that was asked for, if any.
    """
    if "output could not be started" in reasons:  # OBS's camera is there, and has a producer
        return _(
            "The OBS virtual camera is in use: press Stop Virtual Camera in OBS, or "
            "end the other program that feeds it; {elsewhere}."
        ).format(elsewhere=_(_USE_ELSEWHERE))
    if device is not None and any(words in reasons for words in _OTHER_NAME):
        return _(
            "There is no virtual camera called {device!r}: take `device` out of "
            "[output] in the settings, and the one that is installed is used."
        ).format(device=device)
    if "already in use" in reasons:
        return _("The virtual camera is in use: stop the other program that writes into it.")
    if "permission" in reasons.lower():
        return _(
            "You may not use the virtual camera: run `sudo usermod -aG video $USER`, "
            "log out and in again."
        )
    if any(words in reasons for words in _NO_DRIVER):
        return _("No virtual camera driver was found: {remedy}, {elsewhere}.").format(
            remedy=install_remedy(), elsewhere=_(_ELSEWHERE)
        )
    reason = " ".join(reasons.split()) or _("no reason given")
    return _("No virtual camera could be opened ({reason}): {remedy}, {elsewhere}.").format(
        reason=reason, remedy=install_remedy(), elsewhere=_(_ELSEWHERE)
    )


def install_remedy() -> str:
    """Say how this system gets a virtual camera driver."""
    if sys.platform == "linux":
        return _("run `{command}`").format(command=INSTALL)
    return _("install OBS Studio (obsproject.com), start its virtual camera once, then stop it")
