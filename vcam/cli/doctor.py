"""`vcam doctor`: check everything that the main job needs, and say what to do."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Final

from vcam.cli.console import print_json
from vcam.cli.doctor_table import print_findings
from vcam.cli.parser import Subparsers, add_command
from vcam.core.texts import _, marked
from vcam.diagnostics.doctor import examine
from vcam.errors import ConfigError

EXAMPLES: Final = marked("""\
Each line is ok, warn (something that some people need will not work) or fail
(the main job will not work), with what to do. The exit code is 1 when a line
says fail, otherwise 0.

With --fix it then shows what is missing (start at login; on Linux also the
driver after a restart and its options, and keys on Wayland) and asks before it
writes it. What is there is never changed. The exit code is then 0, or 2 when
something could not be written.

examples:
  vcam doctor
  vcam doctor --json
  vcam doctor --fix
  sudo "$(command -v vcam)" doctor --fix --yes
""")


def add_parser(subparsers: Subparsers) -> None:
    """Add `doctor`."""
    parser = add_command(
        subparsers, "doctor", _("check camera, drivers, keys, microphone and models"), EXAMPLES
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.add_argument("--fix", action="store_true", help=_("write what is missing"))
    parser.add_argument(
        "--yes", action="store_true", help=_("with --fix: ask nothing, for scripts")
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("another settings file"))


def run(args: argparse.Namespace) -> int:
    """Print what was found, the worst first; 1 when something is `fail`."""
    if args.yes and not args.fix:
        raise ConfigError(_("--yes is for --fix: without it nothing is written and nothing asked"))
    if args.json and args.fix:
        raise ConfigError(_("--json only looks: leave it out, or leave --fix out"))
    findings = examine(args.config)
    ok = all(finding.status != "fail" for finding in findings)
    if args.json:
        table = {"findings": [asdict(finding) for finding in findings], "ok": ok}
        print_json(table)
        return 0 if ok else 1
    print_findings(findings)
    if args.fix:
        from vcam.cli.doctor_fix import fix

        fix(yes=args.yes)
        return 0
    return 0 if ok else 1
