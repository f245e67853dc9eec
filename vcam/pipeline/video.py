"""The video path: the newest frame, with the newest view drawn on it, to every output."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol, runtime_checkable

from vcam.core.frame import Image
from vcam.core.outcome import Outcome
from vcam.core.texts import _, marked
from vcam.core.view import HandView, View
from vcam.errors import OutputError
from vcam.output.output import Output
from vcam.overlay.blur import blurred
from vcam.overlay.composer import DEFAULT_SIDE, Composer, Reaction, Sketch
from vcam.overlay.placeholder_card import camera_card, prepare_cards
from vcam.overlay.settings import OverlaySettings
from vcam.pipeline.freeze_frame import StillImage
from vcam.pipeline.state import Owner, Passing, ProgramState

log = logging.getLogger(__name__)

AWAY_CARD: Final = (marked("Be right back"), marked("The camera is off for a moment."))
"""What the people in the call read while there is no picture: nothing of what is wrong."""


@runtime_checkable
class OnDemandOutput(Output, Protocol):
    """An output that wants a picture only now and then, and draws it itself, on its own thread.

    It never keeps the program going: when all others are lost, the run is over. Its `send` is
    never called.
    """

    def due(self) -> bool:
        """Tell whether the next picture is wanted; answers at once."""

    def offer(self, sketch: Sketch) -> None:
        """Take what the next picture is made of; returns at once."""


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
        self._composers = [Composer(settings, private=output.private) for output in outputs]
        self._asked: Passing | None = None
        self._reaction: Reaction | None = None
        self._frozen: Image | None = None
        self._still = StillImage()
        prepare_cards(size)

    def show(self, image: Image, view: View, time: float, now: float) -> None:
        """Send one picture, uint8 (H, W, 3) BGR of the right size, taken at `time`, at clock `now`.

        Raises `OutputError` when no output is left.
        """
        self._still.note(image, now, hands=bool(view.hands))
        outgoing = self._for_the_call(image, now)
        view = self._completed(view, now)
        marked = self._is_marked()
        reaction = self._newest_reaction(view, time)
        self._give(Sketch(outgoing, view, time, self._settings, marked, reaction))

    def show_card(self, title: str, text: str, time: float) -> None:
        """Send a card instead of the picture; `title` and `text` are for the person alone."""
        card = camera_card(self._size, *map(_, AWAY_CARD))
        private_card = camera_card(self._size, title, text)
        self._give(
            Sketch(card, View(), time, self._settings, finished=True, private_card=private_card)
        )

    @property
    def outputs(self) -> list[Output]:
        """The outputs that are left, the very list: those that are lost go from it."""
        return self._outputs

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the outputs that are left, without those that want an image now and then."""
        return tuple(each.name for each in self._outputs if not isinstance(each, OnDemandOutput))

    def apply_settings(self, settings: OverlaySettings) -> None:
        """Take other overlay settings from the next picture on."""
        self._settings = settings

    def _for_the_call(self, image: Image, now: float) -> Image:
        """Apply the video mode that an action chose."""
        mode = self._state.video
        if mode != "freeze":
            self._frozen = None
        if mode == "blank":
            return camera_card(self._size, *map(_, AWAY_CARD))
        if mode == "blur":
            return blurred(image)
        if mode == "freeze":
            if self._frozen is None:
                self._frozen = self._still.before_hands(now, image)
            return self._frozen
        return image

    def _completed(self, view: View, now: float) -> View:
        """Add what does not come from recognition."""
        news, outcomes = self._state.news(now), self._state.outcomes
        return replace(
            view,
            hands=tuple(_answered(hand, outcomes) for hand in view.hands),
            badges=(*self._state.badges, *view.badges),
            toast=news.text if news else None,
            toast_kind=news.kind if news else "info",
        )

    def _newest_reaction(self, view: View, time: float) -> Reaction | None:
        """Return the reaction that was asked for last, with the time of its first picture."""
        newest = self._state.reaction
        if newest is not None and newest is not self._asked:
            self._asked = newest
            self._reaction = Reaction(newest.text, time, _side(view, newest.text))
        return self._reaction

    def _is_marked(self) -> bool:
        moves = self._state.video in ("live", "blur")  # boxes on a still picture would wander
        return self._settings.in_call and self._state.overlay_shown and moves

    def _give(self, sketch: Sketch) -> None:
        for output, composer in zip(tuple(self._outputs), tuple(self._composers), strict=True):
            if not isinstance(output, OnDemandOutput):
                self._send(output, composer.compose(sketch), sketch.time)
            elif output.due():
                output.offer(sketch)

    def _send(self, output: Output, outgoing: Image, time: float) -> None:
        try:
            output.send(outgoing, time)
        except OutputError as error:
            log.warning("%s", error)
            self._drop(output, error)
        except Exception as error:
            log.exception("an output failed")
            self._drop(
                output,
                OutputError(
                    _("An output failed ({error}): start the program again.").format(error=error)
                ),
            )

    def _drop(self, output: Output, error: OutputError) -> None:
        """Go on without an output; raises its error when none is left that anybody waits for."""
        self._composers.pop(self._outputs.index(output))
        self._outputs.remove(output)
        output.close()
        if all(isinstance(left, OnDemandOutput) for left in self._outputs):
            raise error
        self._state.tell(str(error))


def _answered(hand: HandView, outcomes: Mapping[Owner, Outcome]) -> HandView:
    """Return a hand that has fired with what became of its action."""
    if hand.progress < 1 or hand.label is None:
        return hand
    return replace(hand, outcome=outcomes.get((hand.tracked.track, hand.label)))


def _side(view: View, emoji: str) -> float:
    """Return where the hand that asked for a reaction is, 0..1 of the width."""
    width = view.frame_size[0]
    made = [hand for hand in view.hands if hand.action == f"reaction:{emoji}"]
    if not made or width <= 0:
        return DEFAULT_SIDE if not view.hands or width <= 0 else _place(view.hands[0], width)
    return _place(max(made, key=lambda hand: hand.progress), width)


def _place(hand: HandView, width: int) -> float:
    return min(1.0, max(0.0, hand.tracked.hand.center[0] / width))
