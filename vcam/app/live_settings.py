"""The settings and the profile in force, and how a change of either reaches the running parts."""

import contextlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vcam.app.inhibitor import Inhibitor
from vcam.app.options import RunOptions
from vcam.camera.selection import CameraSelection
from vcam.camera.settings import CameraSettings
from vcam.core.binding import Binding
from vcam.core.profile_match import Match
from vcam.core.texts import _
from vcam.core.unicode_names import known_as
from vcam.errors import ConfigError
from vcam.history.fire_history import FireHistory
from vcam.history.recent_frames import RecentFrames
from vcam.integrations.links import Links
from vcam.pipeline.recognition import RecognitionPath
from vcam.pipeline.state import ProgramState
from vcam.pipeline.video import VideoPath
from vcam.settings.language import speak
from vcam.settings.settings import Settings
from vcam.settings.watch import SettingsWatch
from vcam.vision.recognizer import Recognizer, load_custom_gestures

FIXED_SECTIONS: Final = ("camera", "output", "recognition", "allow_commands")
"""Settings that a running program does not change: devices and models are open already."""
PRACTISE_S: Final = 6.0
"""A page that was closed in the middle of its practice leaves gestures without effect so long."""


@dataclass(frozen=True, slots=True)
class Followers:
    """The parts that take other settings while they run, each by its `apply_settings`."""

    recognizer: Recognizer
    recognition: RecognitionPath
    video: VideoPath
    inhibitor: Inhibitor
    history: FireHistory
    recent: RecentFrames
    state: ProgramState
    camera: CameraSelection
    links: Links | None
    """None: nothing outside the program is spoken to."""


