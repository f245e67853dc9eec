"""Settings: read, checked, watched and written.

`bind` and `write` are imported by the commands that write, since they bring tomlkit along.
"""

from vcam.config.load import load_settings, parse_settings
from vcam.config.paths import default_settings_path, state_folder
from vcam.config.settings import Settings
from vcam.config.watch import SettingsWatch

__all__ = [
    "Settings",
    "SettingsWatch",
    "default_settings_path",
    "load_settings",
    "parse_settings",
    "state_folder",
]
