"""The questions of `vcam bind` without arguments."""

from collections.abc import Callable
from typing import Final, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt

from vcam.core.binding import Binding
from vcam.core.labels import BoundHand
from vcam.errors import ConfigError
from vcam.settings import Settings
from vcam.settings.bindable import bindable_gestures
from vcam.settings.file_editor import check_binding

AnswerT = TypeVar("AnswerT")

HANDS: Final[dict[str, BoundHand]] = {
    "left": "left",
    "right": "right",
    "any": "any",
    "both": "both",
}

ACTIONS: Final = (
    ("mic.mute, mic.unmute, mic.toggle", "the microphone of the whole system"),
    ("key:ctrl+shift+m", "press keys once"),
    ("hold:space", "keep a key down while the gesture is shown"),
    ("video.blank, video.blur, video.freeze, video.resume", "what the call sees"),
    ("overlay.on, overlay.off, overlay.toggle", "boxes and names in the picture"),
    ("reaction:👍", "an emoji floats over the picture"),
    ("profile:NAME", "use another profile"),
    ("pause, resume", "stop and start acting on gestures"),
)


def ask_binding(settings: Settings, profile: str | None) -> tuple[Binding, str]:
    """Ask for a binding until each answer is right; return it and its profile.

    Raises `EOFError` when the answers end, `ConfigError` when the person says no at the end.
    """
    console = Console()
    name = profile or _ask_profile(console, settings)
    known = _gestures(settings.recognition.classifier)
    console.print("Gestures: " + ", ".join(known), style="dim", highlight=False)

    def gesture(text: str) -> str:
        check_binding(Binding(text, "pause"), settings, name)
        return text

    chosen = _until_right(console, "Gesture", gesture)
    hand = HANDS[Prompt.ask("Hand", choices=[*HANDS], default="any", console=console)]
    for example, meaning in ACTIONS:
        console.print(f"  [bold]{example}[/]  {meaning}", highlight=False)

    def action(text: str) -> str:
        check_binding(Binding(chosen, text), settings, name)
        return text

    does = _until_right(console, "Action", action)

    def hold(text: str) -> Binding:
        if text and not text.isdecimal():
            raise ConfigError("hold_ms must be a whole number, or nothing for the usual time")
        binding = Binding(chosen, does, hand, int(text) if text else None)
        check_binding(binding, settings, name)
        return binding

    usual = settings.gestures.hold_ms
    binding = _until_right(console, f"Hold for how many ms (Enter: {usual})", hold)
    if not Confirm.ask(f"Bind {chosen} to {does}?", default=True, console=console):
        raise ConfigError("nothing was written")
    return binding, name


def _gestures(classifier: str | None) -> tuple[str, ...]:
    try:
        return bindable_gestures(classifier)
    except ValueError as error:
        raise ConfigError(f"gestures {error}") from None


def _ask_profile(console: Console, settings: Settings) -> str:
    names = ", ".join(settings.profiles)
    return Prompt.ask(
        f"Profile ({escape(names)}, or a new name)", console=console, default=settings.profile
    )


def _until_right(console: Console, question: str, check: Callable[[str], AnswerT]) -> AnswerT:
    while True:
        answer = Prompt.ask(question, console=console, default="", show_default=False)
        try:
            return check(answer.strip())
        except ConfigError as error:
            console.print(escape(str(error)), style="red", highlight=False)
