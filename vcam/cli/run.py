"""`vcam run`: the main job."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from vcam.cli.live_arguments import Shown, add_live_arguments, go_live, live_options
from vcam.cli.parser import Subparsers, add_command
from vcam.core.texts import _, marked

EXAMPLES: Final = marked("""\
examples:
  vcam run                                    be the webcam "Gesture Cam"
  vcam run --output window --dry-run          watch, and press nothing
  vcam run --camera talk.mp4 --output out.mp4 --events events.jsonl --speed max
""")


MAX_DURATION_S: Final = 366 * 86400.0


def add_parser(subparsers: Subparsers) -> None:
    """Add `run`."""
    parser = add_command(
        subparsers,
        "run",
        _("recognise gestures in a camera picture, act on them, and send it on"),
        EXAMPLES,
    )
    add_live_arguments(parser)
    parser.add_argument("--events", type=Path, metavar="FILE", help=_("write events as JSON lines"))
    parser.add_argument(
        "--panel",
        action=argparse.BooleanOptionalAction,
        help=_("serve the control panel (where there is a desktop it is served and not opened)"),
    )
    parser.add_argument(
        "--duration", type=_seconds, metavar="S", help=_("stop after so many seconds")
    )
    parser.add_argument(
        "--speed",
        choices=("realtime", "max"),
        default="realtime",
        help=_("max: every frame of a file, in order, as fast as it goes"),
    )


def run(args: argparse.Namespace) -> int:
    """Run until the source ends or a signal comes."""
    from vcam.cli.panel import panel_options, take_instance

    options = replace(
        live_options(args),
        events=args.events,
        duration_s=args.duration,
        every_frame=args.speed == "max",
        panel=panel_options(args.config) if _wants_panel(args) else None,
    )
    instance = take_instance()[0] if options.panel else None
    return go_live(options, Shown(browser=args.panel is True), instance)


def _wants_panel(args: argparse.Namespace) -> bool:
    """Serve it when asked to, and unasked where there is a desktop and the run is no script's."""
    from vcam.errors import ConfigError
    from vcam.output.display import why_no_display

    if args.speed == "max":
        if args.panel:
            raise ConfigError(_("--panel shows a run in real time; leave --speed max out"))
        return False
    if args.panel is not None:
        return bool(args.panel)
    return args.duration is None and why_no_display() is None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds > 0:  # nan is not either
        raise argparse.ArgumentTypeError(
            _("{text!r} is not a number of seconds above 0").format(text=text)
        )
    if seconds > MAX_DURATION_S:
        raise argparse.ArgumentTypeError(
            _("{text!r} is more than a year; leave it out to run until you stop it").format(
                text=text
            )
        )
    return seconds
