"""What a new settings file says, and the page of settings: both made from the declared settings."""

import runpy
import tomllib
from pathlib import Path

from vcam.core.setting import Table, settings_of
from vcam.settings import Settings, parse_settings
from vcam.settings.schema import INTEGRATIONS, SECTIONS
from vcam.settings.template import SHOWN, WIDTH, shown_value, template, toml

DOCS = Path(__file__).parents[2] / "docs"


def _uncommented(text: str) -> str:
    """Return the sections with `#` taken away from every setting."""
    lines = text[text.index("[camera]") : text.index("# A profile of your own")].splitlines()
    names = {
        name for section in ({**SECTIONS, **INTEGRATIONS}).values() for name in settings_of(section)
    }
    return "\n".join(
        line.removeprefix("# ") if line.removeprefix("# ").partition(" =")[0] in names else line
        for line in lines
    )


def test_a_new_file_is_as_good_as_none() -> None:
    """As it is written, the template changes no setting."""
    assert parse_settings(template(), Path("x.toml")) == Settings()
    assert all(len(line) <= WIDTH for line in template().splitlines())


def test_every_line_can_be_used(tmp_path: Path) -> None:
    """Every setting stands there, and with its `#` taken away it says what the program shows."""
    text = _uncommented(template())
    content = tomllib.loads(text)
    sections = {**SECTIONS, **{name: INTEGRATIONS[name] for name in SHOWN}}
    for name, section in sections.items():
        declared = settings_of(section)
        assert content[name].keys() == declared.keys()
        for key, each in declared.items():
            assert toml(content[name][key]) == toml(shown_value(each))
    settings = parse_settings(text, tmp_path / "settings.toml")
    assert settings.gestures.arm == "rock"
    assert not settings.gestures.guards.face


def test_tables_are_explained() -> None:
    """Of a table that is shown by an example, each setting has a line of its own."""
    guards = settings_of(SECTIONS["gestures"])["guards"].rule
    assert isinstance(guards, Table)
    for name, each in settings_of(guards.of).items():
        assert f"#   {name} ({toml(each.default)}): {each.says[:20]}" in template()


def test_the_page_of_settings_is_current() -> None:
    """`docs/settings.md` is what `docs/make_settings.py` writes."""
    made = runpy.run_path(str(DOCS / "make_settings.py"))["page"]()
    assert (DOCS / "settings.md").read_text("utf-8") == made, "run python docs/make_settings.py"
