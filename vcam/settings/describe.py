"""One line about the settings in force."""

from pathlib import Path

from vcam.settings import Settings


def describe(path: Path, settings: Settings) -> str:
    """Return one line about the settings in use."""
    origin = str(path) if path.exists() else f"no file at {path}, so the defaults hold"
    count = len(settings.bindings)
    return f"{origin}; profile {settings.profile} with {count} binding{'s'[: count != 1]}"
