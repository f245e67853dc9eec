"""`vcam bind`: say what a gesture does."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.binding import Binding
from vcam.core.gesture_names import gesture_named, gesture_title
from vcam.core.texts import _, marked
from vcam.errors import ConfigError
from vcam.settings import Settings, default_settings_path, load_settings
from vcam.settings.bindable import learnt
from vcam.settings.template import template

if TYPE_CHECKING:
    from vcam.settings.file_editor import Bound

EXAMPLES: Final = marked("""\
examples:
  vcam bind stop mic.mute
  vcam bind palm key:alt+y --hand left --hold 800 --profile zoom
  vcam bind 'fist>palm' video.blank            a fist, then a palm
  vcam bind fist hold:space        push-to-talk while the fist is shown
  vcam bind mute key:ctrl+d --focus "meet -"    only in that window
  vcam bind                        asks step by step
""")

SHORT_MS: Final = 200
"""A shorter hold is told of: hands pass through many gestures."""


def add_parser(subparsers: Subparsers) -> None:
    """Add `bind`."""
    parser = add_command(subparsers, "bind", _("bind a gesture to an action"), EXAMPLES)
    parser.add_argument(
        "gesture", nargs="?", metavar="GESTURE", help=_("such as stop or swipe_left")
    )
    parser.add_argument(
        "action", nargs="?", metavar="ACTION", help=_("such as mic.mute or key:alt+y")
    )
    parser.add_argument(
        "--hand",
        choices=("left", "right", "any", "both"),
        default="any",
        help=_("your own hand (any); both: both hands at once"),
    )
    parser.add_argument(
        "--focus",
        action="append",
        default=[],
        metavar="TEXT",
        help=_("only while a window of that name or title has the focus; may be given twice"),
    )
    parser.add_argument("--hold", type=int, metavar="MS", help=_("how long to show it"))
    parser.add_argument("--profile", metavar="NAME", help=_("the one in use; a new name makes one"))
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("another settings file"))


def run(args: argparse.Namespace) -> int:
    """Write the binding that was named, or ask for one."""
    from vcam.settings.file_editor import write_binding

    path: Path = args.config or default_settings_path()
    settings = load_settings(path if path.exists() else None)
    profile: str | None = args.profile
    if args.gesture is None:
        binding, profile = _ask(settings, profile)
    elif args.action is None:
        raise ConfigError(
            _("say what {gesture} does: vcam bind {gesture} mic.mute").format(gesture=args.gesture)
        )
    else:
        gesture = args.gesture if args.gesture in learnt() else gesture_named(args.gesture)
        binding = Binding(gesture, args.action, args.hand, args.hold, tuple(args.focus))
    _tell(write_binding(path, binding, profile, template()), path, settings)
    return 0


def _ask(settings: Settings, profile: str | None) -> tuple[Binding, str]:
    if not sys.stdin.isatty():
        raise ConfigError(
            _("there is no terminal to ask in; pass both, as in: vcam bind stop mic.mute")
        )
    from vcam.cli.bind_wizard import ask_binding

    try:
        return ask_binding(settings, profile)
    except EOFError:
        raise ConfigError(_("the questions were not answered; nothing was written")) from None


def _tell(bound: "Bound", path: Path, settings: Settings) -> None:
    binding = bound.binding
    title = gesture_title(binding.gesture)
    print(
        _("{gesture}: {binding}, in profile {profile} of {path}").format(
            gesture=title, binding=_describe(binding), profile=bound.profile, path=path
        )
    )
    if bound.replaced is not None:
        print(_("this replaces {replaced}").format(replaced=_describe(bound.replaced)))
    if bound.copied:
        print(
            _("the shipped profile {profile} was copied into the file, to be changed there").format(
                profile=bound.profile
            )
        )
    for other in bound.overlapping:
        print(
            _("note: there is also {other}; one hand's own binding goes before any").format(
                other=_describe(other)
            )
        )
    if binding.hold_ms is not None and binding.hold_ms < SHORT_MS:
        print(
            _("note: {hold_ms} ms is a glance; it may fire when you do not mean it").format(
                hold_ms=binding.hold_ms
            )
        )
    from vcam.actions.feasible import how_keys_go, why_not_here

    if way := how_keys_go([binding.action]):
        print(_("note: keys go {way}").format(way=way))
    for action, reason in why_not_here([binding.action]).items():
        print(
            _("note: {action} will not be done on this machine: {reason}").format(
                action=action, reason=reason
            )
        )
    if bound.profile != settings.profile:
        print(
            _("profile in use is {profile}; try: vcam run --profile {bound}").format(
                profile=settings.profile, bound=bound.profile
            )
        )


def _describe(binding: Binding) -> str:
    text = _("{gesture} by {hand} does {action}")
    if binding.hold_ms and binding.focus:
        text = _("{gesture} by {hand} does {action} after {hold_ms} ms while {app} has the focus")
    elif binding.hold_ms:
        text = _("{gesture} by {hand} does {action} after {hold_ms} ms")
    elif binding.focus:
        text = _("{gesture} by {hand} does {action} while {app} has the focus")
    return text.format(
        gesture=binding.gesture,
        hand=binding.by,
        action=binding.action,
        hold_ms=binding.hold_ms,
        app=_(" or ").join(binding.focus),
    )
