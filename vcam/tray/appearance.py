"""What the tray shows, and how it is passed to the process that shows it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from vcam.core.texts import _, language, marked, use_language

Order = Literal["panel", "pause", "resume", "quit"]
State = Literal["recognising", "paused", "waiting"]
IconState = Literal["recognising", "paused", "waiting", "muted"]
ORDERS: Final[tuple[Order, ...]] = ("panel", "pause", "resume", "quit")
NAME: Final = "Gesture Cam"
ICONS: Final = Path(__file__).parent / "icons"
WORDS: Final[dict[State, str]] = {
    "recognising": marked("recognising gestures"),
    "paused": marked("paused: gestures do nothing"),
    "waiting": marked("no picture from the camera"),
}


@dataclass(frozen=True, slots=True)
class TrayState:
    """The program at one moment, as far as the tray shows it."""

    doing: State
    muted: bool = False
    """Whether the microphone is known to be mute."""


class Program(Protocol):
    """What the tray may ask of the running program. Called from the tray's thread."""

    def tray_state(self) -> TrayState:
        """Return what is the case now; costs about nothing."""

    def pause(self, paused: bool) -> None:
        """Stop or continue acting on gestures."""

    def stop(self) -> None:
        """Let the program come to its end."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; without an order it only says something."""

    label: str
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the icon looks like and offers."""

    icon: IconState
    title: str
    entries: tuple[Entry, ...]

    @property
    def icon_name(self) -> str:
        """The name of the picture's file in `PICTURES`, without its ending."""
        return f"vcam-{self.icon}"


def appearance(state: TrayState) -> Appearance:
    """Return how the tray shows a state."""
    words = _(WORDS[state.doing])
    if state.muted:
        words = _("{doing}, microphone muted").format(doing=words)
    paused = state.doing == "paused"
    pause = Entry(_("Resume"), "resume") if paused else Entry(_("Pause"), "pause")
    icon: IconState = "muted" if state.muted and state.doing == "recognising" else state.doing
    said = Entry(words[0].upper() + words[1:])
    entries = (said, Entry(_("Open panel"), "panel"), pause, Entry(_("Quit"), "quit"))
    return Appearance(icon, f"{NAME}: {words}", entries)


def to_line(shown: Appearance) -> str:
    """Return it as one line of JSON, with its end, and the language for what the tray adds."""
    return json.dumps({**asdict(shown), "language": language()}) + "\n"


def from_line(line: str) -> Appearance:
    """Return what `to_line` was given, and speak its language.

    Raises ValueError, KeyError or TypeError.
    """
    found = json.loads(line)
    use_language(found["language"])
    entries = tuple(Entry(**entry) for entry in found["entries"])
    return Appearance(found["icon"], found["title"], entries)
