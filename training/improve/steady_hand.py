"""Which hand in the last seconds showed the missed gesture: one that held still for long enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vcam.core.box import intersection_over_union
from vcam.core.frame import Box
from vcam.core.hand import Detection

MIN_DETECTIONS = 3
"""Pictures that a hand must hold still in: three at 0.2 s are the usual hold."""
SAME_PLACE_IOU = 0.5
"""From one picture to the next; a hand that is raised or lowered moves farther."""


@dataclass(frozen=True, slots=True)
class SteadyHand:
    """A hand that stayed where it was."""

    first: int
    """Place of the picture in which it is seen first; it is in those that follow, too."""
    boxes: tuple[Box, ...]
    """One for each picture: xyxy pixels."""


def steady_hand(
    found: Sequence[Sequence[Detection]],
    likeness: Callable[[int, Box], float],
) -> SteadyHand | None:
    """Return the steady hand that looks most like the gesture; None where no hand holds still.

    `found` are the detections of each picture in order, `likeness` says how probable the gesture is
    for a box of a picture. A hand at rest is steady too: the longest one need not be it.
    """
    chains = [chain for chain in _chains(found) if len(chain.boxes) >= MIN_DETECTIONS]
    if not chains:
        return None

    def alike(chain: SteadyHand) -> float:
        said = [likeness(chain.first + place, box) for place, box in enumerate(chain.boxes)]
        return sum(said) / len(said)

    return max(chains, key=lambda chain: (round(alike(chain), 2), len(chain.boxes)))


def _chains(found: Sequence[Sequence[Detection]]) -> list[SteadyHand]:
    """Follow every hand from picture to picture for as long as it stays in its place."""
    done: list[SteadyHand] = []
    going: list[SteadyHand] = []
    for place, detections in enumerate(found):
        boxes = [each.box_xyxy for each in detections]
        still: list[SteadyHand] = []
        for chain in going:
            near = max(boxes, key=lambda box: _overlap(chain, box), default=None)
            if near is None or _overlap(chain, near) < SAME_PLACE_IOU:
                done.append(chain)
                continue
            boxes.remove(near)
            still.append(SteadyHand(chain.first, (*chain.boxes, near)))
        going = still + [SteadyHand(place, (box,)) for box in boxes]
    return done + going


def _overlap(chain: SteadyHand, box: Box) -> float:
    return intersection_over_union(chain.boxes[-1], box)
