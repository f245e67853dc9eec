"""Change the settings file: set a value, write a binding, take one out; comments and layout stay.

What cannot be edited safely is refused in one sentence that says what to write by hand. Programs
that write at the same time wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from vcam.core.binding import Binding
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.settings.binding_edit import Bindings, has_profile, ways_to_bind, ways_to_remove
from vcam.settings.bindings import Allowed, binding_checks, check_action, check_hand, needs_focus
from vcam.settings.dump import binding_toml
from vcam.settings.load import TOP, parse_settings
from vcam.settings.plugin_calls import usable_plugins
from vcam.settings.schema import SECTIONS
from vcam.settings.settings import Settings
from vcam.settings.settings_file import editing, read_text, write_settings
from vcam.settings.source import LineError, Source
from vcam.settings.toml_edit import dotted_key, first_right, set_value, toml
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


def write_value(path: Path, key: Sequence[str], value: object, template: str) -> Settings:
    """Set one value, such as `("gestures", "hold_ms")`, and return what the file says then.

    `template` is what a file begins with where there is none. Raises `ConfigError` and leaves the
    file as it was.
    """
    with editing(path):
        text = _text(path, template)
        parse_settings(text, path)
        changed = set_value(text, _place(text, key), value)
        if changed is None:
            raise ConfigError(
                _(
                    "the layout of {path} has no place for this; set {key} = {value} there by hand"
                ).format(path=path, key=dotted_key(key), value=toml(value))
            )
        try:
            return write_settings(path, changed)
        except LineError as error:  # its line is one that the file does not have
            raise ConfigError(error.problem) from None


def write_binding(
    path: Path, binding: Binding, profile: str | None, template: str, *, keep_focus: bool = True
) -> Bound:
    """Add the binding to a profile, in the place of the one for the same gesture and hand.

    Without `profile`, the one that the file selects; a name that is new makes a new profile.
    `template` is what a file begins with where there is none. With `keep_focus`, keys that have no
    `focus` of their own take that of the binding whose place they take. Raises `ConfigError` and
    leaves the file as it was.
    """
    with editing(path):
        text = _text(path, template)
        before = parse_settings(text, path)
        check_binding(binding, before, profile)
        name = profile or before.profile
        old = before.profiles.get(name, ())
        binding = _as_guarded_as(old, binding) if keep_focus else binding
        new = _with(old, binding)
        ways = ways_to_bind(text, name, binding, new)
        changed = first_right(text, ways, partial(_says, path, before, name, new))
        if changed is None:
            raise ConfigError(
                _(
                    "the layout of {path} has no place for this; add {binding} to profile {name} "
                    "by hand"
                ).format(path=path, binding=binding_toml(binding), name=name)
            )
        copied = bool(old) and not has_profile(text, name)
        write_settings(path, changed)
    same = [each for each in old if each.gesture == binding.gesture]
    return Bound(
        profile=name,
        binding=binding,
        replaced=next((each for each in same if each.hand == binding.hand), None),
        overlapping=tuple(each for each in same if each.hand != binding.hand),
        copied=copied,
    )


def remove_binding(path: Path, binding: Binding, profile: str, template: str) -> Settings:
    """Take the binding of this gesture and hand out of a profile, and return the settings then.

    A shipped profile is copied into the file first. Raises `ConfigError` and leaves the file as it
    was, also when there is no such binding.
    """
    with editing(path):
        text = _text(path, template)
        before = parse_settings(text, path)
        old = before.profiles.get(profile, ())
        spot = _spot(old, binding)
        if spot is None:
            raise ConfigError(
                _("{gesture} by {by} is not bound in {profile}").format(
                    gesture=binding.gesture, by=binding.by, profile=profile
                )
            )
        left = (*old[:spot], *old[spot + 1 :])
        ways = ways_to_remove(text, profile, spot, left)
        right = partial(_says, path, before, profile, left)
        # The comment of a binding may go with it.
        changed = first_right(text, ways, right) or first_right(
            text, ways, right, keep_comments=False
        )
        if changed is None:
            raise ConfigError(
                _("the layout of {path} cannot be edited; take the line out by hand").format(
                    path=path
                )
            )
        return write_settings(path, changed)


def check_binding(binding: Binding, settings: Settings, profile: str | None = None) -> None:
    """Raise `ConfigError`, one sentence without a line, unless the settings can take the binding.

    `profile` is one that need not exist yet.
    """
    for name, check in binding_checks(settings.recognition.classifier).items():
        value = getattr(binding, name)
        if value is not None:
            _check_part(name, value, check)
    check_hand(binding)
    check_action(binding.action, allowed_by(settings, profile))


def allowed_by(settings: Settings, profile: str | None = None) -> Allowed:
    """Return what actions may refer to; `profile` is one that need not exist yet."""
    return Allowed(
        profiles=(*settings.profiles, *([profile] if profile else [])),
        commands=settings.allow_commands,
        plugins=usable_plugins(settings.integrations),
    )


def _check_part(name: str, value: object, check: Check) -> None:
    try:
        check(value)
    except ValueError as error:
        raise ConfigError(_("{key} {problem}").format(key=name, problem=error)) from None


def _place(text: str, key: Sequence[str]) -> Sequence[str]:
    """Return where a setting of the top level stands: people write it below a section too."""
    data = Source.parse(text, "").data
    for section in SECTIONS:
        if len(key) == 1 and key[0] in TOP and key[0] in data.get(section, {}):
            return (section, *key)
    return key


def _text(path: Path, template: str) -> str:
    text = read_text(path)
    return template if text is None else text.removeprefix("\ufeff")


def _says(path: Path, before: Settings, name: str, bindings: Bindings, text: str) -> bool:
    """Tell whether a text says what was said before, but for one profile's bindings."""
    try:
        after = parse_settings(text, path)
    except ConfigError:
        return False
    profiles = {**before.profiles, name: bindings}
    return after == replace(before, profiles=after.profiles) and after.profiles == profiles


def _as_guarded_as(old: Sequence[Binding], binding: Binding) -> Binding:
    """Return the binding with the `focus` of the one that it replaces, if it has none of its own.

    Other keys are no more welcome in the wrong window; what is not a key needs no window.
    """
    spot = _spot(old, binding)
    if spot is None or binding.focus or not needs_focus(binding.action):
        return binding
    return replace(binding, focus=old[spot].focus)


def _with(old: Sequence[Binding], binding: Binding) -> Bindings:
    spot = _spot(old, binding)
    if spot is None:
        return (*old, binding)
    return (*old[:spot], binding, *old[spot + 1 :])


def _spot(old: Sequence[Binding], binding: Binding) -> int | None:
    key = (binding.gesture, binding.hand)
    return next((i for i, each in enumerate(old) if (each.gesture, each.hand) == key), None)
