"""What gestures are called wherever a person reads or writes them: one human name each."""

from difflib import get_close_matches
from typing import Final

from vcam.core.labels import BINDABLE, NO_GESTURE, THEN

TITLES: Final[dict[str, str]] = {
    "call": "Call me",
    "dislike": "Thumb down",
    "fist": "Fist",
    "four": "Four",
    "like": "Thumb up",
    "mute": "Finger to lips",
    "ok": "OK",
    "one": "One finger",
    "palm": "Open palm",
    "peace": "Peace",
    "rock": "Rock",
    "stop": "Stop",
    "stop_inverted": "Stop, back of hand",
    "three": "Three",
    "two_up": "Two fingers",
    "two_up_inverted": "Two fingers, back of hand",
    "three2": "Thumb and two",
    "peace_inverted": "Peace, back of hand",
    "swipe_left": "Swipe left",
    "swipe_right": "Swipe right",
    "swipe_up": "Swipe up",
    "swipe_down": "Swipe down",
    NO_GESTURE: "No gesture",
}
"""By the name that models and settings use."""

ALIASES: Final[dict[str, str]] = {
    "thumbs up": "like",
    "thumbs down": "dislike",
    "shush": "mute",
    "quiet": "mute",
    "phone": "call",
    "victory": "peace",
    "v sign": "peace",
    "horns": "rock",
    "hand": "palm",
    "high five": "palm",
    "point": "one",
    "okay": "ok",
}
"""What people also say."""


def gesture_title(name: str) -> str:
    """Return `Thumb up` for `like`, `Fist, then Open palm` for `fist>palm`."""
    steps = [TITLES.get(step, step.replace("_", " ")) for step in name.split(THEN)]
    return ", then ".join(steps)


def gesture_named(text: str) -> str:
    """Return the name in settings of what a person calls a gesture; else the text as it is.

    Understands names, titles and aliases in any case, with spaces, `_` or `-`, steps with `>`.
    """
    return THEN.join(_named(step) for step in text.split(THEN))


def _named(text: str) -> str:
    plain = _plain(text)
    if plain.replace(" ", "_") in TITLES:
        return plain.replace(" ", "_")
    return _BY_TITLE.get(plain, text)


def similar_gesture(text: str) -> str | None:
    """Return the gesture whose name or title is most like a text; None: none is."""
    names = {**_BY_TITLE, **{name.replace("_", " "): name for name in BINDABLE}}
    close = get_close_matches(_plain(text), names, n=1)
    return names[close[0]] if close else None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").replace("-", " ").replace(",", " ").split())


_BY_TITLE: Final = {**{_plain(title): name for name, title in TITLES.items()}, **ALIASES}
