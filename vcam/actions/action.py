"""What a binding may do, and how it is written in the settings.

`parse_action` turns the text of a binding into one of the values below; the settings call it to
check bindings, the worker calls it to carry them out.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from vcam.actions.chord import Chord, parse_chord
from vcam.actions.program_controls import VideoMode
from vcam.core.labels import HandChoice
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.overlay.emoji_set import known_emoji, suggestion

MAX_EMOJI_LENGTH: Final = 40
"""Code points of a sign or of its name."""


@dataclass(frozen=True, slots=True)
class PressKeys:
    """Press and release a chord: `key:alt+y`."""

    chord: Chord


@dataclass(frozen=True, slots=True)
class HoldKeys:
    """Keep a chord down for as long as the gesture is shown: `hold:space`."""

    chord: Chord


@dataclass(frozen=True, slots=True)
class SetMicrophone:
    """Change the system microphone: `mic.mute`."""

    change: Literal["mute", "unmute", "toggle"]


@dataclass(frozen=True, slots=True)
class SetVideo:
    """Change what the call sees: `video.blank`; `video.resume` is the mode `live`."""

    mode: VideoMode


@dataclass(frozen=True, slots=True)
class SetOverlay:
    """Show or hide boxes in the outgoing picture; None: the other of the two."""

    shown: bool | None


@dataclass(frozen=True, slots=True)
class React:
    """Let an emoji float over the picture: `reaction:👍`."""

    emoji: str


@dataclass(frozen=True, slots=True)
class UseProfile:
    """Switch to another profile; the settings know which there are."""

    name: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop acting on gestures."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Act on gestures again."""


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Start a program without a shell: `run:["notify-send", "hello"]`."""

    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallPlugin:
    """Have a plug-in do something: `obs.scene:Break`; the settings say which may be used."""

    plugin: str
    verb: str
    argument: str = ""
    """What stands behind the colon; empty: nothing does."""
    hand: HandChoice = "any"
    """Which hand asks for it; no part of the text."""


Action: TypeAlias = (
    PressKeys
    | HoldKeys
    | SetMicrophone
    | SetVideo
    | SetOverlay
    | React
    | UseProfile
    | Pause
    | Resume
    | RunCommand
    | CallPlugin
)

_WORDS: Final[dict[str, Action]] = {
    "mic.mute": SetMicrophone("mute"),
    "mic.unmute": SetMicrophone("unmute"),
    "mic.toggle": SetMicrophone("toggle"),
    "video.blank": SetVideo("blank"),
    "video.blur": SetVideo("blur"),
    "video.freeze": SetVideo("freeze"),
    "video.resume": SetVideo("live"),
    "overlay.on": SetOverlay(True),
    "overlay.off": SetOverlay(False),
    "overlay.toggle": SetOverlay(None),
    "pause": Pause(),
    "resume": Resume(),
}

_OWN_NAMES: Final = frozenset(word.partition(".")[0] for word in _WORDS if "." in word)
_CALL: Final = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_.]*)(?::(.*))?", re.DOTALL)
MAX_CALL_LENGTH: Final = 1_000

ALLOWED: Final = (
    "key:CHORD, hold:CHORD, mic.mute|unmute|toggle, video.blank|blur|freeze|resume, "
    "overlay.on|off|toggle, reaction:EMOJI, profile:NAME, pause, resume, "
    'run:["program", "argument"] or PLUGIN.VERB:ARGUMENT'
)


@lru_cache(maxsize=256)
def parse_action(text: str) -> Action:
    """Return the action that `text` names.

    Raises `ConfigError`, one sentence that says what is wrong and what is allowed. Whether a
    profile exists and whether commands and plug-ins are allowed is for the settings to say.
    """
    stripped = text.strip()
    if stripped in _WORDS:
        return _WORDS[stripped]
    verb, colon, rest = stripped.partition(":")
    if colon and verb in _VERBS:
        return _VERBS[verb](rest.strip())
    call = _CALL.fullmatch(stripped[:MAX_CALL_LENGTH])
    if call and call[1] not in _OWN_NAMES and len(stripped) <= MAX_CALL_LENGTH:
        return CallPlugin(call[1], call[2], (call[3] or "").strip())
    raise ConfigError(
        _('unknown action "{text}"; {hint}').format(
            text=text, hint=_hint(stripped) or _("allowed are {allowed}").format(allowed=ALLOWED)
        )
    )


def likely_word(text: str) -> str | None:
    """Return the word that was likely meant by `mike.mute`; None where no word is like it."""
    return next(iter(get_close_matches(text, _WORDS, n=1, cutoff=0.75)), None)


def _hint(text: str) -> str:
    verb, colon, rest = text.partition(":")
    if colon:
        close = get_close_matches(verb, _VERBS, n=1)
        return _('did you mean "{word}"?').format(word=f"{close[0]}:{rest}") if close else ""
    if text in _VERBS:
        return _('"{text}" needs a colon and more behind it').format(text=text)
    close_word = likely_word(text)
    return _('did you mean "{word}"?').format(word=close_word) if close_word else ""


def _react(emoji: str) -> React:
    sign = known_emoji(emoji) if len(emoji) <= MAX_EMOJI_LENGTH else None
    if sign is None:
        other = suggestion(emoji[:MAX_EMOJI_LENGTH])
        raise ConfigError(
            _(
                'there is no picture for the reaction "{emoji}"; write one emoji behind the '
                "colon, such as {other}"
            ).format(emoji=emoji, other=other)
        )
    return React(sign)


def _use_profile(name: str) -> UseProfile:
    if not name:
        raise ConfigError(_('"profile:" needs a name behind the colon, such as profile:zoom'))
    return UseProfile(name)


def _run_command(text: str) -> RunCommand:
    try:
        argv = json.loads(text)
    except (ValueError, RecursionError):
        argv = None
    if not isinstance(argv, list) or not argv or not all(_argument(part) for part in argv):
        raise ConfigError(
            _(
                "'run:{text}' is not a list of texts; write the program and each argument in "
                'quotes, such as run:["notify-send", "hello"] (no shell reads it)'
            ).format(text=text)
        )
    if not argv[0]:
        raise ConfigError(
            _("'run:{text}' names no program; the first text is the program to start").format(
                text=text
            )
        )
    return RunCommand(tuple(argv))


def _argument(part: object) -> bool:
    return isinstance(part, str) and "\0" not in part


_VERBS: Final[dict[str, Callable[[str], Action]]] = {
    "key": lambda rest: PressKeys(parse_chord(rest)),
    "hold": lambda rest: HoldKeys(parse_chord(rest)),
    "reaction": _react,
    "profile": _use_profile,
    "run": _run_command,
}
