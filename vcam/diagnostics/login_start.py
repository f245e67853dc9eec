"""Start at login: an entry of the person's own, which each system keeps in its own way.

Linux has a desktop entry, macOS a LaunchAgent, Windows a value of the registry's Run key. The
program then starts in the tray, without a window.
"""

import contextlib
import os
import plistlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.core.texts import _, marked
from vcam.diagnostics.offered_file import Offer, SystemFile
from vcam.errors import VcamError
from vcam.system.child_process import is_frozen

if TYPE_CHECKING:
    from typing import Protocol

    class LoginStart(Offer, Protocol):
        """An offer that can be taken back."""

        def remove(self) -> None:
            """Take it away again; it need not be there. Raises `VcamError`."""


WHY: Final = marked("vcam starts when you log in (the camera is on only while somebody looks)")
"""Where the camera rests, on Linux."""
WHY_ELSEWHERE: Final = marked("vcam starts when you log in, in the tray and with the camera on")
WORDS: Final = ("panel", "--no-browser")
WHY_MENU: Final = marked("the desktop knows vcam by name, which it wants before it hears panic_key")
ENTRY: Final = "vcam.desktop"
AGENT: Final = "io.github.vcam-gestures.vcam"
BUNDLE: Final = "io.github.vcam-gestures.vcam"
"""The app's own identifier: packaging/vcam.spec."""
VALUE: Final = "Gesture Cam"
"""The MSI writes and removes the same value: packaging/windows/build_msi.py."""
_RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
MAX_COMMAND: Final = 260
"""Windows promises to start no longer command of the Run key; it keeps one, and says nothing."""
_APPROVED: Final = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where Task Manager and the Settings app keep what the person has switched off there."""


def login_start() -> "LoginStart":
    """Return this system's entry, whether it is there or not."""
    if sys.platform == "win32":
        return RunValue(subprocess.list2cmdline([*_windows_program(), *WORDS]), WHY_ELSEWHERE)
    if sys.platform == "darwin":
        return SystemFile(_agent(), _agent_text(), WHY_ELSEWHERE)
    return SystemFile(_autostart(), _autostart_text(), WHY)


def starts_at_login(root: Path = Path("/")) -> bool:
    """Tell whether this program, or another one of ours, is started at login."""
    system_wide = sys.platform == "linux" and _system_wide(root).exists()
    return system_wide or login_start().taken


def menu_entry() -> SystemFile:
    """Return the entry by which a Linux desktop knows this program, whether it is there or not."""
    return SystemFile(_data_home() / "applications" / ENTRY, _entry_text(), WHY_MENU)


def is_in_the_menu(root: Path = Path("/")) -> bool:
    """Tell whether the desktop knows this program, for this person or for everybody."""
    named = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    shared = (root / folder.lstrip("/") for folder in named.split(":") if folder.startswith("/"))
    return any((folder / "applications" / ENTRY).exists() for folder in (_data_home(), *shared))


def set_login_start(*, on: bool, root: Path = Path("/")) -> None:
    """Start at login from now on, or no longer. Raises `VcamError`."""
    if on:
        if not starts_at_login(root):
            _check_place()
            login_start().write()
        return
    if sys.platform == "linux" and _system_wide(root).exists():
        raise VcamError(
            _("{path} starts it for everybody: remove that file as root").format(
                path=_system_wide(root)
            )
        )
    login_start().remove()


def program_path() -> str:
    """Return the path by which this program is started on Linux and macOS."""
    called = Path(sys.argv[0])
    if called.name == "vcam" and called.is_file():
        return str(called.absolute())
    return shutil.which("vcam") or "vcam"


