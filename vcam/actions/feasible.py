"""Which actions this machine cannot carry out: told when they are bound, not in the call."""

from collections.abc import Sequence
from contextlib import closing, suppress

from vcam.actions.action import HoldKeys, PressKeys, SetMicrophone, parse_action
from vcam.actions.keyboard.keyboard import Keyboard
from vcam.actions.keyboard.open import open_keyboard
from vcam.actions.microphone.open import open_microphone
from vcam.errors import ActionError


def why_not_here(actions: Sequence[str]) -> dict[str, str]:
    """Return the actions that this machine cannot carry out, each with the reason.

    Keys are asked for in the layout that is active now; nothing is pressed, and no microphone
    changed. Only `key:`, `hold:` and `mic.` depend on the machine.
    """
    reasons: dict[str, str] = {}
    pressed = [text for text in actions if presses_keys(text)]
    if pressed:
        try:
            with closing(open_keyboard()) as keyboard:
                reasons |= why_no_keys(keyboard, pressed)
        except ActionError as error:
            reasons |= dict.fromkeys(pressed, str(error))
    spoken = [text for text in actions if isinstance(parse_action(text), SetMicrophone)]
    if spoken:
        try:
            open_microphone().muted()
        except ActionError as error:
            reasons |= dict.fromkeys(spoken, str(error))
    return reasons


def how_keys_go(actions: Sequence[str]) -> str:
    """Return how keys get to the desktop where that is not plain; nothing without keys or a way."""
    if not any(presses_keys(text) for text in actions):
        return ""
    with suppress(ActionError), closing(open_keyboard()) as keyboard:
        return keyboard.way
    return ""


def presses_keys(action: str) -> bool:
    """Return whether an action needs the keyboard."""
    return isinstance(parse_action(action), PressKeys | HoldKeys)


def why_no_keys(keyboard: Keyboard, actions: Sequence[str]) -> dict[str, str]:
    """Return those of the actions whose keys an open keyboard lacks, each with the reason."""
    found = {}
    for text in actions:
        action = parse_action(text)
        if isinstance(action, PressKeys | HoldKeys):
            found[text] = _missing(keyboard, action.chord.keys)
    return {text: reason for text, reason in found.items() if reason}


def _missing(keyboard: Keyboard, keys: Sequence[str]) -> str:
    """Return why the keys cannot be pressed together; nothing when they can."""
    try:
        for key in keys:
            keyboard.check(key)
        keyboard.check_together(keys)
    except ActionError as error:
        return str(error)
    return ""
