"""`vcam panel`: the program with its control panel in the browser."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.commands.parsers import CLASSIFIER_HELP, Subparsers, add_command

if TYPE_CHECKING:
    from vcam.app import App, PanelOptions

EXAMPLES: Final = """\
examples:
  vcam panel                       opens the page and is your webcam meanwhile
  vcam panel --camera demo --output null --dry-run     have a look around first
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add `panel`."""
    parser = add_command(
        subparsers, "panel", "see it, bind it, try it: the control panel in your browser", EXAMPLES
    )
    parser.add_argument("--camera", metavar="SRC", help="as for `vcam run`")
    parser.add_argument(
        "--output", metavar="DEST", action="append", default=[], help="as for `vcam run`"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file to use")
    parser.add_argument("--profile", metavar="NAME", help="bindings to begin with")
    parser.add_argument("--classifier", type=Path, metavar="PATH", help=CLASSIFIER_HELP)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; do nothing")
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address and open nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Serve the panel and be the webcam until a signal comes."""
    from vcam.app import App, RunOptions
    from vcam.commands.terminal import EventPrinter

    options = RunOptions(
        camera=args.camera,
        outputs=tuple(args.output),
        config=args.config,
        profile=args.profile,
        dry_run=args.dry_run,
        classifier=args.classifier,
        panel=panel_options(args.config),
        patient=True,
    )
    app = App(options, [EventPrinter()])
    announce(app, browser=not args.no_browser)
    app.run()
    return 0


def panel_options(config: Path | None) -> "PanelOptions":
    """Return what the panel needs to know of the command line and the doctor."""
    from vcam.app import PanelOptions
    from vcam.commands.config import template
    from vcam.commands.doctor import examine
    from vcam.config import default_settings_path, state_folder
    from vcam.panel.program import Places

    places = Places(config or default_settings_path(), template(), state_folder() / "pictures")
    return PanelOptions(places, lambda: examine(config))


def announce(app: "App", *, browser: bool) -> None:
    """Print the panel's address, and open it."""
    if app.address is None:
        return
    print(f"control panel: {app.address}", flush=True)
    if browser:
        import webbrowser

        webbrowser.open(app.address)
