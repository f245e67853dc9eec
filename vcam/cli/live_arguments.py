"""What `vcam run` and `vcam panel` have in common: being the webcam."""

import argparse
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vcam.cli.browser import open_in_browser
from vcam.cli.parser import CLASSIFIER_HELP
from vcam.cli.patient_terminal import never_waiting
from vcam.core.texts import _
from vcam.system.signals import signals_to

if TYPE_CHECKING:
    from vcam.app.app import App, RunOptions
    from vcam.app.single_instance import SingleInstance


def add_live_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what every command takes that is the webcam."""
    parser.add_argument(
        "--camera",
        metavar="SRC",
        help=_("index, name, device, video file, folder of pictures, or `demo`"),
    )
    parser.add_argument(
        "--output",
        metavar="DEST",
        action="append",
        default=[],
        help=_("`virtual`, `window`, `null`, or a .mp4 path; may be given twice"),
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("settings file to use"))
    parser.add_argument("--profile", metavar="NAME", help=_("bindings to begin with"))
    parser.add_argument("--classifier", type=Path, metavar="PATH", help=_(CLASSIFIER_HELP))
    parser.add_argument(
        "--dry-run", action="store_true", help=_("say what would be done; do nothing")
    )
    parser.add_argument(
        "--practice",
        action="store_true",
        help=_("try gestures: the picture says what each would do, and nothing is done"),
    )


def live_options(args: argparse.Namespace) -> "RunOptions":
    """Return what `add_live_arguments` has taken in."""
    from vcam.app.app import RunOptions

    return RunOptions(
        camera=args.camera,
        outputs=tuple(args.output),
        config=args.config,
        profile=args.profile,
        dry_run=args.dry_run,
        practice=args.practice,
        classifier=args.classifier,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """How a run with a panel shows itself."""

    browser: bool = False
    """Open the panel."""
    tray: bool = False
    """Show an icon."""


def go_live(options: "RunOptions", shown: Shown, instance: "SingleInstance | None" = None) -> int:
    """Run until the source ends or a signal comes; `instance`: a second start finds this one."""
    from vcam.app.app import App
    from vcam.cli.event_printer import EventPrinter

    with contextlib.ExitStack() as ending, never_waiting(), instance or contextlib.nullcontext():
        printer = EventPrinter()
        app = App(options, [printer], [printer.answered])
        ending.enter_context(signals_to(app.stop))  # until the last word is out
        if app.address is not None:
            print(_("control panel: {address}").format(address=app.address), flush=True)
            if instance:
                instance.announce(app.address)
            if shown.browser:
                open_in_browser(app.address)
        with _tray(app, notify=not shown.browser) if shown.tray else contextlib.nullcontext():
            app.run()
    return 0


def _tray(app: "App", *, notify: bool) -> "contextlib.AbstractContextManager[object]":
    """Return the icon of this run; where there is no tray, who sees no page either is told."""
    from vcam.tray.tray import Tray

    address = app.address
    if app.controller is None or address is None:
        return contextlib.nullcontext()
    return Tray(app.controller, lambda: open_in_browser(address), notify=notify)
