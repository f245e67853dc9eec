"""Print settings in full, defaults included."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import tomlkit

from vcam.core.binding import Binding
from vcam.integrations.settings import IntegrationSettings
from vcam.settings.app_profiles import shipped_profiles, this_system
from vcam.settings.schema import SECTIONS
from vcam.settings.settings import Settings


def settings_table(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain data for JSON; None where a setting is left to the program."""
    return {
        "profile": settings.profile,
        "follow_call": settings.follow_call,
        "language": settings.language,
        "allow_commands": settings.allow_commands,
        **{name: asdict(getattr(settings, name)) for name in SECTIONS},
        **_integrations(settings.integrations),
        "profiles": {
            name: {
                "bindings": [asdict(binding) for binding in bindings],
                **({"when": settings.when[name]} if name in settings.when else {}),
            }
            for name, bindings in settings.profiles.items()
        },
    }


def settings_toml(settings: Settings) -> str:
    """Return the settings as TOML that reads back as the same settings."""
    lines = [
        f"profile = {_value(settings.profile)}",
        f"follow_call = {_value(settings.follow_call)}",
        f"language = {_value(settings.language)}",
        f"allow_commands = {_value(settings.allow_commands)}",
    ]
    for name in SECTIONS:
        lines += ["", f"[{name}]", *_section(asdict(getattr(settings, name)))]
    for name, table in _integrations(settings.integrations).items():
        lines += ["", f"[{name}]", *_section(table)]
    for name, bindings in settings.profiles.items():
        when = settings.when.get(name)
        lines += ["", *_needs(name, bindings), *profile_lines(name, bindings, when)]
    return "\n".join(lines) + "\n"


def _integrations(settings: IntegrationSettings) -> dict[str, dict[str, Any]]:
    """Return each section; `[plugins]` holds the plug-ins' own tables beside its settings."""
    sections = asdict(settings)
    plugins = sections["plugins"]
    plugins |= plugins.pop("tables")
    return sections


def profile_lines(
    name: str, bindings: tuple[Binding, ...], when: tuple[str, ...] | None = None
) -> list[str]:
    """Return a profile as lines of TOML."""
    header = [f"[profiles.{tomlkit.key(name).as_string()}]"]
    header += [] if when is None else [f"when = {_value(when)}"]
    if not bindings:
        return [*header, "bindings = []"]
    return [*header, "bindings = [", *(f"  {binding_toml(each)}," for each in bindings), "]"]


def binding_toml(binding: Binding) -> str:
    """Return a binding as an inline table of TOML, without what is default."""
    parts = {"gesture": binding.gesture, "hand": binding.hand, "action": binding.action}
    if binding.hand == "any":
        del parts["hand"]
    text = ", ".join(f"{name} = {_value(value)}" for name, value in parts.items())
    hold = "" if binding.hold_ms is None else f", hold_ms = {binding.hold_ms}"
    focus = f", focus = {_value(binding.focus)}" if binding.focus else ""
    return f"{{ {text}{hold}{focus} }}"


def _section(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if value is None:
            yield f"# {name}: left to the program"
        else:
            yield f"{tomlkit.key(name).as_string()} = {_value(value)}"


def _needs(name: str, bindings: tuple[Binding, ...]) -> list[str]:
    shipped = shipped_profiles(this_system()).get(name)
    return [f"# {shipped.needs}"] if shipped and shipped.bindings == bindings else []


def _value(value: object) -> str:
    if isinstance(value, dict):
        parts = (f"{tomlkit.key(key).as_string()} = {_value(part)}" for key, part in value.items())
        return f"{{ {', '.join(parts)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return tomlkit.item(value).as_string()
