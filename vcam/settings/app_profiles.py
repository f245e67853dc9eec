"""The profiles that come with the program, each with the chords of this system."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal

from vcam.core.binding import Binding
from vcam.core.gesture_names import TITLES, gesture_title
from vcam.core.texts import _
from vcam.settings.bindings import Allowed, read_bindings
from vcam.settings.source import Source

System = Literal["windows", "macos", "linux"]

SYSTEMS: Final[tuple[System, ...]] = ("windows", "macos", "linux")


@dataclass(frozen=True, slots=True)
class ShippedProfile:
    """Bindings for one app, and what the person must switch on in it."""

    title: str
    """The app's own name."""
    template: str
    """What it needs, in English, with gestures in braces by their names in settings."""
    bindings: tuple[Binding, ...]
    when: tuple[str, ...] = ()
    """What the app is known by: one word, its program's; several, its program's or its title's."""

    @property
    def needs(self) -> str:
        """One or two sentences: what to set in the app, and when its keys work."""
        return _(self.template).format(**{name: gesture_title(name) for name in TITLES})


def this_system() -> System:
    """Return the system that the program runs on; other Unixes count as Linux."""
    if sys.platform == "win32":
        return "windows"
    return "macos" if sys.platform == "darwin" else "linux"


@cache
def shipped_profiles(system: System) -> Mapping[str, ShippedProfile]:
    """Return the shipped profiles by name, with the chords of `system`."""
    from importlib.resources import files

    text = files("vcam.settings").joinpath("profiles.toml").read_text(encoding="utf-8")
    source = Source.parse(text, "profiles.toml")
    allowed = Allowed(profiles=tuple(source.data), commands=False)
    return MappingProxyType({name: _read(source, name, system, allowed) for name in source.data})


def _read(source: Source, name: str, system: System, allowed: Allowed) -> ShippedProfile:
    table: Mapping[str, Any] = source.data[name]
    variant = system if system in table else "every_system"
    chosen = table[variant]
    bindings = read_bindings(source, (name, variant, "bindings"), chosen["bindings"], allowed)
    when = tuple(table.get("when", ()))
    return ShippedProfile(table["title"], chosen["needs"], bindings, when)
