"""What the doctor says about the virtual camera. Takes no device and opens no window."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from vcam.core.check_result import CheckResult
from vcam.core.texts import _
from vcam.output.loopback import INSTALL, find_loopbacks, find_producer
from vcam.output.settings import OutputSettings
from vcam.output.virtual import install_remedy
from vcam.system import v4l2

_NAME = "virtual camera"
_MODULE = Path("/sys/module/v4l2loopback")
_FILTERS = {
    "OBS": r"CLSID\{A3FCE0F5-3493-419F-958A-ABA1250EC20B}",
    "Unity Capture": r"CLSID\{5C2CD55C-92AD-4999-8666-912BD3E70010}",
}
"""Where Windows keeps the two virtual cameras that pyvirtualcam feeds, in its order."""
_OBS_APP = Path("/Applications/OBS.app")
_OBS_EXTENSION = "com.obsproject.obs-studio.mac-camera-extension"
_RELOAD = f"sudo modprobe -r v4l2loopback && {INSTALL.rpartition('&& ')[2]}"


def check_virtual_camera(settings: OutputSettings) -> list[CheckResult]:
    """Look for the driver of this system and at the device that would carry our picture."""
    if sys.platform == "linux":
        return check_linux(settings)
    if sys.platform == "darwin":
        return [check_macos()]
    return [check_windows()]


def check_linux(settings: OutputSettings, module: Path = _MODULE) -> list[CheckResult]:
    """Report on v4l2loopback: loaded, options, and each device that may be used."""
    devices = find_loopbacks()
    if not devices:
        text = _("v4l2loopback is loaded without a device.") if module.is_dir() else _("No driver.")
        remedy = _RELOAD if module.is_dir() else INSTALL
        return [CheckResult(_NAME, "fail", text, remedy)]
    wanted = settings.device
    chosen = [d for d in devices if wanted in {None, d.path, d.name}]
    if not chosen:
        known = ", ".join(f"{d.path} ({d.name})" for d in devices)
        remedy = _("Set [output] device to one of {known}.").format(known=known)
        return [
            CheckResult(
                _NAME,
                "fail",
                _("There is no virtual camera `{wanted}`.").format(wanted=wanted),
                remedy,
            )
        ]
    return [*_check_options(module), _check_devices(chosen)]


def _check_options(module: Path) -> list[CheckResult]:
    """Browsers, Zoom and Teams list only devices loaded with exclusive_caps=1."""
    try:
        exclusive = (module / "parameters" / "exclusive_caps").read_text().strip()
    except OSError:
        return []
    if exclusive.startswith(("Y", "1")):
        return []
    text = _(
        "The driver is loaded without exclusive_caps=1: Chrome, Zoom and Teams will not list it."
    )
    return [CheckResult(_NAME, "warn", text, _RELOAD)]


def _check_devices(devices: list[v4l2.VideoDevice]) -> CheckResult:
    """Report the first device that can be used, or why none can."""
    producers = []
    for device in devices:
        where = f"{device.name} ({device.path})"
        if not os.access(device.path, os.R_OK | os.W_OK):
            remedy = "Run `sudo usermod -aG video $USER`, log out and in again."
            return CheckResult(
                _NAME, "fail", _("{where} may not be used by you.").format(where=where), remedy
            )
        producer = find_producer(device)
        if producer is None:
            stuck = "" if device.outputs else _(" (left open by its last user, fixed at start)")
            return CheckResult(
                _NAME, "ok", _("{where} is there and free{stuck}.").format(where=where, stuck=stuck)
            )
        producers.append(_("{where} by {producer}").format(where=where, producer=producer))
    text = _("In use: {producers}.").format(producers="; ".join(producers))
    return CheckResult(_NAME, "fail", text, _("Stop that program."))


def check_macos(app: Path = _OBS_APP) -> CheckResult:
    """Report on OBS and its camera extension, which pyvirtualcam feeds."""
    if not app.exists():
        return CheckResult(_NAME, "fail", _("OBS is not installed."), _sentence(install_remedy()))
    try:
        done = subprocess.run(
            ["/usr/bin/systemextensionsctl", "list"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return CheckResult(_NAME, "warn", _("OBS is installed; its camera could not be asked for."))
    lines = [line for line in done.stdout.splitlines() if _OBS_EXTENSION in line]
    if any("activated enabled" in line for line in lines):
        return CheckResult(
            _NAME, "ok", _("The {name} virtual camera is installed.").format(name="OBS")
        )
    remedy = _("Start the virtual camera in OBS once, allow it in System Settings, and stop it.")
    return CheckResult(_NAME, "fail", _("The OBS virtual camera is not active."), remedy)


def check_windows() -> CheckResult:
    """Report whether a virtual camera is registered that we can feed."""
    if sys.platform != "win32":  # for the type checker: winreg exists on Windows alone
        return CheckResult(_NAME, "warn", _("This system has no known virtual camera."))
    import winreg

    for name, key in _FILTERS.items():
        with contextlib.suppress(OSError):
            winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, key))
            text = _("The {name} virtual camera is installed.").format(name=name)
            return CheckResult(_NAME, "ok", text)
    text = _("The OBS virtual camera is not registered.")
    return CheckResult(_NAME, "fail", text, _sentence(install_remedy()))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
