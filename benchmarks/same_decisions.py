"""Whether this checkout decides as another one does, event by event, on recorded recognition.

`python -m benchmarks.same_decisions RECORDING... --against FOLDER` replays what
`python -m benchmarks.purpose record` wrote, here and in another checkout, each in a process of its
own: with every sensitivity, with and without guards, with nothing bound and with gestures bound to
one hand, to both and in two steps. Events are compared to the last digit with why they happened,
and so is what the overlay shows of each hand at each look. Prints how much was compared, and the
first difference, which is an error. For whoever makes deciding faster without changing it.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

from benchmarks.purpose.recording import Recording, load
from vcam.core.binding import Binding
from vcam.core.event import Event
from vcam.core.view import HandView
from vcam.gestures.engine import GestureEngine
from vcam.gestures.guards.settings import ALL_OFF
from vcam.gestures.sensitivity import PRESETS
from vcam.gestures.settings import GestureSettings

BINDINGS: Final[Sequence[Sequence[Binding]]] = (
    (),
    (
        Binding("palm", "mic.mute"),
        Binding("stop", "mic.mute"),
        Binding("fist", "key:a", hand="left"),
        Binding("fist", "key:b", hand="right"),
        Binding("like", "key:c", hand="both"),
        Binding("fist>palm", "key:d"),
    ),
)


def settings() -> Iterator[GestureSettings]:
    """Yield each sensitivity, and the usual one without guards and for several people."""
    for word, preset in PRESETS.items():
        yield GestureSettings(
            sensitivity=word,
            hold_ms=preset.hold_ms,
            release_ms=preset.release_ms,
            cooldown_ms=preset.cooldown_ms,
            purpose=preset.purpose,
        )
    yield GestureSettings(guards=ALL_OFF, max_people=4)


def decisions(recording: Recording, engine: GestureEngine) -> Iterator[str]:
    """Yield a line for every event and, at every look, for every hand."""
    for sample in recording.samples:
        if sample.is_cut:
            yield from map(_event, engine.forget_scene(sample.time))
            continue
        decision = engine.update(sample.tracks, sample.time, sample.frame_size, sample.turned)
        yield from map(_event, decision.events)
        yield from map(_view, decision.hands)
    yield from map(_event, engine.finish(recording.seconds))


def _event(event: Event) -> str:
    return f"event {event}"


def _view(view: HandView) -> str:
    return f"view {view}"  # with the smoothed hand in it


def lines(files: Sequence[Path]) -> Iterator[str]:
    """Yield all decisions about some recordings, each way."""
    for file in files:
        thresholds, recordings = load(file)
        for recording in recordings:
            for number, chosen in enumerate(settings()):
                for bound, bindings in enumerate(BINDINGS):
                    yield f"{recording.name}, settings {number}, bindings {bound}"
                    yield from decisions(recording, GestureEngine(chosen, bindings, thresholds))


def lines_in(folder: Path, files: Sequence[Path]) -> Iterator[str]:
    """Yield what a checkout decides, from a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--print", *map(str, files)]
    here = str(Path(__file__).parents[1])
    # The other checkout's program, and this one's way to ask it.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(folder.resolve()), here))}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        for line in asked.stdout:
            yield line.rstrip("\n")
    if asked.returncode:
        raise SystemExit(f"{folder} did not decide to the end")


def main() -> None:
    """Compare, and say what was compared."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--against", type=Path, help="another checkout")
    parser.add_argument("--print", action="store_true", help="print this checkout's decisions")
    args = parser.parse_args()
    if args.print or args.against is None:
        for line in lines(args.recordings):
            print(line)
        return
    names = events = views = 0
    name = ""
    for there, here in zip_longest(lines_in(args.against, args.recordings), lines(args.recordings)):
        if there != here:
            raise SystemExit(f"{name}:\nthere: {there}\nhere:  {here}")
        events += here.startswith("event ")
        views += here.startswith("view ")
        if not here.startswith(("event ", "view ")):
            name, names = here, names + 1
    print(f"the same in {names} replays: {events} events, {views} hands shown")


if __name__ == "__main__":
    main()
