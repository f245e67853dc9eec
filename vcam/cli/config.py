"""`vcam config`: where the settings are, what they say, and whether they are right."""

import argparse
import json
import sys
from getpass import getpass
from pathlib import Path
from typing import Final

from vcam.cli.parser import OneSentenceParser, Subparsers, add_command
from vcam.errors import ConfigError
from vcam.integrations.password import HOLDERS
from vcam.settings import default_settings_path, load_settings
from vcam.settings.describe import describe
from vcam.settings.template import template

EXAMPLES: Final = """\
examples:
  vcam config init                 write a settings file that explains itself
  vcam config check                say ok, or which line is wrong
  vcam config show --json          print all settings, defaults included
  vcam config password obs         put OBS's password into the system's keyring
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add `config` with its verbs."""
    parser = add_command(subparsers, "config", "show, check or start the settings file", EXAMPLES)
    verbs = parser.add_subparsers(
        dest="verb", metavar="path|init|show|check|password", required=True
    )
    _add_verb(verbs, "path", "print where the settings file is")
    _add_verb(verbs, "init", "write a settings file with a comment on every setting")
    show = _add_verb(verbs, "show", "print all settings, defaults included, as TOML")
    show.add_argument("--json", action="store_true", help="print JSON")
    show.add_argument("--profile", metavar="NAME", help="as if this profile were selected")
    _add_verb(verbs, "check", "say ok, or which line is wrong and what is allowed")
    example = "example:\n  vcam config password obs\n"
    password = add_command(verbs, "password", "put a password into the system's keyring", example)
    password.add_argument("name", choices=HOLDERS, help="the section that it is for")


def _add_verb(verbs: Subparsers, name: str, text: str) -> OneSentenceParser:
    parser = add_command(verbs, name, text, f"example:\n  vcam config {name}\n")
    parser.add_argument("--config", type=Path, metavar="FILE", help="another settings file")
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
    print(f"wrote {path}")


def _show(args: argparse.Namespace) -> None:
    from vcam.settings.dump import settings_table, settings_toml

    settings = load_settings(args.config, args.profile)
    if args.json:
        print(json.dumps(settings_table(settings), indent=2, ensure_ascii=False))
    else:
        sys.stdout.write(settings_toml(settings))


def _password(args: argparse.Namespace) -> None:
    from vcam.integrations.system_keyring import write_to_keyring

    if sys.stdin.isatty():
        password = getpass(f"Password for {args.name} (it is not shown): ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise ConfigError("there was no password; nothing was kept")
    write_to_keyring(args.name, password)
    print(f"kept in the system's keyring; the settings want: [{args.name}] keyring = true")


def _check(args: argparse.Namespace) -> None:
    settings = load_settings(args.config)
    path = args.config or default_settings_path()
    print(f"ok: {describe(path, settings)}")
    from vcam.actions.feasible import how_keys_go, why_not_here

    actions = [each.action for each in settings.bindings]
    if way := how_keys_go(actions):
        print(f"note: keys go {way}")
    for action, reason in why_not_here(actions).items():
        print(f"note: {action} will not be done on this machine: {reason}")
