"""The files that Linux wants for the virtual camera and keys on Wayland, and the start at login.

`vcam doctor --fix` offers what is missing. What is there is never changed: it may be somebody
else's work.
"""

import os
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from vcam.core.check_result import CheckResult
from vcam.core.texts import _, marked
from vcam.diagnostics.login_start import (
    is_in_the_menu,
    login_start,
    menu_entry,
    program_path,
    starts_at_login,
)
from vcam.diagnostics.offered_file import Offer, SystemFile
from vcam.system.desktop import on_wayland
from vcam.system.v4l2 import list_devices

MODULE_FOLDERS: Final = ("etc/modules-load.d", "run/modules-load.d", "usr/lib/modules-load.d")
OPTION_FOLDERS: Final = ("etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d")
RULE_FOLDERS: Final = ("etc/udev/rules.d", "run/udev/rules.d", "usr/lib/udev/rules.d")
GRANTS: Final = ("uaccess", "GROUP", "MODE", "OWNER")
"""What a udev rule says when it lets people use a device."""


def missing_files(root: Path = Path("/")) -> list[Offer]:
    """Return what is not there yet and that nothing else stands in for.

    `root` is where the system's files begin; tests have one of their own.
    """
    found: list[Offer] = list(_missing_of_linux(root)) if sys.platform == "linux" else []
    if not _is_somebody_elses_home():
        if sys.platform == "linux" and on_wayland() and not is_in_the_menu(root):
            found.append(menu_entry())
        if not starts_at_login(root):
            found.append(login_start())
    return found


def _missing_of_linux(root: Path) -> Iterator[SystemFile]:
    if not _modules_are_loaded(root):
        path, why = (
            root / "etc/modules-load.d/vcam.conf",
            marked("the driver is loaded after a restart"),
        )
        now = "sudo modprobe v4l2loopback" if _options_are_set(root) else None
        yield SystemFile(path, _text("modules.conf"), why, now)
    if not _options_are_set(root):
        yield SystemFile(
            root / "etc/modprobe.d/vcam.conf",
            _text("v4l2loopback.conf"),
            marked("the camera is called Gesture Cam, and browsers and Zoom list it"),
            "sudo modprobe -r v4l2loopback; sudo modprobe v4l2loopback",
        )
    if _wants_uinput(root) and not _uinput_is_allowed(root):
        yield SystemFile(
            root / "etc/udev/rules.d/60-vcam.rules",
            _text("60-vcam.rules"),
            marked("whoever is logged in at this computer may press keys on Wayland"),
            "sudo modprobe uinput && sudo udevadm control --reload && "
            "sudo udevadm trigger --sysname-match=uinput",
        )


def check_after_restart(root: Path = Path("/")) -> list[CheckResult]:
    """Warn of a driver that is there now and will be gone after a restart."""
    if sys.platform != "linux" or not any(device.virtual for device in list_devices()):
        return []
    if _modules_are_loaded(root) and _options_are_set(root):
        return [CheckResult("after a restart", "ok", _("the driver is loaded again"))]
    text = _("the driver is not loaded, or not with its options")
    return [
        CheckResult(
            "after a restart",
            "warn",
            text,
            _("`{command}` writes what is missing").format(command=fix_command()),
        )
    ]


def fix_command() -> str:
    """Return how to let the doctor write the system's files; `sudo` knows no PATH of a user's."""
    return f'sudo "{program_path()}" doctor --fix'


def _modules_are_loaded(root: Path) -> bool:
    lines = [*_lines(root, MODULE_FOLDERS, "*.conf"), *_lines_of(root / "etc/modules")]
    return "v4l2loopback" in lines


def _options_are_set(root: Path) -> bool:
    return any(
        line.startswith("options v4l2loopback") and "exclusive_caps=1" in line
        for line in _lines(root, OPTION_FOLDERS, "*.conf")
    )


def _uinput_is_allowed(root: Path) -> bool:
    return any(
        '"uinput"' in line and any(grant in line for grant in GRANTS)
        for line in _lines(root, RULE_FOLDERS, "*.rules")
    )


def _wants_uinput(root: Path) -> bool:
    """Tell whether keys need uinput: on Wayland, also where `sudo` has hidden the desktop."""
    user = os.environ.get("SUDO_UID", "")
    sockets = (root / "run/user" / user).glob("wayland-*") if user.isdecimal() else ()
    return on_wayland() or any(sockets)


def _is_somebody_elses_home() -> bool:
    return "SUDO_UID" in os.environ


def _lines(root: Path, folders: tuple[str, ...], pattern: str) -> Iterator[str]:
    for folder in folders:
        for path in sorted((root / folder).glob(pattern)):
            yield from _lines_of(path)


def _lines_of(path: Path) -> Iterator[str]:
    """Yield what a configuration file says, without comments; nothing when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.replace("\\\n", " ").splitlines():
        said = line.partition("#")[0].strip()
        if said:
            yield " ".join(said.split())


def _text(name: str) -> str:
    return files("vcam.diagnostics").joinpath("linux", name).read_text(encoding="utf-8")
