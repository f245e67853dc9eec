"""`vcam recognize`: gestures in pictures."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vcam.cli.console import one_line
from vcam.cli.parser import CLASSIFIER_HELP, Subparsers, add_command
from vcam.core.gesture_names import gesture_title, hand_title
from vcam.core.texts import _, marked

if TYPE_CHECKING:
    from vcam.core.frame import Image
    from vcam.core.hand import Hand
    from vcam.vision.recognizer import Recognition, Recognizer

EXAMPLES: Final = marked("""\
examples:
  vcam recognize hand.jpg
  vcam recognize holiday/ --annotate marked/
  vcam recognize holiday/ --json
""")


def add_parser(subparsers: Subparsers) -> None:
    """Add `recognize`."""
    parser = add_command(
        subparsers,
        "recognize",
        _("name the gestures in pictures and folders of pictures"),
        EXAMPLES,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--json", action="store_true", help=_("one JSON line a picture"))
    parser.add_argument(
        "--annotate", type=Path, metavar="DIR", help=_("write marked pictures there")
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("settings file to use"))
    parser.add_argument("--classifier", type=Path, metavar="PATH", help=_(CLASSIFIER_HELP))


def run(args: argparse.Namespace) -> int:
    """Recognise every picture; unreadable ones are reported and the rest continue."""
    from vcam.camera.image_folder import read_picture
    from vcam.errors import CameraError, VcamError
    from vcam.settings.load import load_settings
    from vcam.vision.recognizer import open_recognizer

    settings = load_settings(args.config, classifier=args.classifier)
    recognizer = open_recognizer(settings.recognition)
    failed = 0
    paths = list(_images(args.paths, args.annotate))
    annotate = _annotator(args, paths)
    if not paths:
        raise CameraError(
            _("There is no picture in {path}: name a picture or a folder.").format(
                path=args.paths[0]
            )
        )
    for path in paths:
        try:
            image = read_picture(path)
            result = recognizer.recognize(image)
            print(
                _line(path, image, result, recognizer)
                if args.json
                else _words(path, result, recognizer)
            )
            annotate(path, image, result, recognizer)
        except VcamError as error:
            print(one_line(f"vcam: {error}"), file=sys.stderr)
            failed += 1
    return 2 if failed else 0


def _images(paths: list[Path], marked: Path | None) -> Iterator[Path]:
    """Yield the pictures that were named; marked ones of an earlier time are none of them."""
    from vcam.camera.image_folder import find_images_below

    for path in paths:
        if path.is_dir():
            for image_path in find_images_below(path):
                if marked is None or not _is_below(image_path, marked, path):
                    yield image_path
        else:
            yield path


def _is_below(image_path: Path, marked: Path, root: Path) -> bool:
    """Tell whether a picture lies in the folder for marked ones, which is a part of `root`."""
    folder = marked.resolve()
    return folder != root.resolve() and folder in image_path.resolve().parents


def _line(path: Path, image: "Image", result: "Recognition", recognizer: "Recognizer") -> str:
    """Return the JSON line that `--json` promises."""
    hands = [
        {
            "box": [round(side, 1) for side in hand.box_xyxy],
            "score": round(hand.score, 4),
            "gesture": recognizer.acted_on(hand),
            "gesture_score": round(hand.gesture_score, 4),
            "leading_hand": hand.leading_hand,
            "leading_hand_score": round(hand.leading_hand_score, 4),
        }
        for hand in result.hands
    ]
    took = {"detect": round(result.detect_ms, 3), "classify": round(result.classify_ms, 3)}
    size = {"width": image.shape[1], "height": image.shape[0]}
    return json.dumps({"path": str(path), **size, "hands": hands, "ms": took})


def _words(path: Path, result: "Recognition", recognizer: "Recognizer") -> str:
    seen = ", ".join(_word(hand, recognizer) for hand in result.hands) or _("no hand")
    return one_line(_("{path}: {seen}").format(path=path, seen=seen))


def _word(hand: "Hand", recognizer: "Recognizer") -> str:
    if hand.score < recognizer.min_score_to_act:  # which the classifier was not asked about
        return _("perhaps a hand ({score:.0%})").format(score=hand.score)
    about = (hand_title(hand.leading_hand), f"{hand.gesture_score:.0%}")
    return f"{gesture_title(recognizer.acted_on(hand))} ({', '.join(filter(None, about))})"


def _annotator(args: argparse.Namespace, paths: list[Path]) -> Any:
    """Return what writes a marked copy of each picture, or does nothing. Raises `VcamError`."""
    if args.annotate is None:
        return lambda *_: None
    from vcam.cli.annotate import Annotator, marked_paths
    from vcam.system.overwrite_guard import refuse_overwriting

    targets = marked_paths(args.annotate, paths)
    refuse_overwriting([*paths, args.config, args.classifier], targets.values())
    return Annotator(args.annotate, targets).write