@dataclass(frozen=True, slots=True)
class RunValue:
    """The value `VALUE` of the person's own Run key, on Windows."""

    content: str
    """The command line."""
    why: str
    now: str | None = None
    allowed: bool = True
    """It belongs to the person."""

    @property
    def path(self) -> Path:
        """Where the registry's editor shows it."""
        return Path(f"HKEY_CURRENT_USER\\{_RUN}\\{VALUE}")

    @property
    def taken(self) -> bool:
        """Whether a program of ours is started, and Windows was not told to leave it."""
        return _read(_RUN) is not None and not _is_switched_off()

    def write(self) -> None:
        """Write it and read it back. Raises `VcamError`."""
        if len(self.content) > MAX_COMMAND:
            raise VcamError(
                _(
                    "Windows starts no command of more than {limit} characters at login, and this "
                    "one has {length}: install vcam in a folder with a shorter path"
                ).format(limit=MAX_COMMAND, length=len(self.content))
            )
        if sys.platform == "win32":
            import winreg

            try:
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                    winreg.SetValueEx(key, VALUE, 0, winreg.REG_SZ, self.content)
            except OSError as error:
                raise VcamError(
                    _("{path} cannot be written: {reason}").format(
                        path=self.path, reason=error.strerror
                    )
                ) from None
            _delete(_APPROVED)
        if not self.taken or _read(_RUN) != self.content:
            raise VcamError(
                _("{path} does not hold what was written; look at it").format(path=self.path)
            )

    def remove(self) -> None:
        """Take it away again; it need not be there. Raises `VcamError`."""
        _delete(_RUN)
        _delete(_APPROVED)
        if _read(_RUN) is not None:
            raise VcamError(
                _("{path} cannot be removed: remove it with regedit").format(path=self.path)
            )


def _is_switched_off() -> bool:
    """Tell whether the person switched it off where Windows lists such programs."""
    state = _read(_APPROVED)
    return isinstance(state, bytes) and bool(state) and state[0] % 2 == 1


def _read(key: str) -> object:
    if sys.platform == "win32":
        import winreg

        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return winreg.QueryValueEx(opened, VALUE)[0]
    return None


def _delete(key: str) -> None:
    if sys.platform == "win32":
        import winreg

        access = winreg.KEY_SET_VALUE
        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, access) as opened,
        ):
            winreg.DeleteValue(opened, VALUE)


def _windows_program() -> list[str]:
    """Return what starts this program without a console."""
    python = Path(sys.executable)
    if is_frozen():
        quiet = python.with_name("vcamw.exe")
        return [str(quiet if quiet.exists() else python)]
    quiet = python.with_name("pythonw.exe")
    return [str(quiet if quiet.exists() else python), "-m", "vcam"]


def _agent() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{AGENT}.plist"


def _agent_text() -> str:
    program = sys.executable if is_frozen() else program_path()
    entry = {"Label": AGENT, "ProgramArguments": [program, *WORDS], "RunAtLoad": True}
    # Otherwise launchd holds back the processor and the disk of what it starts, and the call's
    # picture with them.
    entry["ProcessType"] = "Interactive"
    if is_frozen():  # so that System Settings name the app, and not its maker's certificate
        entry["AssociatedBundleIdentifiers"] = BUNDLE
    return plistlib.dumps(entry).decode()


def _check_place() -> None:
    """Raise `VcamError` where macOS runs the app from a place that is gone at the next login.

    That is a disk image, and the folder where macOS hides an app that was downloaded and not moved
    since (App Translocation).
    """
    if sys.platform != "darwin" or not is_frozen():
        return
    if "/AppTranslocation/" in sys.executable or sys.executable.startswith("/Volumes/"):
        raise VcamError(
            _(
                "the app runs from where it was downloaded, which is gone at the next login: move "
                "it to Applications in the Finder, and start it there"
            )
        )


def _system_wide(root: Path) -> Path:
    return root / "etc/xdg/autostart/vcam.desktop"


def _autostart() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(home) if Path(home).is_absolute() else Path.home() / ".config"
    return folder / "autostart" / "vcam.desktop"


def _data_home() -> Path:
    home = os.environ.get("XDG_DATA_HOME", "")
    return Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "share"


def _autostart_text() -> str:
    return _entry_text(*WORDS[1:]) + "X-GNOME-Autostart-enabled=true\n"


def _entry_text(*words: str) -> str:
    start = " ".join([_quoted(program_path()), WORDS[0], *words])
    text = files("vcam.diagnostics").joinpath("linux", ENTRY).read_text(encoding="utf-8")
    lines = text.splitlines()
    kept = [f"Exec={start}" if line.startswith("Exec=") else line for line in lines]
    return "\n".join(kept) + "\n"


def _quoted(path: str) -> str:
    """Quote a path as desktop entries want it."""
    for sign in ("\\", '"', "`", "$"):
        path = path.replace(sign, f"\\{sign}")
    return '"' + path.replace("\\", "\\\\").replace("%", "%%") + '"'
