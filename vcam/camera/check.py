"""What the doctor says about the camera. Opens no device, so it never hangs or takes one."""

import os
import sys

from vcam.camera import mac_devices, windows_privacy
from vcam.camera.listing import CameraInfo, list_cameras
from vcam.camera.open import (
    choose_index,
    choose_named,
    expand,
    index_of,
    is_there,
    open_camera,
)
from vcam.camera.settings import CameraSettings
from vcam.core.check_result import CheckResult
from vcam.core.texts import _
from vcam.errors import CameraError
from vcam.system import v4l2

_NAME = "camera"


def check_camera(settings: CameraSettings) -> list[CheckResult]:
    """Look at the camera, file or folder that the settings name."""
    source = settings.device.strip()
    if source == "demo" or (source and not source.startswith("/dev/") and _is_path(source)):
        return [_check_file(source, settings)]
    try:
        camera = _find(source)
    except CameraError as error:
        return [_failed(error, _("The camera was not found."))]
    return [_check_device(camera)]


def _failed(error: CameraError, problem: str) -> CheckResult:
    """Split a sentence at its colon into what is wrong, else `problem`, and what helps."""
    first, _, remedy = str(error).partition(": ")
    if not remedy:
        return CheckResult(_NAME, "fail", problem, str(error))
    return CheckResult(_NAME, "fail", f"{first}.", f"{remedy[0].upper()}{remedy[1:]}")


def _is_path(source: str) -> bool:
    return not (source.isascii() and source.isdigit()) and is_there(expand(source))


def _check_file(source: str, settings: CameraSettings) -> CheckResult:
    try:
        camera = open_camera(source, settings)
    except CameraError as error:
        return _failed(error, _("{source} cannot be read.").format(source=source))
    width, height = camera.size
    camera.close()
    return CheckResult(
        _NAME,
        "ok",
        _("{source} gives {width}x{height} pictures.").format(
            source=source, width=width, height=height
        ),
    )


def _find(source: str) -> CameraInfo:
    """Return the listed camera that `open_camera` would take."""
    cameras = list_cameras()
    number = index_of(source)
    if number is None and not source.startswith("/dev/"):
        return choose_named(source, cameras)
    index = None if number is None else choose_index(number)
    for camera in cameras:
        if camera.index == index or camera.path == source:
            return camera
    known = ", ".join(f"{c.index}: {c.name}" for c in cameras) or "none"
    raise CameraError(
        _(
            "Plug a camera in, or set [camera] device to one that was found "
            "({known}), a video file, or `demo`."
        ).format(known=known)
    )


def _check_device(camera: CameraInfo) -> CheckResult:
    where = f"{camera.name} ({camera.path or f'camera {camera.index}'})"
    if sys.platform == "darwin" and mac_devices.permission() in {"denied", "restricted"}:
        remedy = _(
            "Allow the terminal or app that starts this program in System Settings > "
            "Privacy & Security > Camera, then start it again."
        )
        return CheckResult(
            _NAME,
            "fail",
            _("macOS does not let this program use {where}.").format(where=where),
            remedy,
        )
    switch = windows_privacy.switch_to_turn_on() if sys.platform == "win32" else None
    if switch is not None and not camera.virtual:
        remedy = _("Switch on *{switch}* in Settings > Privacy & security > Camera.")
        return CheckResult(
            _NAME,
            "fail",
            _("Windows does not let this program use {where}.").format(where=where),
            remedy.format(switch=switch),
        )
    if camera.path is None and not camera.virtual:
        return CheckResult(_NAME, "ok", _("{where} is there.").format(where=where))
    if camera.virtual:
        remedy = _("Set [camera] device to a real camera, if you have one.")
        return CheckResult(
            _NAME, "warn", _("{where} is a virtual camera.").format(where=where), remedy
        )
    return _check_node(where, camera.path or "")


def _check_node(where: str, path: str) -> CheckResult:
    """Look at a device of Linux: whether we may use it, and whether somebody else does."""
    if not os.access(path, os.R_OK | os.W_OK):
        remedy = "Run `sudo usermod -aG video $USER`, log out and in again."
        return CheckResult(
            _NAME, "fail", _("{where} may not be used by you.").format(where=where), remedy
        )
    holders = v4l2.find_holders(path)
    if holders:
        names = ", ".join(str(holder) for holder in holders)
        remedy = _("Close that program, or let it use the virtual camera in place of the real one.")
        return CheckResult(
            _NAME,
            "fail",
            _("{where} is in use by {names}.").format(where=where, names=names),
            remedy,
        )
    return CheckResult(_NAME, "ok", _("{where} is there and free.").format(where=where))
