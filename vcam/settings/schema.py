"""What each section of the settings file may hold. Defaults live in the rooms' own classes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from vcam.actions.plugins.plugins import PluginSettings
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.sensitivity import PRESETS
from vcam.overlay.settings import Colours
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

SectionT = TypeVar("SectionT")

CAMERA: Mapping[str, Check] = {
    "device": device,
    "width": whole(16, 7680),
    "height": whole(16, 4320),
    "fps": number(1, 240),
    "mirrored": flag,
}

OUTPUT: Mapping[str, Check] = {"kinds": outputs, "device": text}

COLOURS: Mapping[str, Check] = {"accent": colour, "hold": colour, "warn": colour}


def overlay(source: Source) -> Mapping[str, Check]:
    """Return the checks of `[overlay]`, which holds a table of colours."""

    def colours(value: object) -> Colours:
        key: Key = ("overlay", "colours")
        return read_section(source, key, source.table(key, value), (Colours, COLOURS))

    flags = ("in_call", "in_preview", "boxes", "labels", "progress", "badge")
    shows = choice("gestures", "reactions", "everything")
    return {**dict.fromkeys(flags, flag), "call_shows": shows, "colours": colours}


def recognition(folder: Path) -> Mapping[str, Check]:
    """Return the checks of `[recognition]`; its relative paths start at the settings' folder."""
    return {
        "detector": choice("onnx", "mediapipe"),
        "classifier": file_path(folder),
        "detector_model": file_path(folder),
        "mediapipe_model": file_path(folder),
        "rate_hz": number(1, 60),
        "idle_rate_hz": number(0.5, 60),
        "turned_looks": flag,
        "threads": whole(1, 16),
    }


GUARDS: Mapping[str, Check] = {
    **dict.fromkeys(
        ("cut", "clasped", "face", "still", "low", "both", "picture", "typing", "talking"), flag
    ),
    "find_score": number(0, 1),
    "arrival_ms": whole(0, 10_000),
}


def integrations(folder: Path) -> Mapping[str, Mapping[str, Check]]:
    """Return the checks of each section that names a program or device to speak to."""
    file, port = file_path(folder), whole(1, 65_535)
    return {
        "obs": {"host": host, "port": port, "password_file": file},
        "teams": {"host": host, "port": port},
        "mqtt": {
            "host": host,
            "port": port,
            "tls": flag,
            "ca_file": file,
            "username": text,
            "password_file": file,
            "topic": topic,
            "discovery": topic,
        },
        "webhook": {
            "url": url,
            "secret_file": file,
            "every_fire": flag,
            "time_limit_s": number(0.1, 10),
        },
        "stream": {"enabled": flag},
        "sounds": {"hold": flag, "fire": flag, "volume": number(0, 1)},
    }


def plugins(source: Source, table: Mapping[str, Any]) -> PluginSettings:
    """Return `[plugins]`, whose tables are the plug-ins' own. Raises `ConfigError`."""
    key: Key = ("plugins",)
    checks: Mapping[str, Check] = {"allow": plugin_names, "time_limit_s": number(0.1, 10)}
    tables = {name: value for name, value in table.items() if isinstance(value, dict)}
    plain = {name: value for name, value in table.items() if name not in tables}
    read = read_section(source, key, plain, (PluginSettings, checks))
    for name in tables:
        if name not in read.allow:
            raise source.error(
                (*key, name), f'[plugins.{name}] is for a plug-in that allow = ["{name}"] must name'
            )
    return replace(read, tables=tables)


def gestures(source: Source, classifier: str | None) -> Mapping[str, Check]:
    """Return the checks of `[gestures]`; the classifier says which gestures there are."""

    def guards(value: object) -> GuardSettings:
        key: Key = ("gestures", "guards")
        return read_section(source, key, source.table(key, value), (GuardSettings, GUARDS))

    return {
        "sensitivity": choice(*PRESETS),
        "hold_ms": whole(0, 10_000),
        "release_ms": whole(0, 10_000),
        "min_score": number(0, 1),
        "min_scores": score_table(classifier),
        "cooldown_ms": whole(0, 60_000),
        "purpose": number(0, 3),
        "arm": bindable(classifier),
        "armed_s": number(1, 3_600),
        "panic": bindable(classifier),
        "panic_key": chord,
        "practice": flag,
        "remember": flag,
        "max_people": whole(1, 10),
        "min_hand_px": whole(0, 2_000),
        "guards": guards,
    }


def score_table(classifier: str | None) -> Check:
    """Accept a table of minimum scores by gesture."""
    gesture, score = bindable(classifier), number(0, 1)

    def check(value: object) -> dict[str, float]:
        if not isinstance(value, dict):
            raise ValueError(f"must be a table such as {{ stop = 0.9 }}, not {shown(value)}")
        return {str(gesture(name)): float(score(least)) for name, least in value.items()}

    return check


def read_section(
    source: Source,
    key: Key,
    table: Mapping[str, Any],
    into: tuple[type[SectionT], Mapping[str, Check]],
) -> SectionT:
    """Return the section's class with what the table sets. Raises `ConfigError`."""
    section, checks = into
    source.check_names(key, table, checks)
    values = {
        name: read_value(source, (*key, name), value, checks[name]) for name, value in table.items()
    }
    return section(**values)


def read_value(source: Source, key: Key, value: object, check: Check) -> Any:
    """Return the checked value. Raises `ConfigError` that names the line and what is allowed."""
    try:
        return check(value)
    except ValueError as error:
        raise source.error(key, f"{dotted(key)} {error}") from None
