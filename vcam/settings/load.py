"""Turn a settings file into `Settings`, or into one sentence that says what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from vcam.core.binding import Binding
from vcam.core.texts import LANGUAGES, _
from vcam.core.unicode_names import known_as
from vcam.errors import ConfigError
from vcam.gestures.sensitivity import PRESETS
from vcam.gestures.settings import GestureSettings
from vcam.integrations.settings import IntegrationSettings
from vcam.settings.bindings import Allowed, read_bindings
from vcam.settings.language import AUTO
from vcam.settings.plugin_calls import usable_plugins
from vcam.settings.schema import (
    INTEGRATIONS,
    SECTIONS,
    Context,
    read_plugins,
    read_section,
    read_value,
)
from vcam.settings.settings import DEFAULT_PROFILE, Settings
from vcam.settings.source import Source, one_of
from vcam.settings.toml_lines import Key
from vcam.settings.validators import choice, flag, text, texts
from vcam.system.paths import default_settings_path
from vcam.system.pipes import is_pipe, read_pipe
from vcam.vision.settings import RecognitionSettings

TOP: Final = ("profile", "follow_call", "language", "allow_commands")
MAX_BYTES: Final = 1_000_000
"""A settings file is written by hand; something larger was named by mistake."""


@dataclass(frozen=True, slots=True)
class Override:
    """What goes before the file's own choice; None: nothing does."""

    profile: str | None = None
    classifier: Path | None = None


def load_settings(
    path: Path | None = None, profile: str | None = None, classifier: Path | None = None
) -> Settings:
    """Return the settings in the file at `path`, or in the default place when that is None.

    No file in the default place means the defaults; a file that was named must be there. `profile`
    and `classifier` go before the file's own choice. Raises `ConfigError`: file, line, and what is
    allowed.
    """
    found = path or default_settings_path()
    content = read_content(found, required=path is not None)
    return parse_settings(decode(content, found), found, profile, classifier)


