"""The `[overlay]` section."""

from dataclasses import dataclass
from typing import Literal, get_args

from vcam.core.setting import Choice, Table, setting, setting_made

CallShows = Literal["gestures", "reactions", "everything"]
"""What the people in the call see: boxes while a bound gesture is held; or only reactions and a
muted microphone; or all that the person sees, but for failures and news."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What the overlay draws with, each as `#rrggbb`."""

    accent: str = setting("#3ddc97", "colour", "Boxes and names of hands")
    hold: str = setting("#ffd166", "colour", "The ring that fills while you hold a gesture")
    warn: str = setting("#ef476f", "colour", "Badges and warnings")


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """What is drawn over the picture, and for whom."""

    in_call: bool = setting(True, "flag", "Show the call boxes, names and badges at all")
    call_shows: CallShows = setting(
        "gestures",
        Choice(get_args(CallShows)),
        "What the call sees",
        "`gestures`: boxes while you hold a bound gesture; `reactions`: only those, and a muted "
        "microphone; `everything` that you see yourself.",
    )
    in_preview: bool = setting(True, "flag", "Show them in my own picture")
    boxes: bool = setting(True, "flag", "Boxes around hands")
    labels: bool = setting(True, "flag", "Names of gestures")
    progress: bool = setting(True, "flag", "The ring that fills while I hold a gesture")
    badge: bool = setting(True, "flag", "Badges, such as MIC MUTED")
    colours: Colours = setting_made(Colours, Table(Colours), "What the overlay draws with")
