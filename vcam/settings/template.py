"""What a new settings file says: every setting with its default and what it is for."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vcam.core.labels import GESTURES, SWIPES
from vcam.core.setting import Choice, Number, Setting, Table, Whole, settings_of
from vcam.settings.schema import INTEGRATIONS, SECTIONS
from vcam.settings.settings import Settings

HEAD: Final = """\
# Settings of the gesture camera.
#
# Lines that begin with # say what is possible; take the # away to use them. The program watches
# this file while it runs: a good edit takes effect at once, a bad one is reported and changes
# nothing. Check it with `vcam config check`; add a binding with `vcam bind`.
"""

PROFILES: Final = """\
# A profile of your own; one called zoom replaces the zoom that ships.
{gestures}
# hand: left, right, any, or both at once
# Actions: key:CHORD, hold:CHORD (down while the gesture is shown), mic.mute, mic.unmute,
#   mic.toggle, video.blank, video.blur, video.freeze, video.resume, overlay.on, overlay.off,
#   overlay.toggle, reaction:EMOJI, profile:NAME, pause, resume, run:["program", "argument"],
#   or those of a plug-in, NAME.VERB or NAME.VERB:ARGUMENT
#
# [profiles.mine]
# when = ["jitsi"]  # follow this app: one word is its program, several may stand in its title
# bindings = [
#   { gesture = "stop", action = "mic.mute" },
#   { gesture = "palm", hand = "left", action = "mic.unmute", hold_ms = 800 },
#   { gesture = "fist", action = "hold:space" },
#   { gesture = "one", action = "key:ctrl+d", focus = ["meet -"] },  # only while a window has the
#     # focus with one of these in its title or its program's name; cannot work on Wayland
# ]
"""
SHOWN: Final = ("obs", "teams", "mqtt", "webhook", "stream", "sounds", "plugins")
"""Of the sections that name other programs, those that the template has."""
WIDTH: Final = 100
COLUMN: Final = 26
"""Where sentences begin, behind values that are no longer."""


def template() -> str:
    """Return what a new settings file says."""
    top = settings_of(Settings)
    parts = [HEAD, f"{_text('# ', top['profile'])}\nprofile = {toml(top['profile'].default)}\n"]
    others = ("follow_call", "language", "allow_commands")
    parts += ["\n".join([*_setting(name, top[name]), ""]) for name in others]
    for name, section in (*SECTIONS.items(), *((name, INTEGRATIONS[name]) for name in SHOWN)):
        lines = [f"[{name}]"]
        for key, each in settings_of(section).items():
            lines += _setting(key, each)
        lines += ['# tally = { file = "~/tally.json" }  # What a plug-in itself wants to know'] * (
            name == "plugins"
        )
        parts.append("\n".join(lines) + "\n")
    return "\n".join([*parts, PROFILES.replace("{gestures}", _gestures())])


def toml(value: Any) -> str:
    """Return a value as one line of TOML."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{name} = {toml(each)}" for name, each in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, float) and value.is_integer():
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False)  # of texts, lists and truth TOML has JSON's form


def shown_value(each: Setting) -> Any:
    """Return what a setting may look like: its default, or an example where it has none."""
    if each.example is not None:
        return each.example
    if isinstance(each.rule, Table):
        return {name: inner.default for name, inner in settings_of(each.rule.of).items()}
    return each.default


def allowed(each: Setting) -> str:
    """Return the range of a setting in words; empty where it has none, or its sentence says so."""
    rule = each.rule
    if isinstance(rule, Whole | Number):
        return f"{rule.low:g} to {rule.high:g}"
    if not isinstance(rule, Choice) or all(f"`{word}`" in each.more for word in rule.allowed):
        return ""
    return ", ".join(rule.allowed)


def sentence(each: Setting) -> str:
    """Return what a setting is for, with its range and what else there is to know."""
    bounds = allowed(each)
    says = f"{each.says}: {bounds}" if bounds else each.says
    return f"{says}. {each.more}" if each.more else says


def _setting(name: str, each: Setting) -> Iterator[str]:
    code = f"# {name} = {toml(shown_value(each))}"
    column = max(COLUMN, len(code) + 2)
    if column > WIDTH // 2:
        yield _text("# ", each)
        yield code
    else:
        first, *rest = textwrap.wrap(sentence(each), WIDTH - column - 2)
        yield f"{code:{column}}# {first}"
        yield from (f"{'#':{column}}# {line}" for line in rest)
    if isinstance(each.rule, Table) and each.example is not None:
        for inner, about in settings_of(each.rule.of).items():
            yield _text(f"#   {inner} ({toml(about.default)}): ", about, "#     ")


def _text(begin: str, each: Setting, then: str = "# ") -> str:
    return textwrap.fill(sentence(each), WIDTH, initial_indent=begin, subsequent_indent=then)


def _gestures() -> str:
    names = f"Gestures: {', '.join(GESTURES)}, {', '.join(SWIPES)}; two of the held ones, as in"
    return textwrap.fill(
        f'{names} "fist>palm"', WIDTH, initial_indent="# ", subsequent_indent="#   "
    )
