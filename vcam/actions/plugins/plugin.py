"""What a plug-in is: the contract between this program and actions that others wrote.

A package offers one by an entry point of the group `vcam.actions`; `examples/plugin` is one to
begin with. The entry point names a class, or anything else that takes the plug-in's own table of
the settings (`[plugins.NAME]`) and returns a `Plugin`. A plug-in of another package runs in a
process of its own; those that come with this program use the same contract on a thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

GROUP: Final = "vcam.actions"
"""The entry points that are plug-ins."""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that a gesture wants done."""

    verb: str
    """One of the plug-in's `verbs`."""
    argument: str
    """What stands behind the colon of the action; empty: nothing does."""
    gesture: str = ""
    """The gesture that asks for it; empty when the person tries the action in the panel."""
    hand: str = "any"
    """`left`, `right`, or `any` where that is not known."""
    time_limit_s: float = 2.0
    """After so many seconds nobody waits any more, and the action counts as failed."""


class Plugin(Protocol):
    """Actions that are written `NAME.VERB` or `NAME.VERB:ARGUMENT`.

    One method is called at a time, always on the same thread. Whatever is raised becomes the reason
    that the person reads, so it should be one sentence that says what to do.
    """

    verbs: Mapping[str, str]
    """Each verb and what it does, in the imperative. `{}` stands for the argument; a verb without
    it takes none: `{"on": "Switch the lamp on", "colour": "Turn the lamp {}"}`."""

    def check(self, verb: str, argument: str) -> None:
        """Raise when this could never be done; called when a binding is read, not in the call."""

    def perform(self, call: Call) -> str | None:
        """Do it, within the time limit. Return what to tell the person; None: nothing to add."""

    def choices(self, verb: str) -> Sequence[str]:
        """Return arguments to offer to the person, the likeliest first; empty: none are known."""

    def state(self) -> str | None:
        """Return a few words to show, such as `Lamp: on`; None: there is nothing to show."""

    def close(self) -> None:
        """Give back what was opened."""


class Backend(Protocol):
    """One opened plug-in, wherever it runs. Called from one thread; `close` from any."""

    def ask(self, what: str, arguments: Sequence[Any], limit_s: float) -> Any:
        """Call the method `what` of the plug-in, or read `verbs`, and return its answer.

        Opens the plug-in first where that is needed. Never takes much longer than `limit_s`.
        Raises `ActionError` with one sentence.
        """

    def close(self) -> None:
        """End it, whatever it does at the moment."""


def takes_argument(title: str) -> bool:
    """Return whether a verb with this title takes an argument."""
    return "{}" in title
