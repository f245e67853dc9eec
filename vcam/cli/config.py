"""`vcam config`: where the settings are, what they say, and whether they are right."""

import argparse
import sys
from getpass import getpass
from pathlib import Path
from typing import Final

from vcam.cli.console import print_json
from vcam.cli.parser import OneSentenceParser, Subparsers, add_command
from vcam.core.texts import _, marked
from vcam.errors import ConfigError
from vcam.integrations.password import HOLDERS
from vcam.settings import default_settings_path, load_settings
from vcam.settings.describe import describe
from vcam.settings.template import template

EXAMPLES: Final = marked("""\
examples:
  vcam config init                 write a settings file that explains itself
  vcam config check                say ok, or which line is wrong
  vcam config show --json          print all settings, defaults included
  vcam config password obs         put OBS's password into the system's keyring
""")


MAX_PASSWORD: Final = 4096
"""Letters; a device such as /dev/zero gives more without end."""


def add_parser(subparsers: Subparsers) -> None:
    """Add `config` with its verbs."""
    parser = add_command(
        subparsers, "config", _("show, check or start the settings file"), EXAMPLES
    )
    verbs = parser.add_subparsers(
        dest="verb", metavar="path|init|show|check|password", required=True
    )
    _add_verb(verbs, "path", _("print where the settings file is"))
    _add_verb(verbs, "init", _("write a settings file with a comment on every setting"))
    show = _add_verb(verbs, "show", _("print all settings, defaults included, as TOML"))
    show.add_argument("--json", action="store_true", help=_("print JSON"))
    show.add_argument("--profile", metavar="NAME", help=_("as if this profile were selected"))
    _add_verb(verbs, "check", _("say ok, or which line is wrong and what is allowed"))
    example = _example("password obs")
    password = add_command(
        verbs, "password", _("put a password into the system's keyring"), example
    )
    password.add_argument("name", choices=HOLDERS, help=_("the section that it is for"))


def _example(words: str) -> str:
    return _("example:\n  {command}\n").format(command=f"vcam config {words}")


def _add_verb(verbs: Subparsers, name: str, text: str) -> OneSentenceParser:
    parser = add_command(verbs, name, text, _example(name))
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("another settings file"))
    return parser


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    verbs = {"path": _path, "init": _init, "show": _show, "check": _check, "password": _password}
    verbs[args.verb](args)
    return 0


def _path(args: argparse.Namespace) -> None:
    print(args.config or default_settings_path())


def _init(args: argparse.Namespace) -> None:
    from vcam.settings.settings_file import create_settings

    path = args.config or default_settings_path()
    create_settings(path, template())
    print(_("wrote {path}").format(path=path))


def _show(args: argparse.Namespace) -> None:
    from vcam.settings.dump import settings_table, settings_toml

    settings = load_settings(args.config, args.profile)
    if args.json:
        print_json(settings_table(settings))
    else:
        sys.stdout.write(settings_toml(settings))


def _password(args: argparse.Namespace) -> None:
    from vcam.integrations.system_keyring import write_to_keyring

    if sys.stdin.isatty():
        password = getpass(_("Password for {name} (it is not shown): ").format(name=args.name))
    else:
        password = sys.stdin.readline(MAX_PASSWORD + 1).rstrip("\r\n")
    if len(password) > MAX_PASSWORD or "\0" in password:
        raise ConfigError(_("that is no password; nothing was kept"))
    if not password:
        raise ConfigError(_("there was no password; nothing was kept"))
    write_to_keyring(args.name, password)
    text = _("kept in the system's keyring; the settings want: [{name}] keyring = true")
    print(text.format(name=args.name))


def _check(args: argparse.Namespace) -> None:
    settings = load_settings(args.config)
    path = args.config or default_settings_path()
    print(_("ok: {settings}").format(settings=describe(path, settings)))
    from vcam.actions.feasible import how_keys_go, why_not_here

    actions = [each.action for each in settings.bindings]
    if way := how_keys_go(actions):
        print(_("note: keys go {way}").format(way=way))
    for action, reason in why_not_here(actions).items():
        print(
            _("note: {action} will not be done on this machine: {reason}").format(
                action=action, reason=reason
            )
        )
