"""`vcam bench`: how fast this machine is at our work."""

import argparse
import json
from typing import Any, Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.texts import _, marked

EXAMPLES: Final = marked("""\
examples:
  vcam bench
  vcam bench --json
""")


def add_parser(subparsers: Subparsers) -> None:
    """Add `bench`."""
    parser = add_command(
        subparsers, "bench", _("measure recognition and drawing on this machine"), EXAMPLES
    )
    parser.add_argument("--json", action="store_true", help=_("the figures as one JSON object"))
    parser.add_argument("--rounds", type=int, default=100, metavar="N", help=_("repeat N times"))


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    from vcam.diagnostics.benchmark import measure

    figures = measure(max(5, args.rounds))
    if args.json:
        print(json.dumps(figures))
    else:
        _print_table(figures)
    return 0


def _print_table(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("what", _("median ms"), _("slowest 1 % ms"), title=_("one thread, 1280x720"))
    for name, times in figures["ms"].items():
        table.add_row(name.replace("_", " "), f"{times['p50']:.2f}", f"{times['p99']:.2f}")
    Console().print(table)
