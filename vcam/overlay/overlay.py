"""The overlay: hands, what they show, and what the program is doing, drawn on the video."""

from vcam.core.frame import Image
from vcam.core.view import View
from vcam.overlay.badges import draw_badges, draw_toast, draw_warning
from vcam.overlay.hand_marks import HandMarks
from vcam.overlay.settings import OverlaySettings
from vcam.overlay.sprite import colour_of
from vcam.overlay.text import text_mask


class Overlay:
    """Draws views. One for each picture it draws on; remembers only which hands have just fired."""

    def __init__(self, settings: OverlaySettings, *, brief: bool = False) -> None:
        """`brief`: hands are marked only for a moment after they have fired, and not explained."""
        self._settings = settings
        self._marks = HandMarks(settings, brief=brief)
        text_mask("ready", 20)  # the font takes 20 ms to load: now, and not within a frame

    def draw(self, image: Image, view: View, time: float | None = None) -> None:
        """Draw `view` into `image`, uint8 (H, W, 3) BGR.

        Boxes are scaled when the view was made from a picture of another size. `time` is the
        frame's, in seconds, for what moves; without it the newest sight of a hand is taken.
        Whether to draw at all (`in_call`, `in_preview`) is for the caller to decide.
        """
        if min(image.shape[:2]) < 32:
            return  # nothing could be read on it
        unit = image.shape[0] / 720
        colours = self._settings.colours
        self._marks.draw(image, view, time)
        if self._settings.badge:
            draw_badges(image, view.badges, unit, colours)
        if view.toast:
            draw_toast(image, view.toast, view.toast_kind, colours)
        if view.warning:
            draw_warning(image, view.warning, unit, colour_of(colours.hold))
