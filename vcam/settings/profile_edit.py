"""Make, rename, delete, export and import whole profiles in the settings file.

Profiles that ship with the program are copied into the file when they are changed; they cannot be
renamed or deleted, only left unused.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.settings.binding_edit import has_profile
from vcam.settings.dump import profile_lines
from vcam.settings.load import parse_settings
from vcam.settings.settings import Settings
from vcam.settings.settings_file import editing, read_text, write_settings

MAX_NAME: Final = 40
MAX_IMPORT_BYTES: Final = 200_000


def add_profile(path: Path, name: str, source: str | None, template: str) -> Settings:
    """Write a profile with the bindings of `source`, or with none. Raises `ConfigError`."""
    _check_name(name)

    def change(text: str) -> str:
        settings = parse_settings(text, path)
        _refuse_taken(settings, name)
        if source is not None and source not in settings.profiles:
            raise ConfigError(_('there is no profile "{source}" to copy').format(source=source))
        bindings = settings.profiles[source] if source else ()
        return _appended(text, profile_lines(name, bindings))

    return _edit(path, template, change)


def rename_profile(path: Path, old: str, new: str, template: str) -> Settings:
    """Give a profile of the file another name, wherever it is named. Raises `ConfigError`."""
    _check_name(new)

    def change(text: str) -> str:
        _refuse_taken(parse_settings(text, path), new)
        document = tomlkit.parse(text)
        profiles = _editable(document, text, old)
        renamed = profiles[old]
        profiles.remove(old)
        profiles[new] = renamed
        if document.get("profile") == old:
            document["profile"] = new
        for profile in profiles.values():
            for binding in profile.get("bindings", []):
                if binding.get("action") == f"profile:{old}":
                    binding["action"] = f"profile:{new}"
        return tomlkit.dumps(document)

    return _edit(path, template, change)


def delete_profile(path: Path, name: str, template: str) -> Settings:
    """Take a profile out of the file. Raises `ConfigError`, also while it is the chosen one."""

    def change(text: str) -> str:
        if parse_settings(text, path).profile == name:
            raise ConfigError(
                _("the profile {name} is in use; choose another one first").format(name=name)
            )
        document = tomlkit.parse(text)
        _editable(document, text, name).remove(name)
        return tomlkit.dumps(document)

    return _edit(path, template, change)


def export_profile(settings: Settings, name: str) -> str:
    """Return a profile as a TOML file that `import_profile` takes. Raises `ConfigError`."""
    if name not in settings.profiles:
        raise ConfigError(_('there is no profile "{name}"').format(name=name))
    head = "# A profile of vcam. Import it in the control panel, or paste it into settings.toml."
    lines = profile_lines(name, settings.profiles[name], settings.when.get(name))
    return "\n".join([head, *lines]) + "\n"


def import_profile(path: Path, content: str, template: str) -> tuple[Settings, str]:
    """Add the one profile of an exported file, and return its name, a new one if it is taken.

    Nothing else of that file is read. Raises `ConfigError`.
    """
    if len(content.encode()) > MAX_IMPORT_BYTES:
        raise ConfigError(_("that file is too large for a profile"))
    try:
        profiles = tomlkit.parse(content).unwrap().get("profiles")
    except TOMLKitError as error:
        raise ConfigError(_("that file is no TOML: {error}").format(error=error)) from None
    if not isinstance(profiles, dict) or len(profiles) != 1:
        raise ConfigError(_("that file holds no profile; export one in the control panel"))
    wanted, table = next(iter(profiles.items()))
    _check_name(wanted)
    name = wanted

    def change(text: str) -> str:
        nonlocal name
        taken, count = parse_settings(text, path).profiles, 2
        while name in taken:
            name, count = f"{wanted}-{count}", count + 1
        part = tomlkit.document()
        part["profiles"] = {name: table}
        checked = parse_settings(_with_permission(text) + tomlkit.dumps(part), path)
        return _appended(text, profile_lines(name, checked.profiles[name], checked.when.get(name)))

    return _edit(path, template, change), name


def _with_permission(text: str) -> str:
    """Return the line that allows commands if the settings do, and nothing else of them."""
    allowed = tomlkit.parse(text).unwrap().get("allow_commands") is True
    return "allow_commands = true\n" if allowed else ""


def _edit(path: Path, template: str, change: Callable[[str], str]) -> Settings:
    with editing(path):
        text = read_text(path)
        return write_settings(path, change(template if text is None else text))


def _appended(text: str, lines: list[str]) -> str:
    return "\n".join([text.rstrip(), "", *lines]) + "\n"


def _editable(document: tomlkit.TOMLDocument, text: str, name: str) -> Any:
    if not has_profile(text, name):
        raise ConfigError(
            _("{name} ships with the program: copy it, and change the copy").format(name=name)
        )
    return document["profiles"]


def _refuse_taken(settings: Settings, name: str) -> None:
    if name in settings.profiles:
        raise ConfigError(
            _("there is a profile {name} already; choose another name").format(name=name)
        )


def _check_name(name: str) -> None:
    fine = 0 < len(name) <= MAX_NAME and name.isprintable() and name == name.strip()
    if not fine:
        raise ConfigError(
            _('"{name}" is no name for a profile: use up to {max} signs').format(
                name=name, max=MAX_NAME
            )
        )
