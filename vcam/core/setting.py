"""One setting: its default, what it may be and what it is for, said once.

Each room's settings class declares its fields with `setting`. The checks of the settings file, the
template of a new one, the panel's form and `docs/settings.md` are all made from what stands there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`, which a form moves by `step`."""

    low: int
    high: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`, which a form moves by `step`."""

    low: float
    high: float
    step: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words."""

    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of settings of its own."""

    of: type


Plain = Literal[
    "flag",
    "text",
    "path",
    "device",
    "outputs",
    "chord",
    "gesture",
    "gesture_scores",
    "colour",
    "host",
    "url",
    "topic",
    "plugin_names",
]
"""Kinds without a range; `vcam.settings.schema` has the check of each."""
Rule: TypeAlias = Whole | Number | Choice | Table | Plain
_KEY = "setting"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one setting beside its name."""

    default: Any
    """As the settings class holds it; None: left to the program."""
    rule: Rule
    says: str
    """What it is for, short enough to stand beside a control, with the unit."""
    more: str = ""
    """What else there is to know, in a sentence or two."""
    example: Any = None
    """What a template shows where there is no default."""


def setting(default: T, rule: Rule, says: str, more: str = "", example: Any = None) -> T:
    """Return the field of a settings dataclass, which type checkers take for its default."""
    about = Setting(default, rule, says, more, example)
    return field(default=default, metadata={_KEY: about})


def setting_made(
    make: Callable[[], T], rule: Rule, says: str, more: str = "", example: Any = None
) -> T:
    """Return the same for a default that each instance makes for itself, such as a table."""
    about = Setting(make(), rule, says, more, example)
    return field(default_factory=make, metadata={_KEY: about})


def settings_of(section: type) -> Mapping[str, Setting]:
    """Return the settings that a class declares, by name, in their order."""
    return {each.name: each.metadata[_KEY] for each in fields(section) if _KEY in each.metadata}
