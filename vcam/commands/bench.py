"""`vcam bench`: how fast this machine is at our work."""

import argparse
import json
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser(
        "bench",
        help="measure this machine",
        description="Measure recognition, drawing and sending on this machine.",
        epilog="example:\n  vcam bench --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    parser.add_argument("--rounds", type=int, default=100, metavar="N", help="repeat N times")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    from vcam.bench import measure

    figures = measure(max(5, args.rounds))
    if args.json:
        print(json.dumps(figures))
    else:
        _print_table(figures)
    return 0


def _print_table(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "median ms", "slowest 1 % ms", title="one thread, 1280x720")
    for name, times in figures["ms"].items():
        table.add_row(name.replace("_", " "), f"{times['p50']:.2f}", f"{times['p99']:.2f}")
    Console().print(table)
