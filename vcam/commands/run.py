"""`vcam run`: the main job."""

import argparse
from pathlib import Path
from typing import Final

from vcam.commands.parsers import CLASSIFIER_HELP, Subparsers, add_command

EXAMPLES: Final = """\
examples:
  vcam run                                    be the webcam "Gesture Cam"
  vcam run --output window --dry-run          watch, and press nothing
  vcam run --camera talk.mp4 --output out.mp4 --events events.jsonl --speed max
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add `run`."""
    parser = add_command(
        subparsers,
        "run",
        "recognise gestures in a camera picture, act on them, and send it on",
        EXAMPLES,
    )
    parser.add_argument(
        "--camera",
        metavar="SRC",
        help="index, name, device, video file, folder of pictures, or `demo`",
    )
    parser.add_argument(
        "--output",
        metavar="DEST",
        action="append",
        default=[],
        help="`virtual`, `window`, `null`, or a .mp4 path; may be given twice",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file to use")
    parser.add_argument("--profile", metavar="NAME", help="bindings to begin with")
    parser.add_argument("--classifier", type=Path, metavar="PATH", help=CLASSIFIER_HELP)
    parser.add_argument("--events", type=Path, metavar="FILE", help="write events as JSON lines")
    parser.add_argument(
        "--panel",
        action=argparse.BooleanOptionalAction,
        help="serve the control panel (where there is a desktop it is served and not opened)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; do nothing")
    parser.add_argument("--duration", type=_seconds, metavar="S", help="stop after so many seconds")
    parser.add_argument(
        "--speed",
        choices=("realtime", "max"),
        default="realtime",
        help="max: every frame of a file, in order, as fast as it goes",
    )


def run(args: argparse.Namespace) -> int:
    """Run until the source ends or a signal comes."""
    from vcam.app import App, RunOptions
    from vcam.commands.panel import announce, panel_options
    from vcam.commands.terminal import EventPrinter

    options = RunOptions(
        camera=args.camera,
        outputs=tuple(args.output),
        config=args.config,
        profile=args.profile,
        events=args.events,
        dry_run=args.dry_run,
        duration_s=args.duration,
        every_frame=args.speed == "max",
        classifier=args.classifier,
        panel=panel_options(args.config) if _wants_panel(args) else None,
    )
    app = App(options, [EventPrinter()])
    announce(app, browser=args.panel is True)
    app.run()
    return 0


def _wants_panel(args: argparse.Namespace) -> bool:
    """Serve it when asked to, and unasked where there is a desktop and the run is no script's."""
    from vcam.errors import ConfigError
    from vcam.output.display import why_no_display

    if args.speed == "max":
        if args.panel:
            raise ConfigError("--panel shows a run in real time; leave --speed max out")
        return False
    if args.panel is not None:
        return bool(args.panel)
    return args.duration is None and why_no_display() is None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
