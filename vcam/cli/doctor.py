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
    """Print all findings; 1 when one of them is `fail`."""
    findings = examine(args.config)
    ok = all(finding.status != "fail" for finding in findings)
    if args.json:
        table = {"findings": [asdict(finding) for finding in findings], "ok": ok}
        print(json.dumps(table, indent=2, ensure_ascii=False))
    else:
        _print_table(findings)
    return 0 if ok else 1


def _print_table(findings: list[CheckResult]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        text = Text(finding.text)
        if finding.remedy:
            text.append(f"\n→ {finding.remedy}", style=STYLES[finding.status])
        table.add_row(finding.name, Text(finding.status, STYLES[finding.status]), text)
    console = Console()
    console.print(table)
    console.print(_summary(findings))


def _summary(findings: list[CheckResult]) -> str:
    count = {status: sum(each.status == status for each in findings) for status in STYLES}
    if count["fail"]:
        return f"{count['fail']} of {len(findings)} checks failed; start with the first."
    return f"Ready; {count['warn']} warnings." if count["warn"] else "Ready; all is well."