class LiveSettings:
    """What is in force now; the one place that a change of settings or profile goes through.

    Changes come from the thread that watches the file, from the action worker and from the panel.
    """

    def __init__(self, options: RunOptions) -> None:
        """Read the settings that a run begins with. Raises `ConfigError` when they are bad."""
        self._options = options
        self._watch = None if options.settings else self._open_watch()
        self.settings: Settings = options.settings or self._watched_settings()
        speak(self.settings.language)
        self.chosen = self.settings.profile
        """The profile that the person chose: by the settings, the panel or a gesture."""
        self.match: Match | None = None
        """The profile whose app is there, if profiles follow the call."""
        self._overruled = False
        self._changing = threading.RLock()
        self._practising: threading.Timer | None = None
        self.edition = 0
        """Counts how often the settings file was read again, well or badly."""
        self._followers: Followers | None = None

    @property
    def profile(self) -> str:
        """The profile in force."""
        followed = self.reason
        return followed.profile if followed else self.chosen

    @property
    def reason(self) -> Match | None:
        """Why it is in force; None: the person chose it."""
        match, settings = self.match, self.settings
        known = match is not None and match.profile in settings.profiles
        return match if known and settings.follow_call and not self._overruled else None

    @property
    def followed(self) -> Mapping[str, Sequence[str]]:
        """Return the profiles that follow their apps, each with what its app is known by."""
        return self.settings.followed(self.chosen)

    @property
    def bindings(self) -> Sequence[Binding]:
        """What the gestures do in the profile in force."""
        return self.settings.profiles[self.profile]

    @property
    def practice(self) -> bool:
        """Whether actions are only announced, by the command line or by the settings."""
        asked = self._options.practice or self._practising is not None
        return asked or self.settings.gestures.practice

    def practise(self, *, on: bool) -> None:
        """Announce actions only, for `PRACTISE_S` at most: whoever wants more asks again."""
        with self._changing:
            if self._practising is not None:
                self._practising.cancel()
            self._practising = None
            if on:
                self._practising = threading.Timer(PRACTISE_S, self.practise, kwargs={"on": False})
                self._practising.daemon = True
                self._practising.start()
        if self._followers:
            self._followers.inhibitor.apply_settings(self.settings.gestures)

    def camera(self) -> CameraSettings:
        """Return how a camera is to be opened."""
        return self.settings.camera

    def watching(self) -> contextlib.AbstractContextManager[object]:
        """Return a context in which edits of the file take effect."""
        return self._watch or contextlib.nullcontext()

    def attach(self, followers: Followers) -> None:
        """Say who follows; they have been made from the settings that are in force."""
        self._followers = followers
        followers.inhibitor.apply_settings(self.settings.gestures)
        self._apply_links()

    def use_profile(self, name: str) -> None:
        """Take another profile's bindings. Raises `ConfigError` when there is none of that name."""
        name = known_as(name, self.settings.profiles)
        if name not in self.settings.profiles:
            known = ", ".join(sorted(self.settings.profiles))
            raise ConfigError(
                _('There is no profile "{name}"; there are {known}.').format(name=name, known=known)
            )
        with self._changing:
            self.chosen, self._overruled = name, self.match is not None
            self._apply()
        self._tell(_("Profile {name}").format(name=name))

    def follow(self, match: Match | None) -> None:
        """Take the profile whose app is there, until another one is; None: the chosen one.

        What the person chooses meanwhile goes before it.
        """
        with self._changing:
            before, profile = self.match, self.profile
            self.match = match
            if (before and before.profile) != (match and match.profile):
                self._overruled = False
            after = self.profile
            if after != profile:
                self._apply()
        if after != profile:
            self._tell(_("Profile {name}").format(name=after))

    def reload_custom_gestures(self) -> None:
        """Take over what the person taught the program, or made it forget."""
        if self._followers:
            recognizer = self._followers.recognizer
            recognizer.use_custom_gestures(load_custom_gestures(recognizer.model))
        self._apply()
        self.edition += 1

    def apply_settings(self, settings: Settings) -> None:
        """Put a good edit of the file in force: all of it that a running program can change."""
        with self._changing:
            before, self.settings = self.settings, settings
            speak(settings.language)
            if self.chosen not in settings.profiles or settings.profile != before.profile:
                self.chosen = settings.profile
            self.reload_custom_gestures()
        later = self._at_the_next_start(before, settings)
        if later:
            text = _("Settings reloaded; {sections} at the next start")
            self._tell(text.format(sections=", ".join(later)))
        else:
            self._tell(_("Settings reloaded"))

    def _apply(self) -> None:
        if self._followers is None:
            return
        parts, gestures = self._followers, self.settings.gestures
        parts.video.apply_settings(self.settings.overlay)
        parts.inhibitor.apply_settings(gestures)
        parts.history.apply_settings(remember=gestures.remember)
        parts.recent.apply_settings(remember=gestures.remember_missed)
        parts.recognition.apply_settings(gestures, self.bindings, parts.recognizer.thresholds)
        self._apply_links()

    def _apply_links(self) -> None:
        links = self._followers.links if self._followers else None
        if links is not None:
            links.apply_settings(
                self.settings.integrations, [binding.action for binding in self.bindings]
            )

    def _at_the_next_start(self, before: Settings, after: Settings) -> list[str]:
        chosen = self._followers.camera.chosen if self._followers else None
        if chosen == after.camera.device:  # the panel has changed over already
            before = replace(before, camera=replace(before.camera, device=chosen))
        # Whether the camera rests is asked all the time.
        before = replace(before, camera=replace(before.camera, rest=after.camera.rest))
        return [name for name in FIXED_SECTIONS if getattr(after, name) != getattr(before, name)]

    def _open_watch(self) -> SettingsWatch:
        return SettingsWatch(
            self._options.config,
            self.apply_settings,
            self._report,
            profile=self._options.profile,
            classifier=self._options.classifier,
        )

    def _watched_settings(self) -> Settings:
        assert self._watch is not None  # noqa: S101 - one of both is there
        return self._watch.settings

    def _report(self, error: ConfigError) -> None:
        """A bad edit: the last good settings stay."""
        self.edition += 1
        self._tell(_("The settings stay as they were: {error}").format(error=error))

    def _tell(self, text: str) -> None:
        if self._followers:
            self._followers.state.tell(text)
