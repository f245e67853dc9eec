"""`vcam demo`: the bundled clip through the whole chain."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.labels import HandChoice
from vcam.core.texts import _, marked

if TYPE_CHECKING:
    from vcam.app.app import RunOptions

VIDEO: Final = "vcam-demo.mp4"
BINDINGS: Final[tuple[tuple[str, HandChoice, str], ...]] = (
    ("stop", "any", "mic.mute"),
    ("palm", "any", "mic.unmute"),
    ("like", "any", "reaction:👍"),
    ("fist", "any", "hold:space"),
    ("one", "any", "key:alt+y"),
    ("peace", "any", "reaction:🎉"),
    ("rock", "any", "video.blur"),
    ("two_up", "any", "video.resume"),
)
"""What the clip's gestures do; no key is pressed in the demo."""

EXAMPLES: Final = marked("""\
example:
  vcam demo                        writes vcam-demo.mp4 into this folder
""")


def add_parser(subparsers: Subparsers) -> None:
    """Add `demo`."""
    add_command(subparsers, "demo", _("see it work: needs no camera, display or driver"), EXAMPLES)


def run(args: argparse.Namespace) -> int:
    """Write the video into this folder, and print the events as they fire."""
    from rich.console import Console

    from vcam.app.app import App
    from vcam.cli.event_printer import EventPrinter

    printer = EventPrinter()
    console = Console(highlight=False)
    console.print(_("Playing the demo clip: recognising, holding, firing (nothing is pressed).\n"))
    App(_options(), [printer], [printer.answered]).run()
    console.print(
        _("\n{fired} gestures fired. Watch them in [bold]{video}[/bold].").format(
            fired=printer.fired, video=Path(VIDEO)
        )
    )
    console.print(
        _(
            "Next: [bold]vcam panel[/bold] is your webcam, with a control panel in "
            "your browser;\n      [bold]vcam doctor[/bold] looks at your camera, "
            "driver and keys."
        )
    )
    return 0


def _options() -> "RunOptions":
    """The bundled clip, every frame of it, with bindings that show something and press nothing."""
    from vcam.app.app import RunOptions
    from vcam.core.binding import Binding
    from vcam.settings import Settings

    bindings = tuple(Binding(gesture, action, hand) for gesture, hand, action in BINDINGS)
    settings = Settings(profile="demo", profiles={"demo": bindings})
    return RunOptions(
        camera="demo", outputs=(VIDEO,), dry_run=True, every_frame=True, settings=settings
    )
