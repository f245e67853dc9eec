"""What gestures and actions are called on the picture."""

from vcam.core.gesture_names import gesture_title
from vcam.core.texts import _, marked
from vcam.overlay.emoji_set import emoji_title, known_emoji

ACTIONS = {
    "mic.mute": marked("mute microphone"),
    "mic.unmute": marked("unmute microphone"),
    "mic.toggle": marked("microphone on or off"),
    "video.blank": marked("be right back"),
    "video.blur": marked("blur video"),
    "video.freeze": marked("freeze video"),
    "video.resume": marked("show video again"),
    "overlay.on": marked("show overlay"),
    "overlay.off": marked("hide overlay"),
    "overlay.toggle": marked("overlay on or off"),
    "pause": marked("pause gestures"),
    "resume": marked("resume gestures"),
}
KINDS = {
    "key": marked("press {keys}"),
    "hold": marked("hold down {keys}"),
    "profile": marked("profile {name}"),
    "reaction": marked("react: {name}"),
    "run": marked("run command"),
}
"""What they do; reactions by their names, since fonts have no emoji."""
SHORT_NAMES = {"obs": "OBS", "mqtt": "MQTT", "teams": "Teams"}
"""How names of plug-ins are written, where that is not as the settings have it."""
DOUBTS = {
    "cut": marked("half out of the picture"),
    "clasped": marked("hands touch"),
    "face": marked("in front of the face"),
    "doubtful": marked("hard to see"),
    "lifeless": marked("does not move"),
    "low": marked("raise it higher"),
    "both": marked("the other hand moves"),
    "moving": marked("hold it still"),
    "unclear": marked("show it more plainly"),
    "typing": marked("not while typing"),
    "talking": marked("not while talking"),
}
"""Why a gesture that is shown does not count, by the guard that says so."""


BADGES = {
    "MIC MUTED": marked("MIC MUTED"),
    "PAUSED": marked("PAUSED"),
    "PRACTICE": marked("PRACTICE"),
    "ARMED": marked("ARMED"),
    "CAMERA COVERED": marked("CAMERA COVERED"),
    "TOO DARK FOR GESTURES": marked("TOO DARK FOR GESTURES"),
    "PICTURE STANDS STILL": marked("PICTURE STANDS STILL"),
}
"""By what the program itself calls them, which is English."""
MUTED = " MUTED"


def badge_words(badge: str) -> str:
    """Return what a badge says; programs that say that they are mute bring their own names."""
    if badge in BADGES:
        return _(BADGES[badge])
    if badge.endswith(MUTED):
        return _("{name} MUTED").format(name=badge.removesuffix(MUTED))
    return badge


def gesture_words(gesture: str) -> str:
    """Return `Stop, back of hand` for `stop_inverted`."""
    return gesture_title(gesture)


def action_words(action: str) -> str:
    """Return what an action does in two or three words: `mute microphone`, `press Alt+Y`."""
    if action in ACTIONS:
        return _(ACTIONS[action])
    kind, colon, rest = action.partition(":")
    if not colon or kind not in KINDS:
        plugin, dot, verb = kind.partition(".")
        return call_words(plugin, verb, rest) if dot and plugin and verb else action
    keys = "+".join(part.capitalize() for part in rest.split("+"))
    name = emoji_title(known_emoji(rest) or "") if kind == "reaction" else rest
    return _(KINDS[kind]).format(keys=keys, name=name)


def call_words(plugin: str, verb: str, argument: str) -> str:
    """Return what a plug-in's action is called: `OBS scene Break` for `obs.scene:Break`."""
    words = verb.replace(".", " ").replace("_", " ")
    return f"{SHORT_NAMES.get(plugin, plugin)} {words} {argument}".strip()
