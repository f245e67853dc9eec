"""The interface between the control panel and the running program."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from vcam.camera.listing import CameraInfo
from vcam.core.check_result import CheckResult
from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.outcome import Outcome
from vcam.core.profile_match import By
from vcam.integrations.stream.service import EventStream
from vcam.settings.settings import Settings

Doing = Literal["recognising", "idle", "paused", "waiting"]
"""A hand is in view; none is; a person paused; no picture or no answer comes."""


@dataclass(frozen=True, slots=True)
class HandNow:
    """One hand in view."""

    gesture: str | None
    hand: str | None
    progress: float
    """0: not holding, 1: fired."""
    action: str | None
    score: float = 0.0
    """How sure recognition is of the gesture, smoothed, 0..1."""
    size: float = 0.0
    """The hand's longer side, as a share of the picture's height."""
    ignored: str | None = None
    """The guard that does not believe the gesture at this moment."""


@dataclass(frozen=True, slots=True)
class ProgramSnapshot:
    """The program at one moment."""

    doing: Doing
    paused: bool
    profile: str
    """The profile in force."""
    chosen: str
    """The one that the person chose, which may be another."""
    reason: By | None
    """Why the profile is in force: its app shows our camera, or has the focus; None: chosen."""
    settings: int
    """Counts how often the settings file was read again."""
    camera: str
    trouble: str | None
    """One sentence when the camera or recognition is in trouble."""
    outputs: tuple[str, ...]
    """Where the picture goes; empty: nowhere, with the reason in `no_output`."""
    no_output: str | None
    readers: tuple[str, ...]
    """Programs that show our virtual camera, as far as this system tells."""
    video: str
    """`live`, `blank`, `blur` or `freeze`."""
    muted: bool | None
    """The system's microphone; None where that is not known."""
    dry_run: bool
    fps: float
    cpu: float
    """Percent of one core, over the last moments."""
    hands: tuple[HandNow, ...]
    scores: Mapping[str, float]
    """The likeliest gesture of each hand in view and its score in this very frame."""
    thresholds: Mapping[str, float]
    """Minimum score of each gesture at this moment."""
    told: str | None
    """The line that the overlay shows."""
    sight: tuple[str, ...] = ()
    """What recognition has to say of the picture, such as that it is too dark."""
    links: Mapping[str, str] = field(default_factory=dict)
    """What other programs and plug-ins say of themselves, or what is wrong, by name."""
    badges: tuple[str, ...] = ()
    """What is kept in sight, such as `MIC MUTED`."""


class Program(Protocol):
    """What the panel may ask of the running program. Called from the panel's threads.

    Nothing here waits for the video path, and the video path never waits for any of it.
    """

    def snapshot(self) -> ProgramSnapshot:
        """Return what is the case now; costs about nothing, callable often."""

    def newest_image(self) -> Image | None:
        """Return the newest picture as the camera gave it, uint8 (H, W, 3) BGR, not to be changed;
        None while there is none."""

    def pause(self, paused: bool) -> None:
        """Stop or go on acting on gestures."""

    def stop(self) -> None:
        """Let the program come to its end."""

    def starts_at_login(self) -> bool:
        """Tell whether this computer starts the program when the person logs in."""

    def set_login_start(self, *, on: bool) -> None:
        """Start at login from now on, or no longer. Raises `VcamError`."""

    def practise(self, *, on: bool) -> None:
        """Only announce what gestures would do, for a few seconds or until it is asked again."""

    def use_profile(self, name: str) -> None:
        """Take the bindings of another profile. Raises `ConfigError` when there is none."""

    def try_action(self, action: str) -> Outcome:
        """Carry out a checked action once and return what came of it, after seconds at most.

        Keys that are held are let go after a moment.
        """

    def cameras(self) -> list[CameraInfo]:
        """List the cameras; may take seconds on some systems."""

    def thumbnail(self, device: str) -> Image | None:
        """Return a picture from a camera, uint8 (H, W, 3) BGR; None when it gives none."""

    def use_camera(self, device: str) -> None:
        """Change over to another camera; the outgoing picture keeps its size."""

    def examine(self) -> list[CheckResult]:
        """Return what the doctor finds; takes seconds."""

    def plugin_verbs(self, plugin: str) -> Mapping[str, str]:
        """Return what a plug-in can do, by verb. Raises `ActionError`; may take seconds."""

    def plugin_choices(self, plugin: str, verb: str) -> Sequence[str]:
        """Return arguments that a plug-in offers. Raises `ActionError`; may take seconds."""

    def event_stream(self) -> EventStream | None:
        """Return the events for programs; None where they are not switched on."""


class Mistakes(Protocol):
    """Whoever learns from what fired and should not have."""

    def wrong(self, event: Event) -> str:
        """Take in that this `fire` was wrong; return one sentence that says what was done.

        Raises `VcamError` when nothing could be done.
        """

    def missed(self, gesture: str) -> str:
        """Take in that this gesture was shown and did not fire; return one sentence, as above."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Where pictures of what went wrong are kept, by those whom a person allowed to."""

    keep_wrong: Callable[[Event], None]
    """Takes a `fire` that was wrong."""
    keep_missed: Callable[[str], str]
    """Takes a gesture that was shown and did not fire; returns a sentence that says where its
    pictures are. Raises `VcamError`."""


class Teaches(Protocol):
    """Whoever learns gestures of the person's own. Called from the panel's threads."""

    def learn(self, gesture: str, pose: Sequence[Path], idle: Sequence[Path]) -> int:
        """Learn a gesture of the person's own from picture files, the oldest first.

        It counts from now on. Returns how many of the pose's showed a hand; raises `VcamError` when
        it cannot be told apart. Takes a second for a hundred pictures.
        """

    def portrait(self, image: Image) -> Image:
        """Return the part of uint8 (H, W, 3) BGR around its largest hand, or all where none is."""

    def forget(self, gesture: str, settings: Settings) -> None:
        """Forget a gesture of the person's own. Raises `ConfigError` while `settings` bind it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the panel reads and writes."""

    settings: Path
    template: str
    """What a new settings file begins with."""
    images: Path
    """Where collected training pictures go, a folder a class."""


@dataclass(frozen=True, slots=True)
class Known:
    """The settings file as it reads now."""

    settings: Settings
    error: str | None
    """What is wrong with the file; `settings` are then the last good ones."""
