"""`python -m benchmarks.purpose record CLIPS --table CSV --poses ARCHIVE... --out FILE`, then
`python -m benchmarks.purpose compare FILE`: rules or a learnt model, on people left out.

What is compared decides about the same recordings, with every gesture counting: the program's
rules; the same without what tells whether a gesture is meant (`purpose`, `both`, `low`, arrivals,
doubtful detections); and, on top of that, a logistic regression over `features.NAMES`, whose mean
over the last 0.4 s must reach a threshold. It is fitted, and its threshold chosen, without the
person it is tried on. The rules were chosen with the clips in view, but not the made-up sequences.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.false_fires.clips import frames, read_clips
from benchmarks.false_fires.intervals import poisson_interval, share_interval
from benchmarks.false_fires.poses import Pose, poses
from benchmarks.purpose.features import NAMES, Features, Watching
from benchmarks.purpose.logistic import Logistic, fit
from benchmarks.purpose.recording import Recording, decided, load, record, replay, save
from benchmarks.purpose.sequences import meant, waved
from vcam.core.event import Event
from vcam.core.frame import Image
from vcam.core.labels import NO_GESTURE
from vcam.gestures.engine import GestureEngine
from vcam.gestures.guards.settings import GuardSettings
from vcam.gestures.settings import GestureSettings
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

BARE: Final = GestureSettings(
    purpose=0.0, guards=GuardSettings(both=False, low=False, arrival_ms=0, find_score=0.0)
)
"""Every rule that does not ask whether a gesture is meant."""
LATELY_S: Final = 0.4
THRESHOLDS: Final = tuple(step / 20 for step in range(1, 20))
FALSE_COST: Final = 3
"""A false fire is as bad as so many gestures that stay silent."""
WIDTH_PX: Final = 640
Scores = dict[int, list[tuple[float, float]]]
"""By track: time, and the chance that what is shown is meant."""
Fires = dict[int, list[Event]]
Candidates = dict[int, list[tuple[Event, float]]]
"""Both by the identity of a recording; what fires, and until when it is shown."""


def recordings(args: argparse.Namespace) -> Iterator[Recording]:
    """Yield every clip, and for each picture a gesture that is meant and one that is waved."""
    recognizer = open_recognizer(RecognitionSettings())
    for clip in read_clips(args.clips, args.table):
        if not clip.path.name.startswith(("swipe", "zoom")):
            person = "_".join(clip.path.stem.split("_")[:2])
            person = "signer" if person.startswith("signing") else person
            samples = record(recognizer, frames(clip.path))
            yield Recording(clip.path.name, person, clip.kind, clip.expected, samples)
    for archive in args.poses:
        for number, pose in enumerate(islice(poses(archive), 0, None, args.every)):
            small = replace(pose, image=_small(pose))
            for kind, make in (("made up, meant", meant), ("made up, waved", waved)):
                shown = frozenset({pose.gesture} if make is meant else set())
                samples = record(recognizer, make(small, number))
                yield Recording(pose.name, pose.person, kind, shown, samples)


def _small(pose: Pose) -> Image:
    high, wide = pose.image.shape[:2]
    size = (WIDTH_PX, round(WIDTH_PX * high / wide))
    return np.asarray(cv2.resize(pose.image, size, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True)
class Seen:
    """A recording with the features of all its hands, which no fold changes."""

    recording: Recording
    samples: Sequence[tuple[float, Mapping[int, tuple[str, Features]]]]
    """Time, and by track: the gesture and the features."""

    def moments(self) -> tuple[list[Features], list[float]]:
        """Return features, and whether it is meant (1) or not (0), of each moment with a name.

        Where something is meant, other names than the right one teach nothing.
        """
        expected = self.recording.expected
        named = [
            features
            for _, hands in self.samples
            for name, features in hands.values()
            if name != NO_GESTURE and (not expected or name in expected)
        ]
        return named, [float(bool(expected))] * len(named)

    def scores(self, model: Logistic) -> Scores:
        """Return the smoothed chance of every track over time."""
        found: Scores = {}
        for time, hands in self.samples:
            for track, (_, features) in hands.items():
                before = found.setdefault(track, [])
                now = float(model.probability(features))
                if before:
                    kept = math.exp(-(time - before[-1][0]) / LATELY_S)
                    now = kept * before[-1][1] + (1 - kept) * now
                before.append((time, now))
        return found


def watch(recording: Recording) -> Seen:
    """Return a recording with its features."""
    watching, samples = Watching(), []
    for sample in recording.samples:
        names = {t.track: t.hand.gesture for t in sample.tracks}
        found = watching.update(sample)
        samples.append(
            (sample.time, {track: (names[track], each) for track, each in found.items()})
        )
    return Seen(recording, samples)


def learn(learned: Sequence[Seen]) -> Logistic:
    """Fit on some people; every kind of clip weighs the same."""
    rows = [(seen.recording.kind, *seen.moments()) for seen in learned]
    sums = Counter[str]()
    for kind, features, _ in rows:
        sums[kind] += len(features)
    x = np.array([each for _, features, _ in rows for each in features])
    y = np.array([each for *_, truth in rows for each in truth])
    weight = np.array([1 / sums[kind] for kind, features, _ in rows for _ in features])
    return fit(x, y, weight * len(x) / weight.sum())


def candidates(recording: Recording, thresholds: dict[str, float]) -> list[tuple[Event, float]]:
    """Return what fires without asking whether it is meant, and until when it is shown."""
    engine = GestureEngine(BARE, (), thresholds)
    events = [*decided(engine, recording), *engine.finish(recording.seconds)]
    ends = [event for event in events if event.phase == "end"]
    return [
        (e, min((x.time for x in ends if x.track == e.track and x.time >= e.time), default=e.time))
        for e in events
        if e.phase == "fire"
    ]


def gated(fires: Sequence[tuple[Event, float]], found: Scores, min_score: float) -> list[Event]:
    """Return those that reach the threshold while they are shown."""
    return [
        event
        for event, end in fires
        if any(event.time <= t <= end and p >= min_score for t, p in found.get(event.track, []))
    ]


def cost(recording: Recording, fires: Sequence[Event]) -> tuple[int, int]:
    """Return false fires, and whether what was meant did not fire once and alone."""
    false = sum(event.gesture not in recording.expected for event in fires)
    return false, int(bool(recording.expected) and not (len(fires) == 1 and not false))


def compare(thresholds: dict[str, float], everything: list[Recording], folds: int) -> None:
    """Print a table, one row for each kind of clip and each way to decide."""
    seen = [watch(recording) for recording in everything]
    bare = {id(r): candidates(r, thresholds) for r in everything}
    rules = {id(r): replay(r, GestureSettings(), thresholds) for r in everything}
    learnt: Fires = {}
    both: Fires = {}
    people = sorted({r.person for r in everything})
    for fold in range(folds):
        group = set(people[fold::folds])
        learned = [each for each in seen if each.recording.person not in group]
        model = learn(learned)
        min_score = _threshold(learned, model, bare)
        for each in (each for each in seen if each.recording.person in group):
            key, found = id(each.recording), each.scores(model)
            learnt[key] = gated(bare[key], found, min_score)
            both[key] = gated([(e, e.time + 0.5) for e in rules[key]], found, min_score)
    none = {key: [event for event, _ in fires] for key, fires in bare.items()}
    ways = {"neither": none, "rules": rules, "learnt": learnt, "both": both}
    for kind in sorted({r.kind for r in everything}):
        for way, fires in ways.items():
            print(_row(kind, way, [(r, fires[id(r)]) for r in everything if r.kind == kind]))
    weights = learn(seen).weights[:-1]
    order = np.argsort(-np.abs(weights))
    print("weights:", ", ".join(f"{NAMES[i]} {weights[i]:+.2f}" for i in order))


def _threshold(learned: Sequence[Seen], model: Logistic, bare: Candidates) -> float:
    """Return the threshold that costs least on those that the model was fitted on."""
    scores = [(each.recording, each.scores(model)) for each in learned]

    def total(min_score: float) -> int:
        costs = (cost(r, gated(bare[id(r)], found, min_score)) for r, found in scores)
        return sum(FALSE_COST * false + missed for false, missed in costs)

    return min(THRESHOLDS, key=total)


def _row(kind: str, way: str, results: list[tuple[Recording, list[Event]]]) -> str:
    costs = [cost(r, fires) for r, fires in results]
    seconds = sum(r.seconds for r, _ in results)
    false = sum(f for f, _ in costs)
    low, high = (bound * 600 / seconds for bound in poisson_interval(false))
    words = (
        f"| {kind} | {way} | {false} in {seconds:.0f} s ({low:.1f} to {high:.1f} in ten minutes) |"
    )
    asked = sum(bool(r.expected) for r, _ in results)
    if not asked:
        return words + " |"
    right = asked - sum(missed for _, missed in costs)
    lowest, highest = share_interval(right, asked)
    return words + f" {right} of {asked} ({lowest:.0%} to {highest:.0%}) |"


def main() -> None:
    """Record, or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    recorder = commands.add_parser("record")
    recorder.add_argument("clips", type=Path)
    recorder.add_argument("--table", type=Path)
    recorder.add_argument("--poses", type=Path, nargs="*", default=[])
    recorder.add_argument("--every", type=int, default=1, help="take every so manyth picture only")
    recorder.add_argument("--out", type=Path, required=True)
    comparer = commands.add_parser("compare")
    comparer.add_argument("file", type=Path)
    comparer.add_argument(
        "--folds", type=int, default=20, help="groups of people, left out in turn"
    )
    args = parser.parse_args()
    if args.command == "compare":
        thresholds, everything = load(args.file)
        compare(thresholds, everything, args.folds)
        return
    thresholds = open_recognizer(RecognitionSettings()).thresholds
    save(args.out, thresholds, list(recordings(args)))


if __name__ == "__main__":
    main()
