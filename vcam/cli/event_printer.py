"""What the commands print while they work."""

from rich.console import Console
from rich.text import Text

from vcam.core.event import Event


class EventPrinter:
    """Prints a line when a gesture fires."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._silent = False
        self.fired = 0
        """How many gestures have fired."""

    def __call__(self, event: Event) -> None:
        """Take in an event; all but `fire` pass in silence."""
        if event.phase != "fire":
            return
        self.fired += 1
        whose = "either hand" if event.hand == "any" else f"{event.hand} hand"
        line = Text.assemble(
            (f"{event.time:7.2f} s  ", "dim"),
            (f"{event.gesture.replace('_', ' '):16}", "bold cyan"),
            f"{whose:12}",
            (f"→ {event.action}" if event.action else "", "green"),
        )
        self._print(line)

    def _print(self, line: Text) -> None:
        """Print, or fall silent for good: a closed pipe or a full disk is no reason to stop."""
        if self._silent:
            return
        try:
            self._console.print(line)
        except (OSError, SystemExit):  # rich ends the program when a pipe is closed
            self._silent = True
