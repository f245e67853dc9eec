"""What the commands print while they work."""

import threading

from rich.console import Console
from rich.text import Text

from vcam.cli.console import harmless
from vcam.cli.hanging_indent import hanging
from vcam.core.event import Event
from vcam.core.gesture_names import hand_title
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.overlay.captions import action_words, gesture_words

BELOW = " " * 11
"""Where what is said of a line stands: below the gesture."""
LATE_S = 3.0
"""By the source's time: a fire whose action has not answered for so long is printed as it is."""


class EventPrinter:
    """Prints a line when a gesture has fired and its action has answered.

    A tick stands only beside what was done; what failed says why, the whole of it once.
    """

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._silent = False
        self._reasons: set[str] = set()
        self._waiting: list[Event] = []
        self._lock = threading.Lock()
        self.fired = 0
        """How many gestures have fired."""

    def __call__(self, event: Event) -> None:
        """Take in an event; all but `fire` pass in silence."""
        with self._lock:
            late = [each for each in self._waiting if event.time - each.time > LATE_S]
            self._waiting = [each for each in self._waiting if each not in late]
        for each in late:
            self._print(_line(each, None))
        if event.phase != "fire":
            return
        self.fired += 1
        if event.action is None:
            self._print(_line(event, None))
        else:
            with self._lock:
                self._waiting.append(event)

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Print a fire with what became of its action."""
        with self._lock:
            awaited = any(each is event for each in self._waiting)
            self._waiting = [each for each in self._waiting if each is not event]
        if awaited:
            self._print(_line(event, outcome))
            self._explain(outcome)

    def _explain(self, outcome: Outcome) -> None:
        """Print why it failed below its line: with what helps, unless that stands further up."""
        if outcome.reason is None or outcome.brief is None:
            return
        reason = outcome.brief if outcome.reason in self._reasons else outcome.reason
        self._reasons.add(outcome.reason)
        for line in hanging(Text(BELOW), Text(harmless(reason), "red"), self._console):
            self._print(line)

    def _print(self, line: Text) -> None:
        """Print, or fall silent for good: a closed pipe or a full disk is no reason to stop."""
        if self._silent:
            return
        try:
            self._console.print(line, soft_wrap=True)
        except (OSError, SystemExit):  # rich ends the program when a pipe is closed
            self._silent = True


def _line(event: Event, outcome: Outcome | None) -> Text:
    whose = hand_title(event.hand)
    line = Text.assemble(
        (f"{event.time:7.2f} s  ", "dim"),
        (f"{gesture_words(event.gesture):24}", "bold cyan"),
        f"{whose:12}",
        *_said(event.action, outcome),
    )
    line.rstrip()
    return line


def _said(action: str | None, outcome: Outcome | None) -> list[tuple[str, str]]:
    if action is None:
        return []
    words = action_words(action)
    if outcome is None:
        return [(_("… {words} (no answer yet)").format(words=words), "yellow")]
    if outcome.result == "failed":
        return [(f"✗ {words}", "red")]
    if outcome.result == "dry_run":
        return [(_("→ would {words}").format(words=words), "yellow")]
    return [(f"✓ {words}", "green")]
