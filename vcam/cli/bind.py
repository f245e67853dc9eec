"""`vcam bind`: say what a gesture does."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.binding import Binding
from vcam.core.gesture_names import gesture_named, gesture_title
from vcam.errors import ConfigError
from vcam.settings import Settings, default_settings_path, load_settings
from vcam.settings.bindable import learnt
from vcam.settings.template import template

if TYPE_CHECKING:
    from vcam.settings.file_editor import Bound

EXAMPLES: Final = """\
examples:
  vcam bind stop mic.mute
  vcam bind palm key:alt+y --hand left --hold 800 --profile zoom
  vcam bind 'fist>palm' video.blank            a fist, then a palm
  vcam bind fist hold:space        push-to-talk while the fist is shown
  vcam bind mute key:ctrl+d --focus "meet -"    only in that window
  vcam bind                        asks step by step
"""

SHORT_MS: Final = 200
"""A shorter hold is told of: hands pass through many gestures."""


def add_parser(subparsers: Subparsers) -> None:
    """Add `bind`."""
    parser = add_command(subparsers, "bind", "bind a gesture to an action", EXAMPLES)
    parser.add_argument("gesture", nargs="?", metavar="GESTURE", help="such as stop or swipe_left")
    parser.add_argument("action", nargs="?", metavar="ACTION", help="such as mic.mute or key:alt+y")
    parser.add_argument(
        "--hand",
        choices=("left", "right", "any", "both"),
        default="any",
        help="your own hand (any); both: both hands at once",
    )
    parser.add_argument(
        "--focus",
        action="append",
        default=[],
        metavar="TEXT",
        help="only while a window of that name or title has the focus; may be given twice",
    )
    parser.add_argument("--hold", type=int, metavar="MS", help="how long to show it")
    parser.add_argument("--profile", metavar="NAME", help="the one in use; a new name makes one")
    parser.add_argument("--config", type=Path, metavar="FILE", help="another settings file")


def run(args: argparse.Namespace) -> int:
    """Write the binding that was named, or ask for one."""
    from vcam.settings.file_editor import write_binding

    path: Path = args.config or default_settings_path()
    settings = load_settings(path if path.exists() else None)
    profile: str | None = args.profile
    if args.gesture is None:
        binding, profile = _ask(settings, profile)
    elif args.action is None:
        raise ConfigError(f"say what {args.gesture} does: vcam bind {args.gesture} mic.mute")
    else:
        gesture = args.gesture if args.gesture in learnt() else gesture_named(args.gesture)
        binding = Binding(gesture, args.action, args.hand, args.hold, tuple(args.focus))
    _tell(write_binding(path, binding, profile, template()), path, settings)
    return 0


def _ask(settings: Settings, profile: str | None) -> tuple[Binding, str]:
    if not sys.stdin.isatty():
        raise ConfigError(
            "there is no terminal to ask in; pass both, as in: vcam bind stop mic.mute"
        )
    from vcam.cli.bind_wizard import ask_binding

    try:
        return ask_binding(settings, profile)
    except EOFError:
        raise ConfigError("the questions were not answered; nothing was written") from None


def _tell(bound: "Bound", path: Path, settings: Settings) -> None:
    binding = bound.binding
    title = gesture_title(binding.gesture)
    print(f"{title}: {_describe(binding)}, in profile {bound.profile} of {path}")
    if bound.replaced is not None:
        print(f"this replaces {_describe(bound.replaced)}")
    if bound.copied:
        print(f"the shipped profile {bound.profile} was copied into the file, to be changed there")
    for other in bound.overlapping:
        print(f"note: there is also {_describe(other)}; one hand's own binding goes before any")
    if binding.hold_ms is not None and binding.hold_ms < SHORT_MS:
        print(f"note: {binding.hold_ms} ms is a glance; it may fire when you do not mean it")
    from vcam.actions.feasible import how_keys_go, why_not_here

    if way := how_keys_go([binding.action]):
        print(f"note: keys go {way}")
    for action, reason in why_not_here([binding.action]).items():
        print(f"note: {action} will not be done on this machine: {reason}")
    if bound.profile != settings.profile:
        print(f"profile in use is {settings.profile}; try: vcam run --profile {bound.profile}")


def _describe(binding: Binding) -> str:
    hold = "" if binding.hold_ms is None else f" after {binding.hold_ms} ms"
    focus = f" while {' or '.join(binding.focus)} has the focus" if binding.focus else ""
    return f"{binding.gesture} by {binding.by} does {binding.action}{hold}{focus}"
