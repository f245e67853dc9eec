"""Views for a mirrored picture: the picture is flipped first and drawn on afterwards."""

from dataclasses import replace

from vcam.core.frame import mirrored_box
from vcam.core.view import HandView, View


def mirrored_view(view: View, width: int) -> View:
    """Return the view for the picture flipped left to right, `width` pixels wide.

    `width` is that of `view.frame_size`, which boxes refer to. Hands stay left and right: they are
    the person's own, whichever way the picture is shown.
    """
    return replace(view, hands=tuple(_mirrored(hand, width) for hand in view.hands))


def _mirrored(view: HandView, width: int) -> HandView:
    hand = view.tracked.hand
    hand = replace(hand, box_xyxy=mirrored_box(hand.box_xyxy, width))
    return replace(view, tracked=replace(view.tracked, hand=hand))
