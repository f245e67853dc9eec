"""What recognition saw in a clip, kept so that deciding can be tried again in no time."""

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vcam.core.event import Event
from vcam.core.frame import Frame
from vcam.core.hand import TrackedHand
from vcam.gestures.engine import Decision, GestureEngine
from vcam.gestures.settings import GestureSettings
from vcam.pipeline.recognition import RecognitionPath
from vcam.vision.recognizer import Recognizer
from vcam.vision.rotated_views import RotatedViews
from vcam.vision.settings import RecognitionSettings


@dataclass(frozen=True)
class Sample:
    """What deciding was given at one moment."""

    time: float
    tracks: Sequence[TrackedHand] = ()
    frame_size: tuple[int, int] = (0, 0)
    turned: Sequence[TrackedHand] = ()
    is_cut: bool = False
    """Whether the scene changed at this moment; such a frame brings nothing else."""


@dataclass
class Recording:
    """A clip as deciding sees it, and what is meant in it."""

    name: str
    person: str
    """Who is seen: what is learnt from others is tried on this one."""
    kind: str
    expected: frozenset[str] = frozenset()
    """Of these gestures, one fires once; empty: nothing may fire."""
    samples: list[Sample] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.samples[-1].time if self.samples else 0.0


class _Listening(GestureEngine):
    """Deciding that keeps what it is given."""

    samples: list[Sample]

    def update(
        self,
        tracks: Sequence[TrackedHand],
        time: float,
        frame_size: tuple[int, int],
        turned: Sequence[TrackedHand] = (),
    ) -> Decision:
        """Keep a frame, and decide."""
        self.samples.append(Sample(time, tuple(tracks), frame_size, tuple(turned)))
        return super().update(tracks, time, frame_size, turned)

    def forget_scene(self, time: float) -> tuple[Event, ...]:
        """Keep a cut, and forget."""
        self.samples.append(Sample(time, is_cut=True))
        return super().forget_scene(time)


def record(recognizer: Recognizer, images: Iterable[Frame]) -> list[Sample]:
    """Return what deciding is given when these frames are looked at, at the program's pace."""
    engine = _Listening(GestureSettings(), (), recognizer.thresholds)
    engine.samples = []
    turned = RotatedViews(lambda image: recognizer.recognize_all(image).hands)
    path = RecognitionPath(recognizer, engine, RecognitionSettings(), rotated_views=turned)
    for frame in images:
        if path.is_due(frame):
            path.process(frame)
    return engine.samples


def replay(
    recording: Recording, settings: GestureSettings, thresholds: dict[str, float]
) -> list[Event]:
    """Return what fires when these settings decide."""
    events = decided(GestureEngine(settings, (), thresholds), recording)
    return [event for event in events if event.phase == "fire"]


def decided(engine: GestureEngine, recording: Recording) -> list[Event]:
    """Give an engine what was recorded, cuts among it; return its events, before `finish`."""
    events: list[Event] = []
    for sample in recording.samples:
        if sample.is_cut:
            events += engine.forget_scene(sample.time)
        else:
            events += engine.update(
                sample.tracks, sample.time, sample.frame_size, sample.turned
            ).events
    return events


def save(path: Path, thresholds: dict[str, float], recordings: list[Recording]) -> None:
    """Write recordings; only this program reads them, from a file that it wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps((thresholds, recordings)))


def load(path: Path) -> tuple[dict[str, float], list[Recording]]:
    """Read what `save` wrote."""
    thresholds, recordings = pickle.loads(path.read_bytes())
    return thresholds, recordings
