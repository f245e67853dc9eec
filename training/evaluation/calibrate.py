"""Find the temperature and the thresholds that a classifier is shipped with.

`python -m training calibrate runs/classifier/model.pt --cache runs/cache --split val` writes both
into `facts.json` beside the checkpoint, where `export` reads them. The temperature makes scores
mean what they say (temperature scaling, Guo et al., arXiv 1706.04599). The thresholds hit as many
gestures as they can while at most 1 % of the pictures get a wrong one. Both are chosen on the
pictures of that split, so its scores flatter a little: evaluate on others where there are any.

With `--detector PATH` thresholds are chosen on what that detector finds in the split's whole
pictures, lamps and elbows among it, and so are the detector's own two: from which score a detection
is shown as a hand (`detection`), and from which its gesture is believed (`acting`). A gesture's
score is then fused with the detection's (`trust`, a logistic regression), so that doubtful hands
must be confident gestures. All this is printed, and written into `facts.json` beside the detector.

Of an exported ONNX file, classifier or detector, it is the card that is written, and the
temperature stays as it is: `python -m training calibrate models/gesture_classifier.onnx
--detector models/hand_detector.onnx --cache runs/cache` chooses again for models that are there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from training.datasets.dataset import UNKNOWN
from training.errors import TrainingError
from training.evaluation.classifier_scores import calibration_error, false_gestures, min_scores
from training.evaluation.end_to_end import (
    Detections,
    acted,
    false_boxes_per_image,
    fit_fusion,
    fused,
    recall_at,
    run_end_to_end,
    truly,
)
from training.evaluation.evaluate import open_split
from training.evaluation.load_model import open_model, read_facts, write_facts
from training.evaluation.predictions import Answers, Hands, ask
from training.evaluation.protocols import EvaluatedDetector, Scores
from training.evaluation.thresholds import MIN_HANDS, Bound, choose
from training.option_parser import OptionParser
from vcam.core.labels import NO_GESTURE
from vcam.vision.softmax import softmax_rows

TEMPERATURES = tuple(round(0.3 + 0.02 * step, 2) for step in range(86))
"""To try: 0.3 to 2."""
PRIOR = 0.1
"""Standard deviation of the temperature's logarithm before any hand is seen: few hands, or hands
without a mistake, leave it near 1."""
DEFAULT_THRESHOLD = 0.55
"""Threshold of a class that nothing is known about."""
DETECTOR_SCORES = np.round(np.arange(0.10, 0.601, 0.02), 2)
"""Scores of detections to try."""
FEW_IN_ALL = 200
MAX_FALSE_BOXES = 1.2
"""At most this many boxes a picture that are shown where nobody marked a hand."""


def main(argv: Sequence[str]) -> int:
    """Run `python -m training calibrate`."""
    parser = OptionParser(prog="python -m training calibrate", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--cache", type=Path, nargs="+", default=[Path("runs/cache")])
    parser.add_argument("--split", default="val")
    parser.add_argument(
        "--max-wrong",
        "--most-wrong",
        type=float,
        default=0.01,
        help="share of pictures given a wrong gesture",
    )
    parser.add_argument(
        "--few",
        type=int,
        default=MIN_HANDS,
        help="classes with fewer hands share one threshold (60)",
    )
    parser.add_argument("--detector", type=Path, help="choose on what it finds in whole pictures")
    args = parser.parse_args(argv)
    if not 0 <= args.max_wrong <= 1:
        raise TrainingError("--max-wrong is a share of pictures: give a number from 0 to 1.")
    bound = Bound(args.max_wrong, args.few)
    calibrate(args.checkpoint, args.cache, args.split, bound, args.detector)
    return 0


def calibrate(
    path: Path, caches: Sequence[Path], split: str, bound: Bound, finder: Path | None = None
) -> None:
    """Choose on a split and write `facts.json`, or the card of an exported model.

    Raises `TrainingError`.
    """
    model = open_model(path)
    if isinstance(model, EvaluatedDetector):
        raise TrainingError(f"{path} is a detector, and only classifiers are calibrated.")
    exported = path.suffix == ".onnx"
    if exported and not path.with_suffix(".json").exists():
        raise TrainingError(
            f"{path} has no card to write thresholds on: export it, or name another."
        )
    model.temperature = 1.0  # an exported one has its own inside
    prepared = open_split(caches, split)
    hands, (raw,) = ask([model], prepared.hands)
    temperature = 1.0 if exported else best_temperature(raw.gesture, hands.gesture)
    said = Answers(tempered(raw.gesture, temperature), raw.hand)
    before = (
        dict(model.thresholds)
        if exported or "thresholds" in read_facts(path)
        else {"default": DEFAULT_THRESHOLD}
    )
    default = float(before.get("default", DEFAULT_THRESHOLD))
    if finder:
        detector = open_model(finder)
        if not isinstance(detector, EvaluatedDetector):
            raise TrainingError(f"{finder} is no detector: give --detector one.")
        model.temperature = temperature
        detections = run_end_to_end(detector, model, prepared.frames)
        thresholds, empty = _choose_whole(detections, bound, before, finder)
    else:
        thresholds, empty = choose(hands, said.gesture, bound, default, before)
    calibrated = {} if exported else {"temperature": temperature}
    write_facts(path, calibrated | {"thresholds": {**before, **thresholds}})
    error_before, error_after = (
        calibration_error(scores.max(1), scores.argmax(1) == hands.gesture)
        for scores in (raw.gesture, said.gesture)
    )
    print(f"temperature {temperature}: calibration error {error_before:.3f} -> {error_after:.3f}")
    if len(hands) < FEW_IN_ALL:
        print(f"{len(hands)} hands say little: temperature and thresholds are held near the old")
    if empty:
        stays = ", ".join(f"{label} (stays {before.get(label, default):g})" for label in empty)
        print(f"no picture of {stays}")
    if not finder:  # else they hold for joined scores in whole pictures, and were told there
        _tell(false_gestures(hands, said.gesture, thresholds), bound.max_wrong)


def _choose_whole(
    detections: Detections, bound: Bound, before: Mapping[str, float], finder: Path
) -> tuple[dict[str, float], list[str]]:
    """Choose the classifier's thresholds together with the detector's, and write the latter."""
    max_wrong, default = bound.max_wrong, float(before.get("default", DEFAULT_THRESHOLD))
    few = [
        s
        for s in DETECTOR_SCORES.tolist()
        if false_boxes_per_image(detections, s) <= MAX_FALSE_BOXES
    ]
    detection = min(few, default=float(DETECTOR_SCORES[-1]))
    fusion = fit_fusion(detections, detections.said)
    said = fused(detections, detections.said, fusion)
    best: tuple[float, float, float, dict[str, float], list[str]] | None = None
    for acting in DETECTOR_SCORES[detection <= DETECTOR_SCORES][::-1].tolist():
        confident = detections.score >= acting
        hands = _as_hands(detections, said, confident)
        allowed = max_wrong * len(detections.shown) / max(1, len(np.unique(hands.image_id)))
        inner = replace(bound, max_wrong=allowed)
        thresholds, empty = choose(hands, said[confident], inner, default, before)
        hit, wrong = acted(detections, said, min_scores(detections.labels, thresholds), acting)
        if best is None or (wrong <= max_wrong, hit) > (best[1] <= max_wrong, best[0]):
            best = hit, wrong, acting, thresholds, empty
    assert best is not None
    hit, wrong, acting, thresholds, empty = best
    print(f"whole pictures: {hit:.1%} hit, {wrong:.1%} wrong")
    print(
        f"detector: acting {acting}, detection {detection}: "
        f"{recall_at(detections, detection):.1%} of hands found, "
        f"{false_boxes_per_image(detections, detection):.2f} boxes a picture elsewhere"
    )
    calibrated = {"thresholds": {"detection": detection, "acting": acting}, "trust": asdict(fusion)}
    write_facts(finder, calibrated)
    return thresholds, empty


def _as_hands(detections: Detections, said: Scores, confident: np.ndarray) -> Hands:
    """Return detections as hands that show what is said of them where it is true, else nothing."""
    nothing = detections.labels.index(NO_GESTURE)
    count = int(confident.sum())
    return Hands(
        detections.labels,
        np.where(truly(detections, said), said.argmax(1), nothing)[confident],
        np.full(count, UNKNOWN),
        np.full(count, np.nan),
        np.full(count, np.nan),
        detections.image_id[confident],
    )


def _tell(done: Mapping[str, float | int | None], max_wrong: float) -> None:
    wrong = done["wrong"] or 0.0
    print(f"thresholds: {done['hit'] or 0:.1%} of gestures hit, {wrong:.1%} wrong")
    if wrong > max_wrong:
        print(f"no thresholds reach {max_wrong:.1%} wrong: these, the strictest, are written")


def tempered(said: Scores, temperature: float) -> Scores:
    """Return probabilities (N, C) with their logits divided by a temperature."""
    return softmax_rows(np.log(np.maximum(said, 1e-30)) / temperature)


def best_temperature(said: Scores, truth: np.ndarray) -> float:
    """Return the likeliest temperature a posteriori, for probabilities (N, C)."""
    each = np.arange(len(truth))

    def cost(t: float) -> float:
        prior = (np.log(t) / PRIOR) ** 2 / 2
        return float(prior) - _log_likelihood(tempered(said, t)[each, truth])

    return min(TEMPERATURES, key=cost)


def _log_likelihood(probabilities: Scores) -> float:
    return float(np.log(np.maximum(probabilities, 1e-30)).sum())
