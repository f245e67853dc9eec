"""Which profile fits the call: by who shows our camera, and by which window has the focus."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from vcam.actions.window.focus import Desktop, FocusedWindow
from vcam.actions.window.open import open_desktop
from vcam.app.live_settings import LiveSettings
from vcam.core.profile_match import Match
from vcam.core.unicode_names import composed
from vcam.errors import ActionError
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

POLL_S: Final = 0.5
STEADY_S: Final = 1.0
"""A change counts once it has been so for this long: windows flash by."""
REFUSED_S: Final = 30.0
"""How long to wait before a desktop is asked again that does not tell of its windows."""

Readers = Sequence[str] | None
Rules = Mapping[str, Sequence[str]]


def best_match(
    rules: Rules, readers: Readers, window: FocusedWindow | None, before: Match | None
) -> Match | None:
    """Return the profile that fits the call; None: none does.

    `rules` say by what each profile's app is known; `readers` are the programs that show our
    camera, None where that is not known; `before` is what fitted before. Who shows the camera goes
    before who has the focus. A browser says by its title which call it shows: that counts for as
    long as the same programs show the camera.
    """
    focused = _focused(rules, window)
    shown = [
        name for name, when in rules.items() if any(_is_app(when, each) for each in readers or ())
    ]
    if shown:
        name = focused if focused in shown else shown[0]
        return Match(name, "camera", tuple(readers or ()))
    if focused is not None:
        return Match(focused, "focus", tuple(readers or ()))
    if before and readers and before.readers == tuple(readers) and before.profile in rules:
        return before
    return None


def _focused(rules: Rules, window: FocusedWindow | None) -> str | None:
    fitting = (name for name, when in rules.items() if window and _fits(when, window))
    return next(fitting, None)


def _fits(when: Sequence[str], window: FocusedWindow) -> bool:
    texts = [text for text in when if not text.isalnum()]
    return window.fits(texts) or any(_is_app(when, app) for app in window.app)


def _is_app(when: Sequence[str], program: str) -> bool:
    """Tell whether one of the texts is a program's name, or a word of it."""
    name = composed(program).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in name).split()
    wanted = [composed(text).casefold() for text in when]
    return any(text in words or text == name for text in wanted)


class ProfileFollower:
    """Asks twice a second, and changes the profile once the answer has been steady."""

    def __init__(
        self,
        live: LiveSettings,
        readers: Callable[[], Readers],
        clock: Clock,
        desktop: Callable[[], Desktop] = open_desktop,
    ) -> None:
        self._live, self._readers, self._clock, self._open = live, readers, clock, desktop
        self._desktop: Desktop | None = None
        self._ask_again = float("-inf")
        self._wanted: Match | None = None
        self._since = float("-inf")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="profile", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; may be called more than once, and without `start`."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(2.0)
        self._leave()

    def step(self) -> None:
        """Ask once; change the profile when the answer is steady."""
        live, now = self._live, self._clock.now()
        rules = live.followed
        match = best_match(rules, self._readers(), self._window(now), live.match) if rules else None
        if _profile(match) != _profile(self._wanted):
            self._since = now
        self._wanted = match
        if match != live.match and (not rules or now - self._since >= STEADY_S):
            live.follow(match)

    def _work(self) -> None:
        while not self._closing.wait(POLL_S):
            try:
                self.step()
            except Exception:
                log.exception("the profile cannot follow the call")
                self._closing.wait(REFUSED_S)

    def _window(self, now: float) -> FocusedWindow | None:
        """Return the focused window; None when there is none, or nobody tells."""
        if now < self._ask_again:
            return None
        try:
            self._desktop = self._desktop or self._open()
        except ActionError as error:
            log.info("the profile follows no window: %s", error)
            self._ask_again = now + REFUSED_S
            return None
        try:
            return self._desktop.focused()
        except ActionError:
            self._leave()  # the next question gets a new connection
            return None

    def _leave(self) -> None:
        desktop, self._desktop = self._desktop, None
        if desktop is not None:
            desktop.close()


def _profile(match: Match | None) -> str | None:
    return match.profile if match else None
