"""Take one value out of the settings file, so that the default is in force again."""

from collections.abc import Sequence
from pathlib import Path

import tomlkit

from vcam.settings.load import parse_settings
from vcam.settings.settings import Settings
from vcam.settings.settings_file import editing, read_text, write_settings


def clear_value(path: Path, key: Sequence[str], template: str) -> Settings:
    """Remove `key`, such as `("gestures", "arm")`; one that is not set is no fault.

    Raises `ConfigError` and leaves the file as it was.
    """
    with editing(path):
        text = read_text(path)
        text = template if text is None else text
        parse_settings(text, path)
        document = tomlkit.parse(text)
        table = document
        for part in key[:-1]:
            table = table.get(part, {})
        if key[-1] in table:
            del table[key[-1]]
        return write_settings(path, tomlkit.dumps(document))
