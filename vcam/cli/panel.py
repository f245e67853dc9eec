"""`vcam panel`: the program with its control panel in the browser."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.live_arguments import add_live_arguments, go_live, live_options
from vcam.cli.parser import Subparsers, add_command

if TYPE_CHECKING:
    from vcam.app.app import PanelOptions

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
    add_live_arguments(parser)
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address and open nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Serve the panel and be the webcam until a signal comes."""
    options = replace(live_options(args), panel=panel_options(args.config), patient=True)
    return go_live(options, browser=not args.no_browser)


def panel_options(config: Path | None) -> "PanelOptions":
    """Return what the panel needs to know of the command line and the doctor."""
    from vcam.app.app import PanelOptions
    from vcam.diagnostics.doctor import examine
    from vcam.panel.protocols import Places
    from vcam.settings import default_settings_path, state_folder
    from vcam.settings.template import template

    places = Places(config or default_settings_path(), template(), state_folder() / "pictures")
    return PanelOptions(places, lambda: examine(config))
