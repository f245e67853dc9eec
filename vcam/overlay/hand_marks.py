"""What is drawn at each hand: corners, name, score, ring, and what is about to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vcam.core.frame import Box, Image
from vcam.core.texts import _, marked
from vcam.core.view import HandView, View
from vcam.overlay.brackets import draw_brackets
from vcam.overlay.captions import DOUBTS, action_words, gesture_words
from vcam.overlay.fading import FADE_S, Fading
from vcam.overlay.hold_ring import RingStyle, draw_flash, draw_ring
from vcam.overlay.pill import STEPS, PillStyle, bar, pill
from vcam.overlay.settings import OverlaySettings
from vcam.overlay.sprite import INK, WHITE, Colour, Sprite, colour_of, paste

FONT = 21
"""Pixels in a picture 720 pixels high."""
MAX_MARKS = 12
"""Hands that are marked: drawing every hand of a crowd would cost the call its frame rate."""
QUIET: Colour = (214, 208, 204)
"""A hand that shows nothing."""
SIDES: Final = {"left": marked("left"), "right": marked("right")}
BRIEF_S: Final = 1.0
"""How long a brief mark stays after its gesture has fired."""


class HandMarks:
    """Draws hands; remembers when each fired, for the flash, and when each went, to fade."""

    def __init__(self, settings: OverlaySettings, *, brief: bool = False) -> None:
        """`brief`: name and ring alone, and for a moment only once the gesture has fired."""
        self._settings, self._brief = settings, brief
        self._accent = colour_of(settings.colours.accent)
        self._hold = colour_of(settings.colours.hold)
        self._warn = colour_of(settings.colours.warn)
        self._fired: dict[int, float] = {}
        self._fading = Fading()

    def draw(self, image: Image, view: View, time: float | None) -> None:
        """Draw all hands of a view; `time` in seconds, None: that of the newest hand."""
        now = max((hand.tracked.seen for hand in view.hands), default=0.0) if time is None else time
        self._note_fires(view, now)
        shown = [hand for hand in _nearest(view.hands) if not _is_lamp(hand)]
        for hand, presence in self._fading.update(shown, now):
            opacity = presence * self._after_fire(hand, now)
            if opacity > 0:
                box = _scaled(hand.tracked.hand.box_xyxy, view.frame_size, image)
                self._draw_hand(image, hand, box, _Moment(now, opacity))

    def _note_fires(self, view: View, now: float) -> None:
        fired = {hand.tracked.track for hand in view.hands if hand.progress >= 1}
        self._fired = {track: self._fired.get(track, now) for track in fired}

    def _after_fire(self, hand: HandView, now: float) -> float:
        """Return 1, or less once a brief mark has been there for long enough."""
        fired = self._fired.get(hand.tracked.track)
        if not self._brief or fired is None:
            return 1.0
        return max(0.0, 1.0 - max(0.0, now - fired - BRIEF_S) / FADE_S)

    def _draw_hand(self, image: Image, hand: HandView, box: Box, moment: "_Moment") -> None:
        colour = self._colour(hand)
        if self._settings.boxes:
            draw_brackets(image, box, colour, moment.opacity)
        if self._settings.labels and hand.label is not None:
            self._draw_label(image, hand, box, moment.opacity)
        if self._settings.progress and hand.progress > 0:
            self._draw_progress(image, hand, box, moment)

    def _colour(self, hand: HandView) -> Colour:
        if hand.label is None:
            return QUIET
        if hand.progress < 1:
            return self._hold if hand.progress > 0 else self._accent
        if hand.outcome is not None and hand.outcome.result == "failed":
            return self._warn
        return self._accent if hand.outcome or not hand.action or self._brief else self._hold

    def _draw_label(self, image: Image, hand: HandView, box: Box, opacity: float) -> None:
        """Draw the name above the hand, or inside its box where there is no room above."""
        size, colour = font_size(image), self._colour(hand)
        seen = hand.tracked.hand
        style = PillStyle(size, mark=colour)
        name = pill(gesture_words(hand.label or ""), style, "dot", _side(seen.leading_hand))
        gap = round(size * 0.5)
        x = _inside(box[0] - gap / 2, name.width, image.shape[1])
        above = box[1] - name.height - gap
        y = above if above >= 0 else _inside(box[1] + gap, name.height, image.shape[0])
        paste(image, name, x, y, opacity)
        if not self._brief:
            self._draw_score(image, seen.gesture_score, (x, y, name), (colour, opacity))
            self._explain(image, hand, box, opacity)

    def _draw_score(
        self,
        image: Image,
        score: float,
        name: tuple[float, float, Sprite],
        paint: tuple[Colour, float],
    ) -> None:
        """Draw the bar along the foot of the name, which is given with its upper left corner."""
        x, y, sprite = name
        height = max(2, round(sprite.height * 0.09))
        inset = round(sprite.height * 0.5)
        step = round(min(1.0, max(0.0, score)) * STEPS)
        colour, opacity = paint
        strip = bar(sprite.width - 2 * inset, height, step, colour)
        foot = y + sprite.height - height - max(1, height // 2)
        paste(image, strip, x + inset, foot, opacity)

    def _explain(self, image: Image, hand: HandView, box: Box, opacity: float) -> None:
        """Say below the hand why it does not count, or what it does."""
        if hand.ignored in DOUBTS and hand.progress < 1:
            style = PillStyle(font_size(image), opacity=0.6)
            self._draw_caption(image, pill(_(DOUBTS[hand.ignored]), style), box, opacity)
        elif hand.action and hand.progress > 0 and not _floats(hand):
            caption = self._action(hand, hand.action, font_size(image))
            self._draw_caption(image, caption, box, opacity)

    def _action(self, hand: HandView, action: str, size: int) -> Sprite:
        """Return what holding on does; or what came of it, once that is known."""
        words, result = action_words(action), hand.outcome.result if hand.outcome else None
        if hand.progress < 1 or result is None:
            return pill(words, PillStyle(size, weight=600))
        if result == "dry_run":
            return pill(_("would {words}").format(words=words), PillStyle(size, weight=600))
        if result == "failed":
            style = PillStyle(size, self._warn, 0.92, WHITE, weight=600)
            return pill(_("not done: {words}").format(words=words), style, "cross")
        return pill(words, PillStyle(size, self._accent, 0.92, INK, weight=600), "check")

    def _draw_caption(self, image: Image, caption: Sprite, box: Box, opacity: float) -> None:
        """Draw a line below the hand, or at the foot of the picture."""
        gap = font_size(image) * 0.5
        x = _inside((box[0] + box[2] - caption.width) / 2, caption.width, image.shape[1])
        paste(image, caption, x, _inside(box[3] + gap, caption.height, image.shape[0]), opacity)

    def _draw_progress(self, image: Image, hand: HandView, box: Box, moment: "_Moment") -> None:
        """Draw the ring beside the hand, where neither name nor caption is."""
        unit = image.shape[0] / 720
        size = max(18, round(58 * unit)) // 2 * 2
        gap = font_size(image) * 0.6
        fits = box[2] + gap + size <= image.shape[1]
        x = _inside(box[2] + gap if fits else box[0] - gap - size, size, image.shape[1]) + size / 2
        y = _inside((box[1] + box[3] - size) / 2, size, image.shape[0]) + size / 2
        colour, mark = self._colour(hand), _mark(hand)
        fired = self._fired.get(hand.tracked.track)
        if fired is not None and mark != "cross":
            draw_flash(image, (x, y), size, moment.now - fired, colour)
        draw_ring(image, (x, y), hand.progress, RingStyle(size, colour, mark, moment.opacity))


@dataclass(frozen=True, slots=True)
class _Moment:
    now: float
    opacity: float


def _mark(hand: HandView) -> Literal["check", "cross"] | None:
    """Return the sign inside a ring: a tick stands for what was done, and for nothing else."""
    if hand.progress < 1 or hand.outcome is None or hand.outcome.result == "dry_run":
        return None
    return "cross" if hand.outcome.result == "failed" else "check"


def _floats(hand: HandView) -> bool:
    """Tell whether a reaction has been sent: its sign in the air says so by itself."""
    sent = hand.outcome is not None and hand.outcome.result == "done"
    return sent and (hand.action or "").startswith("reaction:")


def _is_lamp(hand: HandView) -> bool:
    """Tell whether this is more likely a lamp than a hand."""
    return hand.label is None and hand.ignored == "doubtful"


def _nearest(hands: tuple[HandView, ...]) -> Sequence[HandView]:
    """Return the `MAX_MARKS` largest hands: they are those of the people who sit in front."""
    if len(hands) <= MAX_MARKS:
        return hands
    return sorted(hands, key=lambda hand: hand.tracked.hand.size, reverse=True)[:MAX_MARKS]


def font_size(image: Image) -> int:
    """Return the font size in pixels that reads well on a picture of this height."""
    return max(11, round(FONT * int(image.shape[0]) / 720))


def _inside(place: float, size: int, room: int) -> float:
    """Shift a place so that something of `size` stays within 0..`most`, if it fits at all."""
    return max(2.0, min(place, room - size - 2.0))


def _side(hand: str | None) -> str:
    """Return what stands behind a name: which hand it is."""
    return _(SIDES[hand]) if hand in SIDES else ""


def _scaled(box: Box, frame_size: tuple[int, int], image: Image) -> Box:
    width, height = frame_size
    if width <= 0 or height <= 0:
        return box
    x, y = image.shape[1] / width, image.shape[0] / height
    return box[0] * x, box[1] * y, box[2] * x, box[3] * y