def read_content(path: Path, *, required: bool) -> bytes:
    """Return what the file holds; nothing when there is none. Raises `ConfigError`.

    What a pipe gave is remembered: it can be read only once.
    """
    try:
        content = read_pipe(path, MAX_BYTES + 1) if is_pipe(path) else _read_file(path)
    except FileNotFoundError:
        if not required:
            return b""
        raise ConfigError(
            _(
                "there is no settings file {path}; `vcam config init --config {path}` writes one"
            ).format(path=path)
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            _("cannot read the settings file {path}: {reason}").format(path=path, reason=reason)
        ) from None
    if len(content) > MAX_BYTES:
        raise ConfigError(
            _("{path} has more than {max} bytes; it is not a settings file").format(
                path=path, max=MAX_BYTES
            )
        )
    return content


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def decode(content: bytes, path: Path) -> str:
    """Return the bytes of a settings file as text. Raises `ConfigError`."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            _("{path}, line {line}: not UTF-8; save the file as UTF-8").format(path=path, line=line)
        ) from None


def parse_settings(
    content: str, path: Path, profile: str | None = None, classifier: Path | None = None
) -> Settings:
    """Return the settings that a text says; `path` names it and is where relative paths start."""
    source = Source.parse(content, str(path))
    try:
        return _compose(source, path.parent.absolute(), Override(profile, classifier))
    except RecursionError:
        raise ConfigError(
            _("{path} nests brackets too deep to be read").format(path=path)
        ) from None


def _compose(source: Source, folder: Path, override: Override) -> Settings:
    source.check_names((), source.data, (*SECTIONS, *INTEGRATIONS, "profiles", *TOP))
    places = {name: _top_place(source, name) for name in TOP}
    tables = {name: _section_table(source, name) for name in SECTIONS}
    commands = _read_top(source, places["allow_commands"], flag, default=False)
    context = Context(source, folder)
    recognition = _read_recognition(context, tables["recognition"], override)
    integrations = _read_integrations(context)
    usable = usable_plugins(integrations)
    profiles = _read_profiles(source, commands, recognition.classifier, usable)
    follow = _read_top(source, places["follow_call"], flag, default=True)
    language = _read_top(source, places["language"], choice(AUTO, *LANGUAGES), default=AUTO)
    return Settings(
        **{
            name: read_section(context, (name,), tables[name], SECTIONS[name])
            for name in ("camera", "output", "overlay")
        },
        recognition=recognition,
        gestures=_read_gestures(
            replace(context, classifier=recognition.classifier), tables["gestures"]
        ),
        integrations=integrations,
        profile=_choose(source, places["profile"], profiles, override.profile),
        profiles=profiles,
        when=_read_when(source),
        follow_call=follow,
        language=language,
        allow_commands=commands,
    )


def _read_gestures(context: Context, table: Mapping[str, Any]) -> GestureSettings:
    """Return the section; what it leaves open is as its word for sensitivity says."""
    section = read_section(context, ("gestures",), table, GestureSettings)
    preset = PRESETS[section.sensitivity].settings()
    left_open: dict[str, Any] = {key: value for key, value in preset.items() if key not in table}
    return replace(section, **left_open)


def _read_recognition(
    context: Context, table: Mapping[str, Any], override: Override
) -> RecognitionSettings:
    read = read_section(context, ("recognition",), table, RecognitionSettings)
    return (
        read if override.classifier is None else replace(read, classifier=str(override.classifier))
    )


def _read_integrations(context: Context) -> IntegrationSettings:
    tables = {name: _section_table(context.source, name) for name in INTEGRATIONS}
    plugins = read_plugins(context, tables.pop("plugins"))
    read: dict[str, Any] = {
        name: read_section(context, (name,), table, INTEGRATIONS[name])
        for name, table in tables.items()
    }
    return IntegrationSettings(**read, plugins=plugins)


def _top_place(source: Source, name: str) -> Key | None:
    """Return where a setting of the top level stands.

    In TOML a line below a `[section]` belongs to it, which people forget; `profile` below
    `[gestures]` cannot mean anything else than the one at the top.
    """
    tables = [
        (section,)
        for section in (*SECTIONS, *INTEGRATIONS)
        if isinstance(source.data.get(section), dict) and name in source.data[section]
    ]
    keys = [*([(name,)] if name in source.data else []), *((*table, name) for table in tables)]
    if len(keys) > 1:
        first = source.line(keys[0])
        raise source.error(
            keys[1],
            _('"{name}" is set on line {first} already; keep one of the two').format(
                name=name, first=first
            ),
        )
    return keys[0] if keys else None


def _section_table(source: Source, name: str) -> Mapping[str, Any]:
    table = source.table((name,), source.data.get(name, {}))
    return {key: value for key, value in table.items() if key not in TOP}


def _read_top(source: Source, key: Key | None, check: Any, default: Any) -> Any:
    return default if key is None else read_value(source, key, _value_at(source, key), check)


def _value_at(source: Source, key: Key) -> object:
    value: Any = source.data
    for part in key:
        value = value[part]
    return value


def _read_profiles(
    source: Source, commands: bool, classifier: str | None, plugins: tuple[str, ...]
) -> Mapping[str, tuple[Binding, ...]]:
    shipped = Settings().profiles
    written = source.table(("profiles",), source.data.get("profiles", {}))
    allowed = Allowed(tuple({**shipped, **written}), commands, classifier, plugins)
    read = {name: _read_profile(source, name, table, allowed) for name, table in written.items()}
    return MappingProxyType({**shipped, **read})


def _read_profile(
    source: Source, name: str, value: object, allowed: Allowed
) -> tuple[Binding, ...]:
    key: Key = ("profiles", name)
    table = source.table(key, value)
    source.check_names(key, table, ("bindings", "when"))
    if "bindings" not in table and "when" in table and name in Settings().profiles:
        return Settings().profiles[name]  # only when it is used was changed
    if "bindings" not in table:
        raise source.error(
            key, _('profile "{name}" has no bindings; write bindings = [ … ]').format(name=name)
        )
    return read_bindings(source, (*key, "bindings"), table["bindings"], allowed)


def _read_when(source: Source) -> Mapping[str, tuple[str, ...]]:
    """Return by which apps each profile of the file is known, where it says so."""
    written = source.table(("profiles",), source.data.get("profiles", {}))
    return MappingProxyType(
        {
            name: read_value(source, ("profiles", name, "when"), table["when"], texts)
            for name, table in written.items()
            if "when" in table
        }
    )


def _choose(
    source: Source,
    key: Key | None,
    profiles: Mapping[str, tuple[Binding, ...]],
    override: str | None,
) -> str:
    chosen = known_as(_read_top(source, key, text, DEFAULT_PROFILE), profiles)
    override = None if override is None else known_as(override, profiles)
    if chosen not in profiles:
        raise source.error(
            key or (),
            _('there is no profile "{name}"{hint}').format(
                name=chosen, hint=one_of(chosen, profiles)
            ),
        )
    if override is not None and override not in profiles:
        raise ConfigError(
            _('there is no profile "{name}"{hint}').format(
                name=override, hint=one_of(override, profiles)
            )
        )
    return override or chosen
