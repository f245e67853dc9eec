"""`vcam last`: what fired lately, and that it was wrong."""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.gesture_names import gesture_title, hand_title
from vcam.core.texts import _, marked
from vcam.errors import ConfigError
from vcam.settings import Settings, default_settings_path, load_settings
from vcam.settings.template import template
from vcam.system.paths import fires_folder, missed_folder

if TYPE_CHECKING:
    from vcam.history.fire_history import RememberedFire

EXAMPLES: Final = marked("""\
examples:
  vcam last                  what fired lately, the newest first
  vcam last --wrong          the newest was wrong: ask more of its gesture
  vcam last --wrong 3        so was the third
  vcam last --missed stop    I showed it, nothing fired: keep the last 3 s
""")
SHOWN: Final = 10


def add_parser(subparsers: Subparsers) -> None:
    """Add `last`."""
    parser = add_command(
        subparsers,
        "last",
        _("what fired lately, what should not have, and what was missed"),
        EXAMPLES,
    )
    parser.add_argument(
        "--wrong",
        type=int,
        nargs="?",
        const=1,
        metavar="N",
        help=_("number N was a false alarm (1)"),
    )
    parser.add_argument(
        "--missed", metavar="GESTURE", help=_("keep the last three seconds as pictures of it")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON lines"))
    parser.add_argument("--config", type=Path, metavar="FILE", help=_("another settings file"))


def run(args: argparse.Namespace) -> int:
    """Show what is kept, or mark one of it."""
    from vcam.history.fire_history import mark_wrong, read_fires

    path: Path = args.config or default_settings_path()
    settings = load_settings(path if path.exists() else None)
    if args.missed is not None:
        print(_keep_missed(args.missed, path, settings))
        return 0
    kept = read_fires(fires_folder())
    if not kept and not settings.gestures.remember:
        raise ConfigError(
            _(
                "What fires is not remembered: write remember = true below [gestures] in {path}."
            ).format(path=path)
        )
    if args.wrong is None:
        _show(kept, as_json=args.json)
        return 0
    if not 1 <= args.wrong <= len(kept):
        have = (
            _("there are 1 to {count}").format(count=len(kept))
            if kept
            else _("nothing has fired yet")
        )
        raise ConfigError(
            _("There is no fire number {wrong}: {have}.").format(wrong=args.wrong, have=have)
        )
    fired = kept[args.wrong - 1]
    raised = _raise(fired, path, settings)
    image_path = mark_wrong(fires_folder(), fired)
    print(
        _("{raised} Its picture is kept for training: {picture}").format(
            raised=raised, picture=image_path
        )
    )
    return 0


def _keep_missed(gesture: str, path: Path, settings: Settings) -> str:
    """Let the running program keep its last seconds; return what it says."""
    from vcam.history.missed_request import ask_to_keep

    if not settings.gestures.remember_missed:
        raise ConfigError(
            _(
                "The last seconds are not remembered: write remember_missed = true below "
                "[gestures] in {path}, and show the gesture again."
            ).format(path=path)
        )
    return ask_to_keep(missed_folder(), gesture)


def _show(kept: "list[RememberedFire]", *, as_json: bool) -> None:
    from vcam.overlay.captions import action_words

    if not kept and not as_json:
        print(_("Nothing has fired yet."))
    for number, fired in enumerate(kept[:SHOWN], 1):
        if as_json:
            print(json.dumps({"number": number, **asdict(fired)}))
            continue
        when = time.strftime("%d %b %H:%M:%S", time.localtime(fired.when))
        who = ", ".join(filter(None, (gesture_title(fired.gesture), hand_title(fired.hand))))
        does = action_words(fired.action) if fired.action else _("nothing bound")
        print(f"{number:3}  {when}  {who:36} {does}")


def _raise(fired: "RememberedFire", path: Path, settings: Settings) -> str:
    """Raise the gesture's threshold for this person, and say so."""
    from vcam.settings.file_editor import write_value
    from vcam.settings.raise_threshold import raise_threshold

    configured = settings.gestures.min_scores.get(fired.gesture, fired.least)
    now = None if configured is None else max(configured, fired.least or 0.0)

    def write(score: float) -> None:
        write_value(path, ("gestures", "min_scores", fired.gesture), score, template())

    return raise_threshold(fired.gesture, now, write)
