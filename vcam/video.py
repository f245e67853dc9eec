"""The video path: the newest frame, with the newest view drawn on it, to every output."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from vcam.draw.card import camera_card
from vcam.draw.mirror import mirrored_view
from vcam.draw.overlay import Overlay
from vcam.draw.reaction import Reactions
from vcam.draw.settings import OverlaySettings
from vcam.draw.video_mode import blurred
from vcam.errors import OutputError
from vcam.frame import Image
from vcam.output.sink import Output
from vcam.state import Passing, ProgramState
from vcam.view import View

log = logging.getLogger(__name__)


class VideoPath:
    """Draws and sends. Called from one thread; never waits for anything but the outputs."""

    def __init__(
        self,
        outputs: Sequence[Output],
        size: tuple[int, int],
        settings: OverlaySettings,
        state: ProgramState,
    ) -> None:
        """`size` is width and height of everything that is sent."""
        self._outputs = list(outputs)
        self._size, self._settings, self._state = size, settings, state
        self._overlays = [Overlay(settings) for _ in outputs]
        self._reactions = Reactions()
        self._reaction: Passing | None = None
        self._canvas = np.zeros((size[1], size[0], 3), np.uint8)
        self._frozen: Image | None = None
        self._undrawn = False

    def show(self, image: Image, view: View, time: float, now: float) -> None:
        """Send one picture, uint8 (H, W, 3) BGR of the right size, taken at `time`, at clock `now`.

        Raises `OutputError` when no output is left.
        """
        picture = self._for_the_call(image)
        view = self._completed(view, now)
        self._take_reaction(time)
        for output, overlay in zip(tuple(self._outputs), tuple(self._overlays), strict=True):
            self._send(output, self._drawn(picture, view, output.private, overlay, time), time)

    def show_card(self, title: str, text: str, time: float) -> None:
        """Send a card instead of the picture: the camera is away."""
        card = camera_card(self._size, title, text)
        for output in tuple(self._outputs):
            self._send(output, card, time)

    def use(self, settings: OverlaySettings) -> None:
        """Take other overlay settings from the next picture on."""
        if settings != self._settings:
            self._settings = settings
            self._overlays = [Overlay(settings) for _ in self._outputs]

    def _for_the_call(self, image: Image) -> Image:
        """Apply the video mode that an action chose."""
        mode = self._state.video
        if mode != "freeze":
            self._frozen = None
        if mode == "blank":
            return camera_card(self._size, "Be right back", "The camera is off for a moment.")
        if mode == "blur":
            return blurred(image)
        if mode == "freeze":
            self._frozen = image.copy() if self._frozen is None else self._frozen
            return self._frozen
        return image

    def _completed(self, view: View, now: float) -> View:
        """Add what does not come from recognition."""
        return replace(view, badges=self._state.badges, toast=self._state.toast(now))

    def _take_reaction(self, time: float) -> None:
        """Let a new reaction begin to float."""
        newest = self._state.reaction
        if newest is not None and newest is not self._reaction:
            self._reaction = newest
            self._reactions.add(newest.text, time)

    def _drawn(
        self, picture: Image, view: View, private: bool, overlay: Overlay, time: float
    ) -> Image:
        """Return the picture for one output; only our own preview is mirrored."""
        canvas = self._canvas
        view = self._laid_out(picture, view, private)
        try:
            if self._wants_overlay(private):
                overlay.draw(canvas, view, time)
            self._reactions.draw(canvas, time)
        except Exception:  # the picture matters more than what is drawn on it
            if not self._undrawn:
                log.exception("the overlay could not be drawn; the picture goes on without it")
            self._undrawn = True
            self._laid_out(picture, View(), private)
        return canvas

    def _laid_out(self, picture: Image, view: View, private: bool) -> View:
        """Put the bare picture on the canvas, and return the view as it lies there."""
        canvas = self._canvas
        if private:
            cv2.flip(picture, 1, dst=canvas)
            return mirrored_view(view, self._size[0])
        np.copyto(canvas, picture)
        return view

    def _wants_overlay(self, private: bool) -> bool:
        if private:
            return self._settings.in_preview
        moves = self._state.video in ("live", "blur")  # boxes on a still picture would wander
        return self._settings.in_call and self._state.overlay_shown and moves

    def _send(self, output: Output, picture: Image, time: float) -> None:
        try:
            output.send(picture, time)
        except OutputError as error:
            log.warning("%s", error)
            self._drop(output, error)
        except Exception as error:
            log.exception("an output failed")
            self._drop(output, OutputError(f"An output failed ({error}): start the program again."))

    def _drop(self, output: Output, error: OutputError) -> None:
        """Go on without an output; raises its error when none is left."""
        self._overlays.pop(self._outputs.index(output))
        self._outputs.remove(output)
        output.close()
        if not self._outputs:
            raise error
        self._state.tell(str(error))
