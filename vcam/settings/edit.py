"""Change single settings, or take a binding away, in the settings file; comments stay."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.settings.atomic_write import read_text, write_settings
from vcam.settings.dump import profile_lines
from vcam.settings.load import parse_settings
from vcam.settings.settings import Settings
from vcam.settings.toml_lines import line_numbers


def write_value(path: Path, key: Sequence[str], value: object, template: str) -> Settings:
    """Set one value, such as `("gestures", "hold_ms")`, and return what the file says then.

    `template` is what a file begins with where there is none. Raises `ConfigError` and leaves the
    file as it was.
    """
    text = _text(path, template)
    before = parse_settings(text, path)
    try:
        document = tomlkit.parse(text)
        changed = _replaced(document, key, value) or _inserted(text, key, value)
    except TOMLKitError:
        raise _by_hand(path, key, value) from None
    changed = _same_ends(changed, text)
    after = parse_settings(changed, path)
    if not _only(key[0], before, after):
        raise _by_hand(path, key, value)
    return write_settings(path, changed)


def remove_binding(path: Path, binding: Binding, profile: str, template: str) -> Settings:
    """Take the binding of this gesture and hand out of a profile, and return the settings then.

    A shipped profile is copied into the file first. Raises `ConfigError` and leaves the file as it
    was, also when there is no such binding.
    """
    text = _text(path, template)
    before = parse_settings(text, path)
    old = before.profiles.get(profile, ())
    left = tuple(each for each in old if _key(each) != _key(binding))
    if len(left) == len(old):
        raise ConfigError(f"{binding.gesture} by the hand {binding.hand} is not bound in {profile}")
    changed = _same_ends(_without(text, path, profile, binding, left), text)
    after = parse_settings(changed, path)
    if after.profiles != {**before.profiles, profile: left}:
        raise ConfigError(f"the layout of {path} cannot be edited; take the line out by hand")
    return write_settings(path, changed)


def _text(path: Path, template: str) -> str:
    text = read_text(path)
    return template if text is None else text.removeprefix("\ufeff")


def _replaced(document: Any, key: Sequence[str], value: object) -> str | None:
    """Return the text with the value in its place; None when its table is not there yet."""
    table = document
    for name in key[:-1]:
        if name not in table:
            return None
        table = table[name]
    if len(key) < 3 and key[-1] not in table:  # a section's new key goes to its top instead
        return None
    table[key[-1]] = value
    return tomlkit.dumps(document)


def _inserted(text: str, key: Sequence[str], value: object) -> str:
    """Return the text with a new line: below its section's header, or before everything."""
    section, name, *rest = (*key,) if len(key) > 1 else ("", *key)
    shown = tomlkit.item(value).as_string()
    if rest:
        shown = f"{{ {tomlkit.key(rest[0]).as_string()} = {shown} }}"
    line = f"{tomlkit.key(name).as_string()} = {shown}"
    if not section:
        return f"{line}\n{text}"
    lines = text.splitlines(keepends=True)
    at = line_numbers(text).get((section,))
    if at is None or not lines[at - 1].lstrip().startswith("["):
        return (
            f"{text.rstrip()}\n\n[{section}]\n{line}\n"
            if text.strip()
            else f"[{section}]\n{line}\n"
        )
    if not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    return "".join([*lines[:at], f"{line}\n", *lines[at:]])


def _without(
    text: str, path: Path, profile: str, binding: Binding, left: tuple[Binding, ...]
) -> str:
    try:
        document: Any = tomlkit.parse(text)
        own = document.get("profiles", {})
        if profile not in own:
            return f"{text.rstrip()}\n\n" + "\n".join(profile_lines(profile, left)) + "\n"
        bindings = own[profile]["bindings"]
        for index, each in enumerate(bindings):
            if (each["gesture"], each.get("hand", "any")) == _key(binding):
                del bindings[index]
                break
        return tomlkit.dumps(document)
    except TOMLKitError:
        raise ConfigError(f"{path} cannot be edited; take the binding out by hand") from None


def _same_ends(changed: str, text: str) -> str:
    if "\r\n" not in text:
        return changed
    return changed.replace("\r\n", "\n").replace("\n", "\r\n")


def _key(binding: Binding) -> tuple[str, str]:
    return binding.gesture, binding.hand


def _only(section: str, before: Settings, after: Settings) -> bool:
    """Tell whether nothing but one section, or one setting of the top, has changed."""
    return replace(after, **{section: getattr(before, section)}) == before


def _by_hand(path: Path, key: Sequence[str], value: object) -> ConfigError:
    return ConfigError(f"{path} cannot be edited; set {'.'.join(key)} = {value!r} there by hand")
