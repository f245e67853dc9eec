"""Write `docs/settings.md`: every setting with its default, its range and what it is for.

`python docs/make_settings.py` reads what the rooms' settings classes declare, which also makes the
checks of the file, its template and the panel's form. Run it again when a setting changes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vcam.core.setting import Setting, Table, settings_of
from vcam.settings.schema import INTEGRATIONS, SECTIONS
from vcam.settings.settings import Settings
from vcam.settings.template import SHOWN, allowed, toml

PAGE: Final = Path(__file__).with_name("settings.md")
HEAD: Final = """\
# Settings

`vcam config path` prints where the settings file is, `vcam config init` writes one with a comment
on every setting, and `vcam config check` says whether it is right. A running program takes a good
edit at once; a bad one is reported and ignored. `[camera]`, `[output]` and `[recognition]` wait for
the next start. The panel's *Settings* page changes the most common ones.

What stands here is made by `python docs/make_settings.py` from the program itself.
"""
KINDS: Final = {
    "flag": "`true`, `false`",
    "text": "text",
    "path": "path",
    "device": "index or text",
    "outputs": "list of outputs",
    "chord": "keys",
    "gesture": "gesture",
    "gesture_scores": "table of scores",
    "colour": "`#rrggbb`",
    "host": "name or address",
    "url": "address",
    "topic": "MQTT topic",
    "plugin_names": "list of names",
}


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_section("At the top of the file", Settings), *_sections()])


def _sections() -> Iterator[str]:
    shown = {name: INTEGRATIONS[name] for name in SHOWN}
    for name, section in {**SECTIONS, **shown}.items():
        yield from _section(f"`[{name}]`", section)
        for key, each in settings_of(section).items():
            if isinstance(each.rule, Table):
                yield from _section(f"`[{name}.{key}]`", each.rule.of)


def _section(title: str, section: type) -> list[str]:
    rows = [
        _row(name, each)
        for name, each in settings_of(section).items()
        if not isinstance(each.rule, Table)
    ]
    lines = ["| setting | default | may be | what it does |", "|---|---|---|---|", *rows]
    return [f"## {title}", "", *lines, ""]


def _row(name: str, each: Setting) -> str:
    default = "" if each.default in (None, {}) else f"`{toml(each.default)}`"
    kind = each.rule if isinstance(each.rule, str) else ""
    words = getattr(each.rule, "allowed", ())
    bounds = ", ".join(f"`{word}`" for word in words) or allowed(each) or KINDS[kind]
    example = "" if each.example is None else f" Example: `{toml(each.example)}`."
    more = f" {each.more}" if each.more else ""
    return f"| `{name}` | {default} | {bounds} | {each.says}.{more}{example} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
