"""The parser of every command: its help keeps the paragraphs, and says every option's default."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from training.errors import TrainingError

ROOT = Path(__file__).parents[1]


class OptionParser(argparse.ArgumentParser):
    """A parser whose help says what an option is when it is left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": HelpWithDefaults, **options})


class HelpWithDefaults(argparse.RawDescriptionHelpFormatter):
    """Adds the default to the help of an option, unless the help tells it in its own words."""

    def add_argument(self, action: argparse.Action) -> None:
        """Show an option that has no help, too, for its default's sake."""
        if action.help is None and _default_of(action):
            action.help = _default_of(action)
        super().add_argument(action)

    def _get_help_string(self, action: argparse.Action) -> str:
        said = action.help or ""
        default = _default_of(action)
        return said if not default or "default" in said else f"{said} ({default})".strip()


def refuse_a_file(out: Path) -> None:
    """Raise `TrainingError` when what should be a folder to write into is a file."""
    if out.exists() and not out.is_dir():
        raise TrainingError(f"{out} is a file: name a folder with --out.")


def _default_of(action: argparse.Action) -> str:
    """Return `default: …`; empty where leaving the option out means nothing, or it is required."""
    value = action.default
    if not action.option_strings or action.required or value is argparse.SUPPRESS:
        return ""
    if value is None or value is False or value == []:
        return ""
    values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return "default: " + " ".join(map(_shown, values)).replace("%", "%%")


def _shown(value: object) -> str:
    """Return a default as a person would type it: files of the repository from its root."""
    if isinstance(value, Path) and value.is_relative_to(ROOT):
        return str(value.relative_to(ROOT)).replace(os.sep, "/")
    return f"{value:g}" if isinstance(value, float) else str(value)
