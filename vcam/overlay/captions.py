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
SHORT_NAMES = {"obs": "OBS", "mqtt": "MQTT", "teams": "Teams"}
"""How names of plug-ins are written, where that is not as the settings have it."""
DOUBTS = {
    "cut": "half out of the picture",
    "clasped": "hands touch",
    "face": "in front of the face",
    "doubtful": "hard to see",
    "lifeless": "does not move",
    "low": "raise it higher",
    "both": "the other hand moves",
    "moving": "hold it still",
    "unclear": "show it more plainly",
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
        plugin, dot, verb = kind.partition(".")
        return call_words(plugin, verb, rest) if dot and plugin and verb else action
    if kind == "run":
        return "run command"
    if kind == "reaction":
        return "react"  # the sign itself floats up; fonts have no emoji
    if kind in ("key", "hold"):
        rest = "+".join(part.capitalize() for part in rest.split("+"))
    return f"{KINDS[kind]} {rest}"


def call_words(plugin: str, verb: str, argument: str) -> str:
    """Return what a plug-in's action is called: `OBS scene Break` for `obs.scene:Break`."""
    words = verb.replace(".", " ").replace("_", " ")
    return f"{SHORT_NAMES.get(plugin, plugin)} {words} {argument}".strip()
