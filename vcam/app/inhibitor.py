"""What keeps gestures from acting, from outside: pause, panic key, practice, typing and talking."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, Self

from vcam.actions.chord import parse_chord
from vcam.actions.keyboard.listener import Heard, KeyListener
from vcam.actions.keyboard.open_listener import open_listener
from vcam.actions.microphone.level import Meter
from vcam.actions.microphone.open_level import open_meter
from vcam.core.event import Event
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.state import ProgramState
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

TYPED_S: Final = 1.5
"""So long after a key went down, the person counts as typing."""
TALKED_S: Final = 1.0
"""So long after the microphone was loud, as talking."""
PRACTICE: Final = "PRACTICE"


class Practices(Protocol):
    """Whoever knows whether actions are only announced: the live settings."""

    @property
    def practice(self) -> bool:
        """True while gestures are shown and do nothing."""


@dataclass(frozen=True, slots=True)
class Senses:
    """How the program hears keys and voices; tests put others in."""

    keys: Callable[[Heard], KeyListener] = open_listener
    voices: Callable[[Callable[[], None]], Meter] = open_meter


class Inhibitor:
    """Pauses, practises, and listens for typing and talking while the settings ask for it."""

    def __init__(
        self,
        state: ProgramState,
        clock: Clock,
        release: Callable[[], None],
        live: Practices,
        senses: Senses | None = None,
    ) -> None:
        """`release` lets go of every key."""
        self._state, self._clock, self._release, self._live = state, clock, release, live
        self._senses = senses or Senses()
        self._settings = GestureSettings()
        self._listening: list[KeyListener | Meter] = []
        self._open = False
        self._typed_at = self._talked_at = -float("inf")

    @property
    def paused(self) -> bool:
        """Whether nothing may fire but what is bound to `resume`."""
        return self._state.paused

    @property
    def busy(self) -> str | None:
        """`typing` or `talking` while the person does so and asked that nothing fires then."""
        now = self._clock.now()
        if now - self._typed_at < TYPED_S and self._settings.guards.typing:
            return "typing"
        return "talking" if now - self._talked_at < TALKED_S else None

    def hear(self, event: Event) -> None:
        """Let a pause take effect with the very event that asked for it."""
        if event.phase != "fire" or self._live.practice:
            return
        if event.action == "pause":
            self._state.pause()
        elif event.action == "resume":
            self._state.resume()

    def apply_settings(self, settings: GestureSettings) -> None:
        """Take other settings: whether to practise, and what to listen for."""
        before, self._settings = self._settings, settings
        if self._open and _asks(before) != _asks(settings):
            self.listen()
        if not self._live.practice:
            self._state.clear_badge(PRACTICE)
        elif PRACTICE not in self._state.badges:
            self._release()
            self._state.tell(_("Practice: gestures are shown and do nothing"), badge=PRACTICE)

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def listen(self) -> None:
        """Begin to listen for what the settings ask for; what cannot be heard is reported once."""
        self.close()
        self._open = True
        guards, chord = self._settings.guards, self._settings.panic_key
        if guards.typing or chord:
            heard = Heard(
                self._type,
                parse_chord(chord) if chord else None,
                self._panic,
                self._cannot,
                typing=guards.typing,
            )
            self._try(lambda: self._senses.keys(heard))
        if guards.talking:
            self._try(lambda: self._senses.voices(self._talk))

    def close(self) -> None:
        """Stop listening."""
        self._open = False
        listening, self._listening = self._listening, []
        for each in listening:
            each.close()

    def _try(self, opening: Callable[[], KeyListener | Meter]) -> None:
        try:
            self._listening.append(opening())
        except ActionError as error:
            self._cannot(str(error))

    def _cannot(self, why: str) -> None:
        """Tell what is not heard; from any thread."""
        log.warning("%s", why)
        self._state.tell(why)

    def _type(self) -> None:
        self._typed_at = self._clock.now()

    def _talk(self) -> None:
        self._talked_at = self._clock.now()

    def _panic(self) -> None:
        """Pause, or resume: the key works in practice, too."""
        if self._state.paused:
            self._state.resume()
            self._state.tell(_("Gestures count again"))
        else:
            self._release()
            self._state.pause()
            self._state.tell(_("Everything is paused"))


def _asks(settings: GestureSettings) -> tuple[bool, bool, str | None]:
    """Return what the settings want to be listened for."""
    return settings.guards.typing, settings.guards.talking, settings.panic_key
