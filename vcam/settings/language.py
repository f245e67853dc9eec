"""The language of the settings, or else that of the system."""

import tomllib
from pathlib import Path
from typing import Final

from vcam.core.texts import LANGUAGES, use_language
from vcam.errors import VcamError
from vcam.system.language import system_language
from vcam.system.paths import default_settings_path

AUTO: Final = "auto"
"""What the settings say where the system is to decide."""


def speak(chosen: str) -> None:
    """Show texts in the language that `[language]` names, one of `LANGUAGES` or `AUTO`."""
    use_language(chosen if chosen in LANGUAGES else system_language())


def language_in(path: Path | None) -> str:
    """Return what a settings file says of the language, before anything else of it is read.

    None: the file in the default place. `AUTO` where it says nothing, or cannot be read: that is
    reported when the settings are.
    """
    try:
        place = path or default_settings_path()
        content = place.read_text(encoding="utf-8") if place.is_file() else ""
        said = tomllib.loads(content).get("language", AUTO)
    except (OSError, ValueError, RecursionError, ImportError, VcamError):
        return AUTO
    return said if isinstance(said, str) else AUTO
