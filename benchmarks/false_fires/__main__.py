"""`python -m benchmarks.false_fires CLIPS`: what fires in a folder of videos that nobody meant.

A clip is played by itself, with every gesture counting as if bound; `--bindings default` counts
only what the shipped profile acts on. `--table CLIPS.csv` says what is meant in which clip (columns
`file`, `expect`, `kind`); elsewhere nothing may fire. Each kind gets a line: fires in ten minutes
with their 95 % interval, by gesture, and the share of clips whose gesture fired once and alone.
`--sheets FOLDER` saves three frames of every false fire; look at them.

`--program "COMMAND {clip}"` evaluates any program that prints event lines instead of this one; for
two baselines there are adapters, `baseline_mediapipe` and `baseline_dynamic_gestures` beside this.

`--poses ARCHIVE...` adds labelled pictures of held gestures (see `poses`). `--sensitivity`,
`--arm`, `--no-guards` and `--half first|second` compare: tune on one half, and report the other.
"""

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from benchmarks.false_fires.clips import Clip, read_clips
from benchmarks.false_fires.contact_sheet import save_sheet
from benchmarks.false_fires.poses import evaluate, poses, report_poses
from benchmarks.false_fires.programs import Fire, Program, other_program, this_program
from benchmarks.false_fires.tally import Tally
from vcam.core.binding import Binding
from vcam.gestures.guards.settings import ALL_OFF, GuardSettings
from vcam.gestures.sensitivity import PRESETS
from vcam.gestures.settings import GestureSettings
from vcam.settings.app_profiles import shipped_profiles, this_system
from vcam.vision.recognizer import open_recognizer
from vcam.vision.settings import RecognitionSettings

ThingT = TypeVar("ThingT")


def main() -> None:
    """Print a line for each kind of clips and each archive."""
    args = _arguments()
    settings = _settings(args)
    recognizer = open_recognizer(RecognitionSettings())
    program = (
        other_program(args.program)
        if args.program
        else this_program(recognizer, settings, _bindings(args.bindings))
    )
    clips = _half(read_clips(args.clips, args.table), args.half)
    for kind, tally in play(program, clips, args).items():
        print(f"{kind}: {tally}", flush=True)
    for archive in args.poses:
        found = islice(_half(poses(archive), args.half), 0, None, args.every)
        report_poses(archive.stem, [evaluate(recognizer, settings, pose) for pose in found])


def play(program: Program, clips: Iterable[Clip], args: argparse.Namespace) -> dict[str, Tally]:
    """Return the tally of each kind of clips; saves sheets where they are asked for."""
    tallies: dict[str, Tally] = {}
    for clip in clips:
        found, seconds = program(clip.path)
        if args.bindings == "default":
            found = [fire for fire in found if fire.action is not None]
        wrong = tallies.setdefault(clip.kind, Tally()).add(clip, found, seconds)
        _report_clip(clip, wrong)
        if args.sheets:
            save_sheet(args.sheets, clip, wrong)
    return tallies


def _report_clip(clip: Clip, wrong: list[Fire]) -> None:
    words = ", ".join(f"{fire.gesture} at {fire.time:.2f} s" for fire in wrong)
    if words:
        print(f"  {clip.path.name}: {words}", flush=True)


def _settings(args: argparse.Namespace) -> GestureSettings:
    preset = PRESETS[args.sensitivity]
    return GestureSettings(
        sensitivity=args.sensitivity,
        hold_ms=preset.hold_ms,
        release_ms=preset.release_ms,
        cooldown_ms=preset.cooldown_ms,
        purpose=0.0 if args.no_guards else preset.purpose,
        arm=args.arm,
        guards=ALL_OFF if args.no_guards else GuardSettings(),
    )


def _bindings(which: str) -> tuple[Binding, ...]:
    return shipped_profiles(this_system())["system"].bindings if which == "default" else ()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", type=Path)
    parser.add_argument("--table", type=Path, help="a CSV file: what is meant in which clip")
    parser.add_argument("--program", help="a command that prints event lines for {clip}")
    parser.add_argument("--bindings", choices=("all", "default"), default="all")
    parser.add_argument("--sheets", type=Path, help="where to save pictures of false fires")
    parser.add_argument("--poses", type=Path, nargs="*", default=[])
    parser.add_argument("--half", choices=("first", "second"))
    parser.add_argument("--sensitivity", choices=tuple(PRESETS), default="usual")
    parser.add_argument("--arm", help="an arming gesture that must come first")
    parser.add_argument("--every", type=int, default=1, help="take every so manyth picture only")
    parser.add_argument("--no-guards", action="store_true")
    return parser.parse_args()


def _half(things: Iterable[ThingT], which: str | None) -> Iterator[ThingT]:
    for index, thing in enumerate(things):
        if which is None or index % 2 == (which == "second"):
            yield thing


if __name__ == "__main__":
    main()
