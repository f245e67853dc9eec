"""The questions of `vcam bind` without arguments."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from rich.columns import Columns
from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt

from vcam.core.binding import Binding
from vcam.core.gesture_names import gesture_named, gesture_title
from vcam.core.labels import BoundHand
from vcam.core.texts import _, marked
from vcam.errors import ConfigError
from vcam.settings import Settings
from vcam.settings.app_profiles import shipped_profiles, this_system
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
    ("mic.mute", marked("mute the microphone of the whole system")),
    ("mic.unmute", marked("unmute it")),
    ("mic.toggle", marked("mute or unmute it")),
    ("video.blank", marked("show the call a card: be right back")),
    ("video.blur", marked("blur the picture")),
    ("video.freeze", marked("freeze the picture")),
    ("video.resume", marked("show the live picture again")),
    ("overlay.toggle", marked("boxes for the call on or off")),
    ("reaction:👍", marked("let an emoji float up")),
    ("pause", marked("ignore gestures, all but the one bound to resume")),
    ("resume", marked("act on gestures again")),
)
OTHERS: Final = marked(
    "key:ctrl+shift+m (press keys), hold:space (hold a key), reaction:🎉, profile:zoom"
)
MEANS: Final = {
    "mute": marked("mute or unmute in {app}"),
    "one": marked("raise or lower your hand in {app}"),
    "fist": marked("push to talk in {app}"),
}
"""What the keys of shipped profiles do, by the gesture that they are bound to there."""


def ask_binding(settings: Settings, profile: str | None) -> tuple[Binding, str]:
    """Ask for a binding until each answer is right; return it and its profile.

    Raises `EOFError` when the answers end, `ConfigError` when the person says no at the end.
    """
    console = Console()
    name = profile or _ask_profile(console, settings)
    known = _gestures(settings.recognition.classifier)
    titles = [f"{number:>2} {gesture_title(each)}" for number, each in enumerate(known, 1)]
    console.print(Columns(titles, padding=(0, 3)), highlight=False)

    def gesture(text: str) -> str:
        chosen = _by_number(text, known) or (text if text in known else gesture_named(text))
        check_binding(Binding(chosen, "pause"), settings, name)
        return chosen

    chosen = _until_right(console, _("Gesture (number or name)"), gesture)
    hand = HANDS[Prompt.ask("Hand", choices=[*HANDS], default="any", console=console)]
    offered = {**{each: _(meaning) for each, meaning in ACTIONS}, **_app_actions(name)}
    for number, (each, meaning) in enumerate(offered.items(), 1):
        console.print(f"  {number:>2}  [bold]{escape(each)}[/]  {escape(meaning)}", highlight=False)
    console.print(
        _("  or write one: {others}").format(others=escape(_(OTHERS))), style="dim", highlight=False
    )

    def action(text: str) -> str:
        wanted = _by_number(text, [*offered]) or text
        check_binding(Binding(chosen, wanted), settings, name)
        return wanted

    does = _until_right(console, _("Action (number or text)"), action)

    def hold(text: str) -> Binding:
        if text and not text.isdecimal():
            raise ConfigError(_("hold_ms must be a whole number, or nothing for the usual time"))
        binding = Binding(chosen, does, hand, int(text) if text else None)
        check_binding(binding, settings, name)
        return binding

    usual = settings.gestures.hold_ms
    binding = _until_right(
        console, _("Hold for how many ms (Enter: {usual})").format(usual=usual), hold
    )
    if not Confirm.ask(
        _("Bind {gesture} to {action}?").format(gesture=gesture_title(chosen), action=escape(does)),
        default=True,
        console=console,
    ):
        raise ConfigError(_("nothing was written"))
    return binding, name


def _by_number(text: str, choices: Sequence[str]) -> str | None:
    """Return the choice that a number names; None when the text is no number of theirs."""
    number = int(text) if text.isdecimal() else 0
    return choices[number - 1] if 1 <= number <= len(choices) else None


def _app_actions(profile: str) -> dict[str, str]:
    """Return the keys of a shipped profile's app, each with what they do there."""
    app = shipped_profiles(this_system()).get(profile)
    keys = (
        [each for each in app.bindings if each.action.startswith(("key:", "hold:"))] if app else []
    )
    title = app.title if app else ""
    hotkey = marked("hotkey of {app}")
    means = {} if profile == "obs" else MEANS
    return {each.action: _(means.get(each.gesture, hotkey)).format(app=title) for each in keys}


def _gestures(classifier: str | None) -> tuple[str, ...]:
    try:
        return bindable_gestures(classifier)
    except ValueError as error:
        raise ConfigError(_("gestures {error}").format(error=error)) from None


def _ask_profile(console: Console, settings: Settings) -> str:
    names = ", ".join(settings.profiles)
    return Prompt.ask(
        _("Profile ({names}, or a new name)").format(names=escape(names)),
        console=console,
        default=settings.profile,
    )


def _until_right(console: Console, question: str, check: Callable[[str], AnswerT]) -> AnswerT:
    while True:
        answer = Prompt.ask(question, console=console, default="", show_default=False)
        try:
            return check(answer.strip())
        except ConfigError as error:
            console.print(escape(str(error)), style="red", highlight=False)
