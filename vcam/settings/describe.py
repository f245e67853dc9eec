"""The settings as text for people: the template of a new file, and what is in force."""

from pathlib import Path

from vcam.settings import Settings


def template() -> str:
    """Return what a new settings file says."""
    from importlib.resources import files

    return files("vcam.settings").joinpath("template.toml").read_text(encoding="utf-8")


def describe(path: Path, settings: Settings) -> str:
    """Return one line about the settings in use."""
    origin = str(path) if path.exists() else f"no file at {path}, so the defaults hold"
    count = len(settings.bindings)
    return f"{origin}; profile {settings.profile} with {count} binding{'s'[: count != 1]}"
