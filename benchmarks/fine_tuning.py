"""What fine-tuning with a gesture of one's own gives, by the commands of training/README.md.

`python -m benchmarks.fine_tuning ROOMS.zip FRAMES.zip --pose L --out runs/own` takes the pictures
of a pose that two people of ROOMS.zip hold (archives in HaGRID's schema, whose entries have `pose`
and `user_id`) and as many of other poses of theirs, 100 at most, as photos; gives the commands; and
says of the old and the new model (with `--whole` also of one whose whole net was fine-tuned): how
well the pose is named on other people, how well the 18 gestures and the leading hand on the
official validation frames of FRAMES.zip, and what fires in the demo clip. Hands are cut out by
their annotated boxes, and the likeliest name counts ("acts": only where it reaches its threshold).
Time is told by the clock and in processor seconds, since other work may run beside it.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from training.metrics.classification import head_scores
from vcam.core.frame import Image
from vcam.core.hand import Detection, Hand
from vcam.core.labels import LABELS, LEADING_HANDS, NO_GESTURE
from vcam.vision.models.bundled import shipped_model
from vcam.vision.onnx_classifier import OnnxClassifier

PHOTOS: Final = 100
LEARN: Final = ("--learn", "names")
"""The README's way…"""
WHOLE: Final = ("--epochs", "8", "--pictures", "3000", "--lr", "0.001", "--share", "rendered=0.3")
"""…and the one before, which changes the whole net (`--whole`)."""
NAME: Final = "my_pose"
SAME: Final = {
    "G point sideways": ("index sideways",),
    "H two fingers sideways": ("two fingers sideways",),
}
"""Other words of the archive for the same pose."""
DOUBTFUL: Final = {
    "G point sideways": ("thumb and index sideways", "points at himself"),
    "H two fingers sideways": ("thumb and two fingers sideways",),
    "L": ("thumb and index sideways",),
}
"""Poses that somebody might count as the same: neither right nor wrong."""
TRUSTED_SIDE: Final = 0.8
DEMO: Final = Path(__file__).parents[1] / "vcam" / "camera" / "demo.json"


@dataclass(frozen=True)
class Shown:
    """One hand of an archive."""

    member: str
    pose: str
    """The archive's word for the pose, or its gesture."""
    gesture: str
    person: str
    box: tuple[float, float, float, float]
    side: str | None


def hands(archive: zipfile.ZipFile, split: str = "") -> Iterator[Shown]:
    """Yield the annotated hands of an archive in a fixed order."""
    for name in sorted(n for n in archive.namelist() if n.startswith("annotations/")):
        folder = Path(name).stem
        for key, entry in sorted(json.loads(archive.read(name)).items()):
            if split and entry.get("split") != split:
                continue
            side = entry.get("leading_hand")
            if entry.get("leading_conf", 0.0) < TRUSTED_SIDE:
                side = None
            for label, box in zip(entry["labels"], entry["bboxes"], strict=True):
                if label in LABELS:
                    hand = side if label != NO_GESTURE or folder == NO_GESTURE else None
                    person = str(entry.get("user_id") or "")
                    pose = str(entry.get("pose") or label) if folder == NO_GESTURE else label
                    yield Shown(f"{folder}/{key}.jpg", pose, label, person, tuple(box), hand)


def two_people(shown: Sequence[Shown], pose: str, skip: int) -> list[str]:
    """Return the two people with most pictures of the pose, after the first `skip`."""
    count = Counter(one.person for one in shown if one.pose == pose)
    return [person for person, _ in sorted(count.items(), key=lambda e: (-e[1], e[0]))][skip:][:2]


