"""Where this system keeps settings and logs."""

import os
import sys
from pathlib import Path

from vcam.errors import ConfigError


def default_settings_path() -> Path:
    """Return the place of the settings file when none is named. Raises `ConfigError`."""
    return _folder("XDG_CONFIG_HOME", ".config", "APPDATA", "Application Support") / "settings.toml"


def state_folder() -> Path:
    """Return the folder for logs; it may not exist yet. Raises `ConfigError`."""
    return _folder("XDG_STATE_HOME", ".local/state", "LOCALAPPDATA", "Logs")


def custom_gestures_folder() -> Path:
    """Return the folder for gestures of the person's own; it may not exist yet."""
    return default_settings_path().parent / "gestures"


def fires_folder() -> Path:
    """Return the folder for what fired, with pictures; it may not exist yet."""
    return state_folder() / "fired"


def _folder(xdg: str, unix: str, windows: str, macos: str) -> Path:
    if sys.platform == "win32":
        return (
            _from_environment(
                windows, "AppData/Roaming" if windows == "APPDATA" else "AppData/Local"
            )
            / "vcam"
        )
    if sys.platform == "darwin":
        return _home() / "Library" / macos / "vcam"
    return _from_environment(xdg, unix) / "vcam"


def _from_environment(variable: str, fallback: str) -> Path:
    value = os.environ.get(variable, "")
    # The XDG rules say to ignore a relative path.
    return Path(value) if Path(value).is_absolute() else _home() / fallback


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ConfigError(
            "this user has no home folder; set HOME, or name the settings with --config"
        ) from None
