"""What is drawn at each hand: corners, name, score, ring, and what is about to be done."""

from collections.abc import Sequence

from vcam.core.frame import Box, Image
from vcam.core.view import HandView, View
from vcam.overlay.brackets import draw_brackets
from vcam.overlay.captions import DOUBTS, action_words, gesture_words
from vcam.overlay.pill import STEPS, PillStyle, bar, pill
from vcam.overlay.progress import draw_flash, draw_ring
from vcam.overlay.settings import OverlaySettings
from vcam.overlay.sprite import INK, WHITE, Colour, Sprite, colour_of, paste

FONT = 21
"""Pixels in a picture 720 pixels high."""
MOST = 12
"""Hands that are marked: drawing every hand of a crowd would cost the call its frame rate."""
QUIET: Colour = (214, 208, 204)
"""A hand that shows nothing."""


class HandMarks:
    """Draws hands; remembers when each fired, for the flash."""

    def __init__(self, settings: OverlaySettings) -> None:
        self._settings = settings
        self._accent = colour_of(settings.colours.accent)
        self._hold = colour_of(settings.colours.hold)
        self._fired: dict[int, float] = {}

    def draw(self, image: Image, view: View, time: float | None) -> None:
        """Draw all hands of a view; `time` in seconds, None: that of the newest hand."""
        now = max((hand.tracked.seen for hand in view.hands), default=0.0) if time is None else time
        self._note_fires(view, now)
        for hand in _nearest(view.hands):
            if hand.label is None and hand.ignored == "doubtful":
                continue  # more likely a lamp than a hand
            box = _scaled(hand.tracked.hand.box_xyxy, view.frame_size, image)
            self._draw_hand(image, hand, box, now)

    def _note_fires(self, view: View, now: float) -> None:
        fired = {hand.tracked.track for hand in view.hands if hand.progress >= 1}
        self._fired = {track: self._fired.get(track, now) for track in fired}

    def _draw_hand(self, image: Image, hand: HandView, box: Box, now: float) -> None:
        unit = image.shape[0] / 720
        colour = self._colour(hand)
        if self._settings.boxes:
            draw_brackets(image, box, colour, unit)
        if self._settings.labels and hand.label is not None:
            self._draw_label(image, hand, box, colour)
        if self._settings.progress and hand.progress > 0:
            self._draw_progress(image, hand, box, now)

    def _colour(self, hand: HandView) -> Colour:
        if hand.label is None:
            return QUIET
        return self._hold if 0 < hand.progress < 1 else self._accent

    def _draw_label(self, image: Image, hand: HandView, box: Box, colour: Colour) -> None:
        """Draw the name above the hand, or inside its box where there is no room above."""
        size = font_size(image)
        seen = hand.tracked.hand
        style = PillStyle(size, mark=colour)
        name = pill(gesture_words(hand.label or ""), style, "dot", seen.leading_hand or "")
        gap = round(size * 0.5)
        x = _inside(box[0] - gap / 2, name.width, image.shape[1])
        above = box[1] - name.height - gap
        y = above if above >= 0 else _inside(box[1] + gap, name.height, image.shape[0])
        paste(image, name, x, y)
        self._draw_score(image, seen.gesture_score, (x, y), name, colour)
        if hand.ignored in DOUBTS and hand.progress < 1:
            self._draw_caption(image, pill(DOUBTS[hand.ignored], PillStyle(size, opacity=0.6)), box)
        elif hand.action and hand.progress > 0:
            self._draw_action(image, hand, box)

    def _draw_score(
        self, image: Image, score: float, at: tuple[float, float], name: Sprite, colour: Colour
    ) -> None:
        """Draw the bar along the foot of the name."""
        height = max(2, round(name.height * 0.09))
        inset = round(name.height * 0.5)
        step = round(min(1.0, max(0.0, score)) * STEPS)
        strip = bar(name.width - 2 * inset, height, step, colour)
        paste(image, strip, at[0] + inset, at[1] + name.height - height - max(1, height // 2))

    def _draw_action(self, image: Image, hand: HandView, box: Box) -> None:
        """Say below the hand what holding on does, or has done."""
        done = hand.progress >= 1
        ground, text = (self._accent, INK) if done else (INK, WHITE)
        style = PillStyle(font_size(image), ground, 0.92 if done else 0.72, text, weight=600)
        caption = pill(action_words(hand.action or ""), style, "check" if done else None)
        self._draw_caption(image, caption, box)

    def _draw_caption(self, image: Image, caption: Sprite, box: Box) -> None:
        """Draw a line below the hand, or at the foot of the picture."""
        gap = font_size(image) * 0.5
        x = _inside((box[0] + box[2] - caption.width) / 2, caption.width, image.shape[1])
        paste(image, caption, x, _inside(box[3] + gap, caption.height, image.shape[0]))

    def _draw_progress(self, image: Image, hand: HandView, box: Box, now: float) -> None:
        """Draw the ring beside the hand, where neither name nor caption is."""
        unit = image.shape[0] / 720
        size = max(18, round(58 * unit)) // 2 * 2
        gap = font_size(image) * 0.6
        fits = box[2] + gap + size <= image.shape[1]
        x = _inside(box[2] + gap if fits else box[0] - gap - size, size, image.shape[1]) + size / 2
        y = _inside((box[1] + box[3] - size) / 2, size, image.shape[0]) + size / 2
        colour = self._accent if hand.progress >= 1 else self._hold
        fired = self._fired.get(hand.tracked.track)
        if fired is not None:
            draw_flash(image, (x, y), size, now - fired, colour)
        draw_ring(image, (x, y), size, hand.progress, colour)


def _nearest(hands: tuple[HandView, ...]) -> Sequence[HandView]:
    """Return the `MOST` largest hands: they are those of the people who sit in front."""
    if len(hands) <= MOST:
        return hands
    return sorted(hands, key=lambda hand: hand.tracked.hand.size, reverse=True)[:MOST]


def font_size(image: Image) -> int:
    """Return the font size in pixels that reads well on a picture of this height."""
    return max(11, round(FONT * int(image.shape[0]) / 720))


def _inside(place: float, size: int, most: int) -> float:
    """Shift a place so that something of `size` stays within 0..`most`, if it fits at all."""
    return max(2.0, min(place, most - size - 2.0))


def _scaled(box: Box, frame_size: tuple[int, int], image: Image) -> Box:
    width, height = frame_size
    if width <= 0 or height <= 0:
        return box
    x, y = image.shape[1] / width, image.shape[0] / height
    return box[0] * x, box[1] * y, box[2] * x, box[3] * y
