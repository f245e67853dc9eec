"""`vcam demo`: the bundled clip through the whole chain."""

import argparse
from pathlib import Path
from typing import Any

VIDEO = "vcam-demo.mp4"


def add_parser(subparsers: Any) -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser(
        "demo",
        help="see it work: needs no camera, display or driver",
        description=f"Play the bundled clip through the whole chain and write {VIDEO}.",
        epilog="example:\n  vcam demo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the video into this folder, and print the events as they fire."""
    from rich.console import Console

    from vcam.app import App, RunOptions, with_demo
    from vcam.commands.terminal import EventPrinter

    printer = EventPrinter()
    console = Console(highlight=False)
    console.print("Playing the demo clip: recognising, holding, firing (nothing is pressed).\n")
    App(with_demo(RunOptions(outputs=(VIDEO,), profile="demo")), [printer]).run()
    console.print(f"\n{printer.fired} gestures fired. Watch them in [bold]{Path(VIDEO)}[/bold].")
    console.print("Next: [bold]vcam doctor[/bold] looks at your camera, driver and keys.")
    return 0
