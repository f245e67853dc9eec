"""The files that Linux wants for the virtual camera, for keys on Wayland, and to start at login.

`vcam doctor --fix` offers those that are missing. Files that are there are never changed: they may
be somebody else's work.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from vcam.core.check_result import CheckResult
from vcam.errors import VcamError
from vcam.system.atomic_write import write_atomic
from vcam.system.desktop import on_wayland
from vcam.system.v4l2 import list_devices

READABLE: Final = 0o644
MODULE_FOLDERS: Final = ("etc/modules-load.d", "run/modules-load.d", "usr/lib/modules-load.d")
OPTION_FOLDERS: Final = ("etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d")
RULE_FOLDERS: Final = ("etc/udev/rules.d", "run/udev/rules.d", "usr/lib/udev/rules.d")
GRANTS: Final = ("uaccess", "GROUP", "MODE", "OWNER")
"""What a udev rule says when it lets people use a device."""


@dataclass(frozen=True, slots=True)
class SystemFile:
    """A file that is missing, and what it is good for."""

    path: Path
    content: str
    why: str
    """One sentence: what works once it is there."""
    now: str | None = None
    """The command that puts it in force without a restart."""

    @property
    def taken(self) -> bool:
        """Whether a file of this name is there, which says something else."""
        return self.path.exists()

    @property
    def allowed(self) -> bool:
        """Whether this user may write it."""
        folder = self.path.parent
        while not folder.exists():
            folder = folder.parent
        return os.access(folder, os.W_OK | os.X_OK)

    def write(self) -> None:
        """Write it, whole or not at all, and read it back. Raises `VcamError`."""
        if self.taken:
            raise VcamError(f"{self.path} is there already, and files that are there stay")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path, self.content.encode(), mode=READABLE)
            self.path.chmod(READABLE)  # whatever the umask says: services read it
            same = self.path.read_text(encoding="utf-8") == self.content
        except OSError as error:
            raise VcamError(f"{self.path} cannot be written: {error.strerror or error}") from None
        if not same:
            raise VcamError(f"{self.path} does not hold what was written; look at it")


def missing_files(root: Path = Path("/")) -> list[SystemFile]:
    """Return the files that are not there yet and that nothing else stands in for.

    `root` is where the system's files begin; tests have one of their own.
    """
    found: list[SystemFile] = []
    if not _modules_are_loaded(root):
        path, why = root / "etc/modules-load.d/vcam.conf", "the driver is loaded after a restart"
        now = "sudo modprobe v4l2loopback" if _options_are_set(root) else None
        found.append(SystemFile(path, _text("modules.conf"), why, now))
    if not _options_are_set(root):
        found.append(
            SystemFile(
                root / "etc/modprobe.d/vcam.conf",
                _text("v4l2loopback.conf"),
                "the camera is called Gesture Cam, and browsers and Zoom list it",
                "sudo modprobe -r v4l2loopback; sudo modprobe v4l2loopback",
            )
        )
    if _wants_uinput(root) and not _uinput_is_allowed(root):
        found.append(
            SystemFile(
                root / "etc/udev/rules.d/60-vcam.rules",
                _text("60-vcam.rules"),
                "whoever is logged in at this computer may press keys on Wayland",
                "sudo modprobe uinput && sudo udevadm control --reload && "
                "sudo udevadm trigger --sysname-match=uinput",
            )
        )
    if not _is_somebody_elses_home() and not _starts_at_login(root):
        why = "vcam starts when you log in (the camera is on only while somebody looks)"
        found.append(SystemFile(_autostart(), _autostart_text(), why))
    return found


def check_after_restart(root: Path = Path("/")) -> list[CheckResult]:
    """Warn of a driver that is there now and will be gone after a restart."""
    if sys.platform != "linux" or not any(device.virtual for device in list_devices()):
        return []
    if _modules_are_loaded(root) and _options_are_set(root):
        return [CheckResult("after a restart", "ok", "the driver is loaded again")]
    text = "the driver is not loaded, or not with its options"
    return [
        CheckResult("after a restart", "warn", text, f"`{fix_command()}` writes what is missing")
    ]


def fix_command() -> str:
    """Return how to let the doctor write the system's files; `sudo` knows no PATH of a user's."""
    return f'sudo "{_program()}" doctor --fix'


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


def _starts_at_login(root: Path) -> bool:
    return _autostart().exists() or (root / "etc/xdg/autostart/vcam.desktop").exists()


def _autostart() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(home) if Path(home).is_absolute() else Path.home() / ".config"
    return folder / "autostart" / "vcam.desktop"


def _autostart_text() -> str:
    start = f"{_quoted(_program())} panel --no-browser"
    lines = _text("vcam.desktop").splitlines()
    kept = [f"Exec={start}" if line.startswith("Exec=") else line for line in lines]
    return "\n".join([*kept, "X-GNOME-Autostart-enabled=true"]) + "\n"


def _program() -> str:
    """Return the path by which this program is started."""
    called = Path(sys.argv[0])
    if called.name == "vcam" and called.is_file():
        return str(called.absolute())
    return shutil.which("vcam") or "vcam"


def _quoted(path: str) -> str:
    """Quote a path as desktop entries want it."""
    for sign in ("\\", '"', "`", "$"):
        path = path.replace(sign, f"\\{sign}")
    return '"' + path.replace("\\", "\\\\").replace("%", "%%") + '"'


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
