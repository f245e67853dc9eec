"""`vcam panel`: the program with its control panel in the browser."""

import argparse
import contextlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.browser import open_in_browser
from vcam.cli.live_arguments import Shown, add_live_arguments, go_live, live_options
from vcam.cli.parser import Subparsers, add_command
from vcam.core.texts import _, marked
from vcam.errors import ConfigError

if TYPE_CHECKING:
    from vcam.app.app import PanelOptions
    from vcam.app.single_instance import SingleInstance

EXAMPLES: Final = marked("""\
examples:
  vcam panel                       opens the page and is your webcam meanwhile
  vcam panel --camera demo --output null --dry-run     have a look around first
  vcam panel --no-browser          start in the tray, as at login
""")
NOT_TAKEN: Final = (
    "camera",
    "output",
    "config",
    "profile",
    "classifier",
    "dry_run",
    "practice",
)
"""What a second start cannot give to the first."""


def add_parser(subparsers: Subparsers) -> None:
    """Add `panel`."""
    parser = add_command(
        subparsers,
        "panel",
        _("see it, bind it, try it: the control panel in your browser"),
        EXAMPLES,
    )
    add_live_arguments(parser)
    parser.add_argument(
        "--no-browser", action="store_true", help=_("print the address and open nothing")
    )
    parser.add_argument(
        "--tray",
        action=argparse.BooleanOptionalAction,
        help=_("an icon in the tray with Pause, Open panel and Quit (shown where there is a tray)"),
    )


def run(args: argparse.Namespace) -> int:
    """Serve the panel and be the webcam until a signal comes; open the first one's if it runs."""
    from vcam.app.single_instance import find_panel

    instance, free = take_instance()
    if not free:
        return _open_again(find_panel(), args)
    with instance or contextlib.nullcontext():
        shown = Shown(browser=not args.no_browser, tray=_wants_tray(args))
        options = replace(live_options(args), panel=panel_options(args.config), patient=True)
        return go_live(options, shown, instance)


def take_instance() -> "tuple[SingleInstance | None, bool]":
    """Become the program whose panel a second start opens; the second: no other one is that.

    Where nothing can be written down, nobody is.
    """
    from vcam.app.single_instance import claim

    try:
        instance = claim()
    except (OSError, ConfigError):
        return None, True
    return instance, instance is not None


def _open_again(address: str, args: argparse.Namespace) -> int:
    print(_("vcam is running already; this is its panel"), flush=True)
    given = [f"--{name.replace('_', '-')}" for name in NOT_TAKEN if getattr(args, name)]
    if given:
        print(
            _(
                "vcam: {given} not used: end the first one to start it so, or start a "
                "second one beside it with `vcam run`"
            ).format(given=", ".join(given)),
            file=sys.stderr,
        )
    print(_("control panel: {address}").format(address=address), flush=True)
    if not args.no_browser:
        open_in_browser(address, wait=True)
    return 0


def _wants_tray(args: argparse.Namespace) -> bool:
    """Show an icon when asked to, and unasked where there may be a tray."""
    from vcam.tray.icon_process import why_no_icon

    if args.tray is False:
        return False
    reason = why_no_icon()
    if args.tray and reason:
        raise ConfigError(reason)
    return reason is None


def panel_options(config: Path | None) -> "PanelOptions":
    """Return what the panel needs to know of the command line and the doctor."""
    from vcam.app.app import PanelOptions
    from vcam.diagnostics.doctor import examine
    from vcam.panel.protocols import Places
    from vcam.settings import default_settings_path, state_folder
    from vcam.settings.template import template

    places = Places(config or default_settings_path(), template(), state_folder() / "pictures")
    return PanelOptions(places, lambda: examine(config))
