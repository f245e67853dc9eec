"""`vcam doctor`: check everything that the main job needs, and say what to do."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.check_result import CheckResult
from vcam.diagnostics.doctor import examine

EXAMPLES: Final = """\
Each line is ok, warn (something that some people need will not work) or fail (the main job will
not work), with what to do. The exit code is 1 when a line says fail, otherwise 0.

examples:
  vcam doctor
  vcam doctor --json
"""


STYLES: Final[Mapping[str, str]] = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def add_parser(subparsers: Subparsers) -> None:
    """Add `doctor`."""
    parser = add_command(
        subparsers, "doctor", "check camera, drivers, keys, microphone and models", EXAMPLES
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--config", type=Path, metavar="FILE", help="another settings file")


def run(args: argparse.Namespace) -> int:
    """Print what was found, the worst first; 1 when something is `fail`."""
    findings = examine(args.config)
    ok = all(finding.status != "fail" for finding in findings)
    if args.json:
        table = {"findings": [asdict(finding) for finding in findings], "ok": ok}
        print(json.dumps(table, indent=2, ensure_ascii=False))
    else:
        _print_table(findings)
    return 0 if ok else 1


def _print_table(findings: list[CheckResult]) -> None:
    """Print what is wrong with what to do, each command on a line of its own; then what is well."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    for status in ("fail", "warn"):
        for finding in (each for each in findings if each.status == status):
            console.print(Text.assemble((f"{status:5}", STYLES[status]), (finding.name, "bold")))
            console.print(Padding(Text(finding.text), (0, 0, 0, 5)))
            if finding.remedy and finding.remedy.strip("`") != finding.command:
                console.print(Padding(Text(f"→ {finding.remedy}"), (0, 0, 0, 5)))
            if finding.command:  # never wrapped: it is there to be pasted
                console.print(Text(f"     $ {finding.command}", "cyan"), soft_wrap=True)
            console.print()
    for finding in (each for each in findings if each.status == "ok"):
        console.print(Text.assemble((f"{'ok':5}", STYLES["ok"]), f"{finding.name}: {finding.text}"))
    console.print()
    console.print(_summary(findings))


def _summary(findings: list[CheckResult]) -> str:
    count = {status: sum(each.status == status for each in findings) for status in STYLES}
    if count["fail"]:
        return f"{count['fail']} of {len(findings)} checks failed; start with the first."
    return f"Ready; {count['warn']} warnings." if count["warn"] else "Ready; all is well."
