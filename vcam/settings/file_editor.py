"""Write one binding into the settings file, keeping its comments and layout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.settings.atomic_write import read_text, write_settings
from vcam.settings.bindings import Allowed, binding_checks, check_action, check_hand, needs_focus
from vcam.settings.dump import binding_toml, profile_lines
from vcam.settings.load import parse_settings
from vcam.settings.settings import Settings
from vcam.settings.validators import Check


@dataclass(frozen=True, slots=True)
class Bound:
    """What writing a binding did."""

    profile: str
    binding: Binding
    replaced: Binding | None
    """The one for the same gesture and hand that was there before."""
    overlapping: tuple[Binding, ...]
    """Other bindings of the same gesture, by another choice of hand."""
    copied: bool
    """Whether a shipped profile was copied into the file, to be changed there."""


def check_binding(binding: Binding, settings: Settings, profile: str | None = None) -> None:
    """Raise `ConfigError`, one sentence without a line, unless the settings can take the binding.

    `profile` is one that need not exist yet.
    """
    for name, check in binding_checks(settings.recognition.classifier).items():
        value = getattr(binding, name)
        if value is not None:
            _check_part(name, value, check)
    check_hand(binding)
    names = (*settings.profiles, *([profile] if profile else []))
    check_action(binding.action, Allowed(profiles=names, commands=settings.allow_commands))


def _check_part(name: str, value: object, check: Check) -> None:
    try:
        check(value)
    except ValueError as error:
        raise ConfigError(f"{name} {error}") from None


def write_binding(
    path: Path, binding: Binding, profile: str | None, template: str, *, keep_focus: bool = True
) -> Bound:
    """Add the binding to a profile, in the place of the one for the same gesture and hand.

    Without `profile`, the one that the file selects; a name that is new makes a new profile.
    `template` is what a file begins with where there is none. With `keep_focus`, keys that have no
    `focus` of their own take that of the binding whose place they take. Raises `ConfigError` and
    leaves the file as it was.
    """
    text = read_text(path)
    text = template if text is None else text.removeprefix("\ufeff")
    before = parse_settings(text, path)
    check_binding(binding, before, profile)
    name = profile or before.profile
    old = before.profiles.get(name, ())
    binding = _as_guarded_as(old, binding) if keep_focus else binding
    new = _with(old, binding)
    changed, copied = _edit(text, path, name, binding, new)
    _check(changed, path, before, name, new)
    write_settings(path, changed)
    same = [each for each in old if each.gesture == binding.gesture]
    return Bound(
        profile=name,
        binding=binding,
        replaced=next((each for each in same if each.hand == binding.hand), None),
        overlapping=tuple(each for each in same if each.hand != binding.hand),
        copied=copied and bool(old),
    )


def _as_guarded_as(old: Sequence[Binding], binding: Binding) -> Binding:
    """Return the binding with the `focus` of the one that it replaces, if it has none of its own.

    Other keys are no more welcome in the wrong window; what is not a key needs no window.
    """
    spot = _spot(old, binding)
    if spot is None or binding.focus or not needs_focus(binding.action):
        return binding
    return replace(binding, focus=old[spot].focus)


def _with(old: Sequence[Binding], binding: Binding) -> tuple[Binding, ...]:
    spot = _spot(old, binding)
    if spot is None:
        return (*old, binding)
    return (*old[:spot], binding, *old[spot + 1 :])


def _spot(old: Sequence[Binding], binding: Binding) -> int | None:
    key = (binding.gesture, binding.hand)
    return next((i for i, each in enumerate(old) if (each.gesture, each.hand) == key), None)


def _edit(
    text: str, path: Path, name: str, binding: Binding, new: tuple[Binding, ...]
) -> tuple[str, bool]:
    """Return the changed text, and whether the profile is new in it."""
    try:
        document = tomlkit.parse(text)
        own: Any = document.get("profiles", {})
        if name not in own:
            return _append(text, name, new), True
        bindings: Any = own[name]["bindings"]
        spot = _spot([_plain(each) for each in bindings], binding)
        if spot is None:
            bindings.append(_item(binding, in_tables=isinstance(bindings, AoT)))
        else:
            _change(bindings, spot, binding)
    except TOMLKitError as error:
        raise _by_hand(path, name, binding) from error
    return _text(document, text), False


def _append(text: str, name: str, bindings: tuple[Binding, ...]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text.rstrip() + newline * 2 if text.strip() else ""
    return head + newline.join(profile_lines(name, bindings)) + newline


def _text(document: TOMLDocument, old: str) -> str:
    text = tomlkit.dumps(document)
    return text.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in old else text


def _plain(table: Any) -> Binding:  # tomlkit's tables have no one type
    return Binding(gesture=table["gesture"], action="", hand=table.get("hand", "any"))


def _item(binding: Binding, *, in_tables: bool) -> Any:  # tomlkit's tables have no one type
    inline: Any = tomlkit.parse(f"binding = {binding_toml(binding)}")["binding"]
    if not in_tables:
        return inline
    table = tomlkit.table()
    table.update(inline.unwrap())
    return table


def _change(bindings: Any, spot: int, binding: Binding) -> None:
    if isinstance(bindings, AoT):
        table: Any = bindings[spot]
        table.update({"action": binding.action})
        table.pop("hold_ms", None)
        if binding.hold_ms is not None:
            table["hold_ms"] = binding.hold_ms
        table.pop("focus", None)
        if binding.focus:
            table["focus"] = list(binding.focus)
    else:
        bindings[spot] = _item(binding, in_tables=False)


def _check(text: str, path: Path, before: Settings, name: str, new: tuple[Binding, ...]) -> None:
    """Make sure that the edit did what it should and nothing else."""
    try:
        after = parse_settings(text, path)
    except ConfigError as error:
        # Either the binding itself is wrong, or this layout cannot take another profile.
        if "not valid TOML" not in str(error):
            raise
        raise _by_hand(path, name, new[-1]) from error
    if after.profiles != {**before.profiles, name: new}:
        raise _by_hand(path, name, new[-1])


def _by_hand(path: Path, name: str, binding: Binding) -> ConfigError:
    return ConfigError(
        f"the layout of {path} has no place for this; "
        f"add {binding_toml(binding)} to profile {name} by hand"
    )
