"""The checks of the settings file, made from what the rooms' settings classes declare."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar, get_type_hints

from vcam.actions.plugins.plugins import PluginSettings
from vcam.camera.settings import CameraSettings
from vcam.core.setting import Choice, Number, Rule, Setting, Table, Whole, settings_of
from vcam.core.texts import _
from vcam.gestures.settings import GestureSettings
from vcam.integrations.settings import IntegrationSettings
from vcam.output.settings import OutputSettings
from vcam.overlay.settings import OverlaySettings
from vcam.settings.bindable import bindable
from vcam.settings.source import Source, dotted, shown
from vcam.settings.toml_lines import Key
from vcam.settings.validators import (
    Check,
    choice,
    chord,
    colour,
    device,
    file_path,
    flag,
    host,
    number,
    outputs,
    plugin_names,
    text,
    topic,
    url,
    whole,
)
from vcam.vision.settings import RecognitionSettings

SectionT = TypeVar("SectionT")

SECTIONS: Final[Mapping[str, type]] = {
    "camera": CameraSettings,
    "output": OutputSettings,
    "overlay": OverlaySettings,
    "recognition": RecognitionSettings,
    "gestures": GestureSettings,
}
"""The sections of the file, in their order, each with the class that declares its settings."""
INTEGRATIONS: Final[Mapping[str, type]] = get_type_hints(IntegrationSettings)
"""The same of sections that name programs and devices to speak to."""


@dataclass(frozen=True, slots=True)
class Context:
    """What checks need to know beside the value."""

    source: Source
    folder: Path = Path()
    """Where relative paths start."""
    classifier: str | None = None
    """Whose card says which gestures there are; None: the shipped one."""


def section_checks(section: type, key: Key, context: Context) -> Mapping[str, Check]:
    """Return the check of each setting that a class declares; `key` is where its table stands."""
    return {
        name: check_of(each.rule, (*key, name), context)
        for name, each in settings_of(section).items()
    }


def check_of(rule: Rule, key: Key, context: Context) -> Check:
    """Return the check of one setting."""
    if isinstance(rule, Whole):
        return whole(rule.low, rule.high)
    if isinstance(rule, Number):
        return number(rule.low, rule.high)
    if isinstance(rule, Choice):
        return choice(*rule.allowed)
    if isinstance(rule, Table):
        section = rule.of
        return lambda value: read_section(context, key, context.source.table(key, value), section)
    plain: Mapping[str, Check] = {
        "flag": flag,
        "text": text,
        "path": file_path(context.folder),
        "device": device,
        "outputs": outputs,
        "chord": chord,
        "colour": colour,
        "host": host,
        "url": url,
        "topic": topic,
        "plugin_names": plugin_names,
    }
    if rule in plain:
        return plain[rule]
    gesture = bindable(context.classifier)
    return gesture if rule == "gesture" else score_table(gesture)


def score_table(gesture: Check) -> Check:
    """Accept a table of minimum scores by gesture."""
    score = number(0, 1)

    def check(value: object) -> dict[str, float]:
        if not isinstance(value, dict):
            raise ValueError(
                _("must be a table such as {{ stop = 0.9 }}, not {value}").format(
                    value=shown(value)
                )
            )
        return {str(gesture(name)): float(score(lowest)) for name, lowest in value.items()}

    return check


def read_section(
    context: Context, key: Key, table: Mapping[str, Any], section: type[SectionT]
) -> SectionT:
    """Return the section's class with what the table sets. Raises `ConfigError`."""
    source, checks = context.source, section_checks(section, key, context)
    source.check_names(key, table, checks)
    values = {
        name: read_value(source, (*key, name), value, checks[name]) for name, value in table.items()
    }
    return section(**values)


def read_plugins(context: Context, table: Mapping[str, Any]) -> PluginSettings:
    """Return `[plugins]`, whose tables are the plug-ins' own. Raises `ConfigError`."""
    tables = {name: value for name, value in table.items() if isinstance(value, dict)}
    plain = {name: value for name, value in table.items() if name not in tables}
    read = read_section(context, ("plugins",), plain, PluginSettings)
    for name in tables:
        if name not in read.allow:
            raise context.source.error(
                ("plugins", name),
                _('[plugins.{name}] is for a plug-in that allow = ["{name}"] must name').format(
                    name=name
                ),
            )
    return replace(read, tables=tables)


def read_value(source: Source, key: Key, value: object, check: Check) -> Any:
    """Return the checked value. Raises `ConfigError` that names the line and what is allowed."""
    try:
        return check(value)
    except ValueError as error:
        raise source.error(
            key, _("{key} {problem}").format(key=dotted(key), problem=error)
        ) from None


def setting_at(key: str) -> Setting:
    """Return what is known of a setting by its dotted key, such as `gestures.guards.typing`."""
    section, *path = key.split(".")
    declared = settings_of({**SECTIONS, **INTEGRATIONS}[section])
    for name in path[:-1]:
        rule = declared[name].rule
        assert isinstance(rule, Table)  # noqa: S101 - only tables have settings below them
        declared = settings_of(rule.of)
    return declared[path[-1]]
