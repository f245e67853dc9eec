"""Writing bindings into the settings file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rigs.toml_layouts import LAYOUTS, LISTED
from vcam.core.binding import Binding
from vcam.core.labels import BINDABLE
from vcam.errors import ConfigError
from vcam.settings import Settings, file_editor, load_settings, parse_settings
from vcam.settings.dump import settings_toml
from vcam.settings.file_editor import write_binding


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "binding", [Binding("ok", "key:alt+y", "right", 700), Binding("stop", "hold:space")]
)
def test_round_trip(layout: str, binding: Binding, tmp_path: Path) -> None:
    """In every layout the binding is there afterwards, and all comments and settings still are."""
    path = tmp_path / "settings.toml"
    old = LAYOUTS[layout]
    path.write_bytes(old.encode())
    before = load_settings(path)
    bound = write_binding(path, binding, None, "")
    after = load_settings(path)
    assert binding in after.bindings
    assert (after.camera, after.gestures) == (before.camera, before.gestures)
    kept = {each for each in before.bindings if each != bound.replaced}
    assert set(after.bindings) == {*kept, binding}
    new = path.read_bytes().decode()
    for comment in ("# my settings", "# mute", "# only the left", "# unmute", "# none yet"):
        assert (comment in new) == (comment in old)
    assert new.count("\r\n") in {0, new.count("\n")}


def test_replaces_same_gesture_and_hand(tmp_path: Path) -> None:
    """The same gesture by the same hand is changed in its place, and said so."""
    path = tmp_path / "settings.toml"
    path.write_text(LISTED, encoding="utf-8")
    bound = write_binding(path, Binding("palm", "pause", "left"), None, "")
    assert bound.replaced == Binding("palm", "mic.unmute", "left", 900)
    assert '  { gesture = "palm", hand = "left", action = "pause" } # unmute' in path.read_text(
        "utf-8"
    )


def test_tells_overlaps(tmp_path: Path) -> None:
    """Another binding of the same gesture by another choice of hand is reported."""
    path = tmp_path / "settings.toml"
    path.write_text(LISTED, encoding="utf-8")
    bound = write_binding(path, Binding("palm", "pause"), None, "")
    assert bound.replaced is None
    assert bound.overlapping == (Binding("palm", "mic.unmute", "left", 900),)


def test_shipped_profile_is_copied(tmp_path: Path) -> None:
    """Binding into a shipped profile keeps what it ships, since the file's profile replaces it."""
    path = tmp_path / "settings.toml"
    bound = write_binding(path, Binding("rock", "pause"), "zoom", "# begin\n")
    assert bound.copied
    assert path.read_text("utf-8").startswith("# begin\n\n[profiles.zoom]\n")
    expected = (*Settings().profiles["zoom"], Binding("rock", "pause"))
    assert load_settings(path).profiles["zoom"] == expected


def test_new_profile(tmp_path: Path) -> None:
    """A name that is new makes a profile, whatever characters it has."""
    path = tmp_path / "settings.toml"
    bound = write_binding(path, Binding("rock", "profile:my app"), "my app", "")
    assert not bound.copied
    assert load_settings(path).profiles["my app"] == (Binding("rock", "profile:my app"),)


@pytest.mark.parametrize(
    ("binding", "part"),
    [
        (Binding("stap", "pause"), 'gesture cannot be "stap" (did you mean "stop"?)'),
        (Binding("stop", "mic.mut"), "mic.mute"),
        (Binding("stop", 'run:["x"]'), "allow_commands"),
        (Binding("stop", "profile:zom"), 'mean "zoom"'),
        (Binding("stop", "pause", hold_ms=-1), "hold_ms must be"),
    ],
)
def test_bad_binding(binding: Binding, part: str, tmp_path: Path) -> None:
    """A binding that makes no sense is reported without a line, and no file is written."""
    path = tmp_path / "settings.toml"
    with pytest.raises(ConfigError) as caught:
        write_binding(path, binding, None, "")
    assert part in str(caught.value)
    assert "line" not in str(caught.value)
    assert not path.exists()


def test_a_table_in_line_takes_another_profile(tmp_path: Path) -> None:
    """A profile is added even where TOML only has room for it inside a table in one line."""
    path = tmp_path / "settings.toml"
    path.write_text("profiles = { mine = { bindings = [] } } # all\n", encoding="utf-8")
    write_binding(path, Binding("ok", "pause"), "new", "")
    after = load_settings(path).profiles
    assert (after["new"], after["mine"]) == ((Binding("ok", "pause"),), ())
    assert "# all" in path.read_text("utf-8")


def test_layout_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no way of editing gives what was wanted, the file stays and the person is told what."""
    path = tmp_path / "settings.toml"
    text = "# mine\nprofiles = { mine = { bindings = [] } }\n"
    path.write_text(text, encoding="utf-8")
    wrong = [
        lambda: text.replace("# mine\n", ""),
        lambda: "not toml",
        lambda: "camera.width = 64\n" + text,
    ]
    monkeypatch.setattr(file_editor, "ways_to_bind", lambda *_: wrong)
    with pytest.raises(ConfigError, match=r"add \{ gesture = \"ok\", .* to profile zoom by hand"):
        write_binding(path, Binding("ok", "pause"), "zoom", "")
    assert path.read_text("utf-8") == text


ACTIONS = ["mic.mute", "key:alt+y", "key:'", "hold:\\", "reaction:❤", "profile:zoom", "reaction:👍"]
BINDINGS = st.builds(
    Binding,
    st.sampled_from(BINDABLE),
    st.sampled_from(ACTIONS),
    st.sampled_from(["left", "right", "any"]),
    st.none() | st.integers(0, 10_000),
)


@given(
    st.dictionaries(
        st.text(min_size=1),
        st.lists(BINDINGS, max_size=5, unique_by=lambda each: (each.gesture, each.hand)),
        max_size=3,
    )
)
def test_show_reads_back(profiles: dict[str, list[Binding]]) -> None:
    """What `config show` prints reads back as the same settings."""
    written = {name: tuple(bindings) for name, bindings in profiles.items()}
    settings = Settings(profiles={**Settings().profiles, **written}, profile="zoom")
    assert parse_settings(settings_toml(settings), Path("/x.toml")) == settings


GUARDED = """\
profile = "mine"
[profiles.mine]
bindings = [{ gesture = "mute", action = "key:ctrl+d", focus = ["meet -"] }]
"""


@pytest.mark.parametrize(
    ("action", "focus", "after"),
    [
        ("key:ctrl+e", (), ("meet -",)),
        ("hold:space", (), ("meet -",)),
        ("mic.toggle", (), ()),
        ("key:ctrl+d", ("zoom", "teams"), ("zoom", "teams")),
    ],
)
@pytest.mark.parametrize(
    "layout",
    [
        GUARDED,
        GUARDED.replace("[profiles.mine]", "[[profiles.mine.bindings]]")
        .replace("bindings = [{ ", "")
        .replace(" }]", "")
        .replace(", ", "\n"),
    ],
    ids=["list", "tables"],
)
def test_another_key_keeps_its_aim(
    tmp_path: Path, layout: str, action: str, focus: tuple[str, ...], after: tuple[str, ...]
) -> None:
    """Keys that replace guarded ones are guarded alike; what is no key needs no window."""
    path = tmp_path / "settings.toml"
    path.write_text(layout)
    write_binding(path, Binding("mute", action, focus=focus), None, "")
    (binding,) = load_settings(path).bindings
    assert (binding.action, binding.focus) == (action, after)
    assert parse_settings(settings_toml(load_settings(path)), path).bindings == (binding,)
