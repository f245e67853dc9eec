"""What gestures are called wherever a person reads or writes them: one human name each."""

from difflib import get_close_matches
from typing import Final

from vcam.core.labels import BINDABLE, NO_GESTURE, THEN
from vcam.core.texts import _, marked

TITLES: Final[dict[str, str]] = {
    "call": marked("Call me"),
    "dislike": marked("Thumb down"),
    "fist": marked("Fist"),
    "four": marked("Four"),
    "like": marked("Thumb up"),
    "mute": marked("Finger to lips"),
    "ok": marked("OK"),
    "one": marked("One finger"),
    "palm": marked("Open palm"),
    "peace": marked("Peace"),
    "rock": marked("Rock"),
    "stop": marked("Stop"),
    "stop_inverted": marked("Stop, back of hand"),
    "three": marked("Three"),
    "two_up": marked("Two fingers"),
    "two_up_inverted": marked("Two fingers, back of hand"),
    "three2": marked("Thumb and two"),
    "peace_inverted": marked("Peace, back of hand"),
    "swipe_left": marked("Swipe left"),
    "swipe_right": marked("Swipe right"),
    "swipe_up": marked("Swipe up"),
    "swipe_down": marked("Swipe down"),
    NO_GESTURE: marked("No gesture"),
}
"""By the name that models and settings use."""

HANDS: Final[dict[str, str]] = {
    "any": marked("either hand"),
    "left": marked("left hand"),
    "right": marked("right hand"),
}
"""Which hand it was that showed a gesture."""

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


def hand_title(hand: str | None) -> str:
    """Return `left hand` for `left`; nothing where it is not known."""
    return _(HANDS[hand]) if hand in HANDS else ""


def gesture_title(name: str) -> str:
    """Return `Thumb up` for `like`, `Fist, then Open palm` for `fist>palm`."""
    first, then, second = name.partition(THEN)
    if then:
        return _("{first}, then {second}").format(first=_title(first), second=_title(second))
    return _title(name)


def _title(name: str) -> str:
    return _(TITLES[name]) if name in TITLES else name.replace("_", " ")


def gesture_named(text: str) -> str:
    """Return the name in settings of what a person calls a gesture; else the text as it is.

    Understands names, titles and aliases in any case, with spaces, `_` or `-`, steps with `>`;
    titles also in the language in force.
    """
    return THEN.join(_named(step) for step in text.split(THEN))


def _named(text: str) -> str:
    plain = _plain(text)
    if plain.replace(" ", "_") in TITLES:
        return plain.replace(" ", "_")
    return _by_title().get(plain, text)


def similar_gesture(text: str) -> str | None:
    """Return the gesture whose name or title is most like a text; None: none is."""
    names = {**_by_title(), **{name.replace("_", " "): name for name in BINDABLE}}
    close = get_close_matches(_plain(text), names, n=1)
    return names[close[0]] if close else None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").replace("-", " ").replace(",", " ").split())


def _by_title() -> dict[str, str]:
    """Return the names of gestures by what people call them."""
    english = {_plain(title): name for name, title in TITLES.items()}
    return {**english, **ALIASES, **{_plain(_(title)): name for name, title in TITLES.items()}}
