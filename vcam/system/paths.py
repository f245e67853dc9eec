"""Where this system keeps settings and logs, as platformdirs knows it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vcam.core.texts import _
from vcam.errors import ConfigError

if TYPE_CHECKING:
    from platformdirs.api import PlatformDirsABC

NAME = "vcam"


def default_settings_path() -> Path:
    """Return the place of the settings file when none is named. Raises `ConfigError`."""
    return _at_home(lambda: _folders(roaming=True).user_config_path) / "settings.toml"


def state_folder() -> Path:
    """Return the folder for logs; it may not exist yet. Raises `ConfigError`."""
    folders = _folders()
    macos = sys.platform == "darwin"  # logs have a place of their own there, where Console looks
    return _at_home(lambda: folders.user_log_path if macos else folders.user_state_path)


def runtime_folder() -> Path:
    """Return the folder for sockets of this session; it may not exist yet. Raises `ConfigError`."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if sys.platform == "linux" and Path(runtime).is_absolute() and Path(runtime).is_dir():
        return Path(runtime) / NAME
    return state_folder()


def custom_gestures_folder() -> Path:
    """Return the folder for the person's own gestures; it may not exist yet."""
    return default_settings_path().parent / "gestures"


def fires_folder() -> Path:
    """Return the folder for what fired, with pictures; it may not exist yet."""
    return state_folder() / "fired"


def missed_folder() -> Path:
    """Return the folder for gestures that were missed, with pictures; it may not exist yet."""
    return state_folder() / "missed"


def if_home(folder: Callable[[], Path]) -> Path | None:
    """Return one of these folders; None for a user without a home folder."""
    try:
        return folder()
    except ConfigError:
        return None


def portal_token_file() -> Path:
    """Return the place of what the desktop's portal recognises us by; it may not exist yet."""
    return state_folder() / "portal-token"


def _folders(*, roaming: bool = False) -> "PlatformDirsABC":
    """Return this system's conventions; asked each time, since variables may change.

    `roaming`: on Windows, what follows the person to other computers of a network.
    """
    if sys.platform == "win32":
        from platformdirs.windows import Windows

        return Windows(NAME, appauthor=False, roaming=roaming)
    if sys.platform == "darwin":
        from platformdirs.macos import MacOS

        return MacOS(NAME, appauthor=False)
    from platformdirs.unix import Unix

    return Unix(NAME, appauthor=False)


def _at_home(folder: Callable[[], Path]) -> Path:
    try:
        found = folder()
    except RuntimeError:  # what platformdirs raises
        found = Path()
    if not found.is_absolute():
        raise ConfigError(
            _("this user has no home folder; set HOME, or name the settings with --config")
        )
    return found
