"""Read and check the bindings of one profile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vcam.actions.action import (
    CallPlugin,
    HoldKeys,
    PressKeys,
    RunCommand,
    UseProfile,
    parse_action,
)
from vcam.core.binding import Binding
from vcam.core.labels import SWIPES, THEN
from vcam.core.texts import _
from vcam.core.unicode_names import known_as
from vcam.errors import ConfigError
from vcam.settings.bindable import bindable
from vcam.settings.plugin_calls import check_call
from vcam.settings.schema import read_value
from vcam.settings.source import Source, dotted, one_of, shown
from vcam.settings.toml_lines import Key
from vcam.settings.validators import Check, choice, text, texts, whole


def binding_checks(classifier: str | None) -> Mapping[str, Check]:
    """Return the check of each part of a binding; the classifier says which gestures there are."""
    return {
        "gesture": bindable(classifier),
        "hand": choice("left", "right", "any", "both"),
        "action": text,
        "hold_ms": whole(0, 10_000),
        "focus": texts,
    }


@dataclass(frozen=True, slots=True)
class Allowed:
    """What bindings may refer to."""

    profiles: tuple[str, ...]
    commands: bool
    classifier: str | None = None
    """An `.onnx` classifier whose gestures may be bound too; None: the shipped one."""
    plugins: tuple[str, ...] = ()
    """Plug-ins that actions may name."""


def read_bindings(source: Source, key: Key, value: object, allowed: Allowed) -> tuple[Binding, ...]:
    """Return the bindings that the list at `key` holds. Raises `ConfigError`."""
    if not isinstance(value, list):
        raise source.error(
            key,
            _("{key} must be a list in square brackets, not {value}").format(
                key=dotted(key), value=shown(value)
            ),
        )
    bindings: list[Binding] = []
    for index, item in enumerate(value):
        place = (*key, index)
        binding = _read_binding(source, place, source.table(place, item), allowed)
        _check_new(source, key, binding, bindings)
        bindings.append(binding)
    return tuple(bindings)


def _read_binding(source: Source, key: Key, table: Mapping[str, Any], allowed: Allowed) -> Binding:
    checks = binding_checks(allowed.classifier)
    source.check_names(key, table, checks)
    for name in ("gesture", "action"):
        if name not in table:
            raise source.error(
                key,
                _('{key} has no "{name}"; write {{ gesture = …, action = … }}').format(
                    key=dotted(key), name=name
                ),
            )
    values = {
        name: read_value(source, (*key, name), value, checks[name]) for name, value in table.items()
    }
    binding = Binding(**values)
    with _reported_at(source, (*key, "hand")):
        check_hand(binding)
    with _reported_at(source, (*key, "action")):
        check_action(binding.action, allowed)
    return binding


@contextmanager
def _reported_at(source: Source, key: Key) -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        raise source.error(
            key, _("{key}: {problem}").format(key=dotted(key), problem=error)
        ) from None


def check_hand(binding: Binding) -> None:
    """Raise `ConfigError` unless that many hands can make the gesture."""
    if binding.hand == "both" and (binding.gesture in SWIPES or THEN in binding.gesture):
        raise ConfigError(
            _(
                '"both" hands cannot make {gesture}, which takes one hand at a time; choose '
                "left, right or any"
            ).format(gesture=binding.gesture)
        )


def check_action(action: str, allowed: Allowed) -> None:
    """Raise `ConfigError` unless the action can be carried out with these settings."""
    parsed = parse_action(action)
    if isinstance(parsed, RunCommand) and not allowed.commands:
        raise ConfigError(
            _("run: starts programs, which needs allow_commands = true in the settings")
        )
    if isinstance(parsed, UseProfile) and known_as(parsed.name, allowed.profiles) not in (
        allowed.profiles
    ):
        hint = one_of(parsed.name, allowed.profiles)
        raise ConfigError(
            _('there is no profile "{name}"{hint}').format(name=parsed.name, hint=hint)
        )
    if isinstance(parsed, CallPlugin):
        check_call(parsed, allowed.plugins)


def needs_focus(action: str) -> bool:
    """Tell whether a checked action goes to whatever window has the focus: keys do."""
    return isinstance(parse_action(action), PressKeys | HoldKeys)


def _check_new(source: Source, key: Key, binding: Binding, before: list[Binding]) -> None:
    for index, other in enumerate(before):
        if (other.gesture, other.hand) == (binding.gesture, binding.hand):
            line = source.line((*key, index))
            raise source.error(
                (*key, len(before)),
                _("{gesture} by {by} is bound on line {line} already; keep one of the two").format(
                    gesture=binding.gesture, by=binding.by, line=line
                ),
            )
