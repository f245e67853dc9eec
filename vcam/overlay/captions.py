"""What gestures and actions are called on the picture."""

from vcam.core.gesture_names import gesture_title

ACTIONS = {
    "mic.mute": "mute microphone",
    "mic.unmute": "unmute microphone",
    "mic.toggle": "microphone on or off",
    "video.blank": "be right back",
    "video.blur": "blur video",
    "video.freeze": "freeze video",
    "video.resume": "show video again",
    "overlay.on": "show overlay",
    "overlay.off": "hide overlay",
    "overlay.toggle": "overlay on or off",
    "pause": "pause gestures",
    "resume": "resume gestures",
}
KINDS = {
    "key": "press",
    "hold": "hold down",
    "profile": "profile",
    "reaction": "react",
    "run": "run",
}
DOUBTS = {
    "cut": "half out of the picture",
    "clasped": "hands touch",
    "face": "in front of the face",
    "doubtful": "hard to see",
    "lifeless": "does not move",
    "low": "raise it higher",
    "both": "the other hand moves",
    "moving": "hold it still",
    "typing": "not while typing",
    "talking": "not while talking",
}
"""Why a gesture that is shown does not count, by the guard that says so."""


def gesture_words(gesture: str) -> str:
    """Return `Stop, back of hand` for `stop_inverted`."""
    return gesture_title(gesture)


def action_words(action: str) -> str:
    """Return what an action does in two or three words: `mute microphone`, `press Alt+Y`."""
    if action in ACTIONS:
        return ACTIONS[action]
    kind, colon, rest = action.partition(":")
    if not colon or kind not in KINDS:
        return action
    if kind == "run":
        return "run command"
    if kind == "reaction":
        return "react"  # the sign itself floats up; fonts have no emoji
    if kind in ("key", "hold"):
        rest = "+".join(part.capitalize() for part in rest.split("+"))
    return f"{KINDS[kind]} {rest}"
