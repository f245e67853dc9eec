"""From what a picture is made of to the picture itself: mirrored or not, with marks and reactions.

The video path draws its pictures with it; whoever wants one now and then takes the sketch, which
costs nothing, and draws it on a thread of its own.
"""

import logging
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vcam.core.frame import Image
from vcam.core.view import View
from vcam.overlay.call_view import call_view
from vcam.overlay.mirror import mirrored_view
from vcam.overlay.overlay import Overlay
from vcam.overlay.reaction import Reactions
from vcam.overlay.settings import OverlaySettings

log = logging.getLogger(__name__)


DEFAULT_SIDE: Final = 0.2
"""Where reactions rise that no hand has made."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sign that floats up."""

    emoji: str
    began: float
    """Seconds of the frames that it is drawn on."""
    side: float = DEFAULT_SIDE
    """Where it rises, 0..1 of the picture's width, unmirrored: at the hand that made it."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What one moment's pictures are made of; may be kept, and is never changed."""

    image: Image
    """uint8 (H, W, 3) BGR as it goes to the call, before anything is drawn on it."""
    view: View
    time: float
    """Seconds of the source."""
    settings: OverlaySettings
    marked: bool = True
    """Whether the call may see boxes on it."""
    reaction: Reaction | None = None
    """The newest."""
    finished: bool = False
    """A card that is shown as it is."""
    private_card: Image | None = None
    """What the person sees instead of a finished card; None: the same."""


class Composer:
    """Draws sketches for one output. Used from one thread at a time."""

    def __init__(self, settings: OverlaySettings, *, private: bool) -> None:
        """`private`: for the person alone, and so mirrored."""
        self._private, self._settings = private, settings
        self._overlay = self._new_overlay()
        self._reactions = Reactions()
        self._reaction: Reaction | None = None
        self._canvas = np.zeros((1, 1, 3), np.uint8)
        self._failed = False

    def compose(self, sketch: Sketch) -> Image:
        """Return the picture, uint8 (H, W, 3) BGR; it is good until the next call."""
        if sketch.finished:
            card = sketch.private_card if self._private else None
            return sketch.image if card is None else card
        self._take(sketch)
        self._lay_out(sketch.image)
        try:
            self._mark(sketch)
        except Exception:  # the picture matters more than what is drawn on it
            if not self._failed:
                log.exception("nothing could be drawn on the picture; it continues without")
            self._failed = True
            self._lay_out(sketch.image)
        return self._canvas

    def _lay_out(self, image: Image) -> None:
        """Put the bare picture on the canvas."""
        if self._private:
            cv2.flip(image, 1, dst=self._canvas)
        else:
            np.copyto(self._canvas, image)

    def _mark(self, sketch: Sketch) -> None:
        canvas, view = self._canvas, sketch.view
        if self._private:
            view = mirrored_view(view, view.frame_size[0])
        else:
            view = call_view(view, self._settings.call_shows)
        if self._wants_overlay(sketch):
            self._overlay.draw(canvas, view, sketch.time)
        self._reactions.draw(canvas, sketch.time)

    def _take(self, sketch: Sketch) -> None:
        """Follow the settings and the size, and let a new reaction begin to float."""
        if self._canvas.shape != sketch.image.shape:
            self._canvas = np.empty_like(sketch.image)
        if self._settings != sketch.settings:
            self._settings = sketch.settings
            self._overlay = self._new_overlay()
        if sketch.reaction is not None and sketch.reaction != self._reaction:
            self._reaction = sketch.reaction
            side = 1 - sketch.reaction.side if self._private else sketch.reaction.side
            self._reactions.add(sketch.reaction.emoji, sketch.reaction.began, side)

    def _new_overlay(self) -> Overlay:
        brief = not self._private and self._settings.call_shows != "everything"
        return Overlay(self._settings, brief=brief)

    def _wants_overlay(self, sketch: Sketch) -> bool:
        return self._settings.in_preview if self._private else sketch.marked
