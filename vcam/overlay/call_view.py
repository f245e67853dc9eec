"""What of a view the people in the call get to see: little, and never what went wrong."""

from dataclasses import replace
from typing import Final

from vcam.core.view import HandView, View
from vcam.overlay.settings import CallShows

FOR_THE_CALL: Final = ("MIC MUTED",)
"""Badges that mean something to others."""


def call_view(view: View, shows: CallShows) -> View:
    """Return the part of `view` that goes out to the call.

    Failures, warnings and news of the program stay with the person, whatever is shown.
    """
    view = replace(view, toast=None, warning=None)
    if shows == "everything":
        return replace(view, hands=tuple(map(_without_failure, view.hands)))
    badges = tuple(badge for badge in view.badges if badge in FOR_THE_CALL)
    hands = tuple(filter(_is_held, view.hands)) if shows == "gestures" else ()
    return replace(view, hands=tuple(replace(hand, action=None) for hand in hands), badges=badges)


def _is_held(hand: HandView) -> bool:
    """Tell whether a bound gesture is on its way to fire, or has fired and not failed."""
    return bool(hand.label and hand.action and hand.progress > 0 and not _has_failed(hand))


def _has_failed(hand: HandView) -> bool:
    return hand.outcome is not None and hand.outcome.result == "failed"


def _without_failure(hand: HandView) -> HandView:
    return replace(hand, progress=0.0, action=None, outcome=None) if _has_failed(hand) else hand
