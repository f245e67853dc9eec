"""Settings: read, checked, watched and written.

`bind` and `write` are imported by the commands that write, since they bring tomlkit along.
"""

from vcam.settings.load import load_settings, parse_settings
from vcam.settings.settings import Settings
from vcam.settings.watch import SettingsWatch
from vcam.system.paths import default_settings_path, state_folder

__all__ = [
    "Settings",
    "SettingsWatch",
    "default_settings_path",
    "load_settings",
    "parse_settings",
    "state_folder",
]