def write_photos(
    archive: zipfile.ZipFile, shown: Sequence[Shown], pose: str, people: Sequence[str], out: Path
) -> Counter[str]:
    """Write a folder a class and person; return how many photos there are of each class."""
    of = [one for one in shown if one.person in people]
    same = (pose, *SAME.get(pose, ()))
    chosen = [(NAME, one) for one in of if one.pose in same][: PHOTOS // 2]
    others: dict[str, list[Shown]] = defaultdict(list)
    for one in of:
        if one.pose not in (*same, *DOUBTFUL.get(pose, ())) and one.gesture == NO_GESTURE:
            others[f"{one.person} {one.pose}"].append(one)
    turns = max(map(len, others.values()), default=0)
    spread = [many[turn] for turn in range(turns) for many in others.values() if turn < len(many)]
    chosen += [(NO_GESTURE, one) for one in spread[: PHOTOS // 2]]
    for name, one in chosen:
        path = out / name / one.person / Path(one.member).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(one.member))
    return Counter(name for name, _ in chosen)


def run(command: Sequence[str]) -> tuple[float, float]:
    """Run a command; return its seconds by the clock and of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed with exit code {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu_s


def recipe(out: Path, whole: bool) -> list[list[str]]:
    """Return the README's commands, and those that fine-tune the whole net."""
    photos, made = str(out / "photos-cache"), str(out / "made")
    render = ["synthesize", "--gestures", "all", "--count", "25", "--size", "160"]
    commands = [
        ["training", *render, "--out", str(out / "rendered")],
        ["training", "prepare", "--data", str(out / "photos"), "--out", photos],
        ["training", "prepare", "--data", str(out / "rendered"), "--out", made],
    ]
    start = str(Path("models/float/gesture_classifier.pt"))
    for name, options in {"whole": WHOLE, "mine": LEARN}.items() if whole else [("mine", LEARN)]:
        run = str(out / name)
        train = ["train", "classifier", "--cache", photos, made, "--out", run, "--start", start]
        file = ["export", f"{run}/model.pt", "--name", name, "--out", str(out), "--cache", photos]
        commands += [["training", *train, *options], ["training", *file]]
    return commands


def recognize(classifier: OnnxClassifier, archive: zipfile.ZipFile, one: Shown) -> Hand:
    """Return what a classifier makes of a hand, cut out by its annotated box."""
    packed = np.frombuffer(archive.read(one.member), np.uint8)
    image: Image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    height, width = image.shape[:2]
    x, y, w, h = one.box
    box = (x * width, y * height, (x + w) * width, (y + h) * height)
    return classifier.classify(image, [Detection(box, 1.0)])[0]


def on_others(
    classifier: OnnxClassifier,
    archive: zipfile.ZipFile,
    shown: Sequence[Shown],
    pose: str,
    people: Sequence[str],
) -> dict[str, Any]:
    """Return how well the pose is named on other people who show it, all their pictures looked at.

    The old model has no name for it: then `others_changed` alone is told apart.
    """
    same = (pose, *SAME.get(pose, ()))
    evaluated = {one.person for one in shown if one.pose in same} - set(people)
    of = [o for o in shown if o.person in evaluated and o.pose not in DOUBTFUL.get(pose, ())]
    min_score = classifier.card.thresholds.get(NAME, 0.0)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    known = 0
    for one in of:
        hand = recognize(classifier, archive, one)
        true = one.pose in same
        for kind, enough in (("likeliest", 0.0), ("acts", min_score)):
            said = hand.gesture == NAME and hand.gesture_score >= enough
            found[kind][
                f"{'hit' if said else 'missed'}" if true else "false" if said else "away"
            ] += 1
        if said and true:
            found["people"][one.person] += 1
        if true:
            found["shown by"][one.person] += 1
        known += not true and one.gesture == hand.gesture
    scores: dict[str, Any] = {"pictures": len(of), "own": found["likeliest"]["hit"]}
    scores["own"] += found["likeliest"]["missed"]
    for kind in ("likeliest", "acts"):
        n = found[kind]
        f1 = 2 * n["hit"] / max(1, 2 * n["hit"] + n["missed"] + n["false"])
        scores[kind] = {"f1": round(100 * f1, 1), **n}
    hit = {who: f"{found['people'][who]} of {n}" for who, n in sorted(found["shown by"].items())}
    others = max(1, len(of) - scores["own"])
    return {**scores, "by person": hit, "others named right": round(100 * known / others, 1)}


def on_frames(classifier: OnnxClassifier, path: Path) -> dict[str, Any]:
    """Return F1 of the 18 gestures and how often the side is right, on the official frames."""
    labels = [*LABELS, NAME]
    true, said, sides = [], [], []
    with zipfile.ZipFile(path) as archive:
        for one in hands(archive, "val"):
            hand = recognize(classifier, archive, one)
            true.append(labels.index(one.gesture))
            said.append(labels.index(hand.gesture))
            if one.side is not None:
                sides.append(one.side == hand.leading_hand)
    scores = head_scores(np.array(true), np.array(said), labels)
    named = [n for n in scores["classes"] if scores["classes"][n]["support"] and n != NO_GESTURE]
    of_gestures = np.mean([scores["classes"][name]["f1"] for name in named])
    return {
        "hands": len(true),
        "f1 weighted": round(100 * scores["f1_weighted"], 1),
        "f1 of gestures": round(100 * float(of_gestures), 1),
        "named my_pose": sum(place == labels.index(NAME) for place in said),
        "leading hand": round(100 * float(np.mean(sides)), 1),
        "of": len(sides),
    }


def in_demo(model: Path, out: Path) -> dict[str, int]:
    """Return how many of the demo clip's gestures fire, and how many others."""
    events = out / "events.jsonl"
    options = ["--camera", "demo", "--output", "null", "--speed", "max", "--dry-run"]
    run(["vcam", "run", *options, "--events", str(events), "--classifier", str(model)])
    fired = [e for e in map(json.loads, events.read_text().splitlines()) if e["phase"] == "fire"]
    wanted = json.loads(DEMO.read_text(encoding="utf-8"))
    hit = sum(
        any(e["gesture"] == w["gesture"] and w["start"] <= e["t"] <= w["end"] + 0.5 for e in fired)
        for w in wanted
    )
    return {"right": hit, "of": len(wanted), "false": len(fired) - hit}


def report(model: Path, args: argparse.Namespace, shown: Sequence[Shown], who: list[str]) -> None:
    """Print what a model gives, as one JSON line."""
    classifier = OnnxClassifier(model)
    assert set(classifier.card.hands) == set(LEADING_HANDS)
    with zipfile.ZipFile(args.rooms) as archive:
        others = on_others(classifier, archive, shown, args.pose, who)
    scores = {"others": others, "frames": on_frames(classifier, args.frames)}
    print(json.dumps({"model": str(model), **scores, "demo": in_demo(model, args.out)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", type=Path)
    parser.add_argument("frames", type=Path)
    parser.add_argument("--pose", default="L", help="the archive's word for it")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many people first")
    parser.add_argument("--teachers", nargs="+", help="people who teach, in place of these two")
    parser.add_argument(
        "--chosen-on",
        nargs="+",
        default=[],
        help="people who do not evaluate: something was chosen",
    )
    parser.add_argument("--whole", action="store_true", help="also fine-tune the whole net")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    args = parser.parse_args()
    with zipfile.ZipFile(args.rooms) as archive:
        shown = list(hands(archive))
        who = args.teachers or two_people(shown, args.pose, args.skip)
        photos = write_photos(archive, shown, args.pose, who, args.out / "photos")
    print(f"{args.pose} of {' and '.join(who)}: {dict(photos)}", flush=True)
    total = [0.0, 0.0]
    for command in recipe(args.out, args.whole):
        clock, cpu_s = run(command)
        if str(args.out / "whole") not in " ".join(command):
            total = [total[0] + clock, total[1] + cpu_s]
        print(f"{' '.join(command[:2])}: {clock:.0f} s, {cpu_s:.0f} processor s", flush=True)
    print(f"the README's way: {total[0]:.0f} s, {total[1]:.0f} processor s", flush=True)
    seen = [*who, *args.chosen_on]
    report(shipped_model("classify"), args, shown, seen)
    for name in ("whole", "mine") if args.whole else ("mine",):
        report(args.out / f"{name}.onnx", args, shown, seen)


if __name__ == "__main__":
    main()
