"""Changing single settings in the file, as the control panel does."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rigs.toml_layouts import LAYOUTS
from vcam.core.binding import Binding
from vcam.errors import ConfigError
from vcam.settings import load_settings, toml_edit
from vcam.settings.file_editor import remove_binding, write_value
from vcam.settings.template import template
from vcam.settings.toml_lines import comments

SECTIONS = {
    "a sub-table alone": "# mine\n[gestures.guards] # rules\nface = false\n",
    "a sub-table first": "[gestures.guards]\nface = false # no\n[gestures] # top\narm = 'rock'\n",
    "dotted keys": "# mine\ngestures.arm = 'rock' # arms\n\n[camera]\nwidth = 640\n",
    "dotted twice": "gestures.guards.face = false # no\n[camera] # cam\n",
    "a table in line": "gestures = { arm = 'rock' } # arms\n[camera]\nwidth = 640\n",
    "scores in line": "gestures = { min_scores = { stop = 0.5 } } # s\n",
    "scores dotted in a section": "[gestures] # g\nmin_scores.stop = 0.5 # s\narm = 'rock'\n",
    "scores in a table": "[gestures.min_scores] # s\nstop = 0.5\n[gestures.guards]\n",
    "quoted": "[ 'gestures' ] # g\n\"arm\" = 'rock' # arms\n",
    "blanks in the header": "\t[ gestures ]\t# g\narm = 'rock'",
    "no line end": "[gestures]# g",
    "spread": "[gestures]\narm='rock' # a\n[camera]\nfps = 30\n[gestures.guards]\nface = true\n",
    "a look-alike in a text": "[output]\ndevice = '''\n[gestures]\nx''' # odd\n",
    "a number sign in a text": "[overlay] # o\ncolours = { accent = '#00ff00' } # green\n",
    "odd line ends": "[camera]\r\ndevice = 'a\u2028b' # d\r\n[gestures] # g\r\narm = 'rock'\r\n",
}


@pytest.mark.parametrize("text", SECTIONS.values(), ids=SECTIONS)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("gestures", "hold_ms"), 700),
        (("gestures", "arm"), "fist"),
        (("gestures", "min_scores", "stop"), 0.9),
        (("gestures", "min_scores", "palm"), 0.6),
        (("gestures", "guards", "face"), True),
        (("overlay", "boxes"), False),
        (("overlay", "colours", "accent"), "#0000ff"),
        (("profile",), "zoom"),
        (("allow_commands",), True),
    ],
    ids=lambda part: ".".join(part) if isinstance(part, tuple) else "",
)
def test_every_layout_can_be_edited(
    text: str, key: tuple[str, ...], value: object, tmp_path: Path
) -> None:
    """A value is set in every layout of TOML; all other values, and every comment, stay."""
    path = tmp_path / "settings.toml"
    path.write_bytes(text.encode())
    wanted = tomllib.loads(text.replace("\r\n", "\n"))
    table = wanted
    for name in key[:-1]:
        table = table.setdefault(name, {})
    table[key[-1]] = value
    write_value(path, key, value, "")
    after = path.read_bytes().decode()
    assert tomllib.loads(after.replace("\r\n", "\n")) == wanted
    assert comments(after.replace("\r\n", "\n"))[:1] == comments(text.replace("\r\n", "\n"))[:1]
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in text else 0)


def test_a_wrong_value_names_no_line_that_is_not_there(tmp_path: Path) -> None:
    """What is wrong with a value is reported without a line: the file does not have it."""
    path = tmp_path / "settings.toml"
    path.write_text("gestures = { arm = 'rock' }\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^gestures.hold_ms must be a whole number"):
        write_value(path, ("gestures", "hold_ms"), -1, "")


def test_no_way_to_set_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no way of editing works, the sentence says what to set by hand."""
    path = tmp_path / "settings.toml"
    path.write_text("# mine\n", encoding="utf-8")
    monkeypatch.setattr(toml_edit, "_ways", lambda *_: [lambda: "[gestures]\nhold_ms = 1\n"])
    with pytest.raises(ConfigError, match=r"set gestures.hold_ms = 700 there by hand"):
        write_value(path, ("gestures", "hold_ms"), 700, "")
    assert path.read_text("utf-8") == "# mine\n"


@pytest.mark.skipif(sys.platform == "win32", reason="os.mkfifo is for Unix")
def test_a_pipe_keeps_no_settings(tmp_path: Path) -> None:
    """Settings are not written into a pipe or a device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(ConfigError, match="no regular file"):
            write_value(path, ("profile",), "zoom", "")


def test_programs_that_write_at_once_take_turns(tmp_path: Path) -> None:
    """Eight programs bind eight gestures at the same moment, and the file has all of them."""
    path = tmp_path / "new" / "settings.toml"
    code = (
        "import sys; from pathlib import Path; from vcam.core.binding import Binding\n"
        "from vcam.settings.file_editor import write_binding\n"
        "sys.stdin.read()\n"
        "write_binding(Path(sys.argv[1]), Binding(sys.argv[2], 'pause'), 'mine', '')"
    )
    names = ["stop", "palm", "like", "fist", "peace", "one", "ok", "rock"]
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], stdin=subprocess.PIPE)
        for name in names
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0] * 8
    assert sorted(each.gesture for each in load_settings(path).profiles["mine"]) == sorted(names)


@pytest.fixture(params=[*LAYOUTS, "template", "missing"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a settings file in each layout that people write, and where there is none yet."""
    path = tmp_path / "settings.toml"
    if request.param != "missing":
        text = template() if request.param == "template" else LAYOUTS[request.param]
        path.write_bytes(text.encode())
    return path


def _comments(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.partition("#")[2] for line in lines if "#" in line]


def test_a_value_is_set_and_comments_stay(path: Path) -> None:
    """A section's value is set, then changed; all comments stay, and nothing else changes."""
    before = _comments(path)
    for hold in (700, 750):
        assert write_value(path, ("gestures", "hold_ms"), hold, "").gestures.hold_ms == hold
    assert load_settings(path).gestures.hold_ms == 750
    assert _comments(path) == before
    assert path.read_text(encoding="utf-8").count("750") == 1


def test_thresholds_of_single_gestures(path: Path) -> None:
    """Least scores of two gestures are written one after the other into one table."""
    write_value(path, ("gestures", "min_scores", "stop"), 0.9, "")
    after = write_value(path, ("gestures", "min_scores", "palm"), 0.6, "")
    assert after.gestures.min_scores == {"stop": 0.9, "palm": 0.6}


def test_the_profile_in_use(path: Path) -> None:
    """Another profile can be chosen, whether or not the file named one before."""
    assert write_value(path, ("profile",), "zoom", "").profile == "zoom"
    assert load_settings(path).profile == "zoom"


def test_the_line_stands_below_its_header(tmp_path: Path) -> None:
    """In a file from `vcam config init`, a new value stands at the top of its section."""
    path = tmp_path / "settings.toml"
    write_value(path, ("camera", "device"), "1", template())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("[camera]") + 1] == 'device = "1"'


def test_a_wrong_value_changes_nothing(path: Path) -> None:
    """A value that the settings do not allow is refused, and the file stays byte by byte."""
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(ConfigError, match="hold_ms"):
        write_value(path, ("gestures", "hold_ms"), -1, "")
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize("layout", ["listed", "tables", "windows"])
def test_a_binding_is_taken_out(layout: str, tmp_path: Path) -> None:
    """The binding is gone, others and comments stay."""
    path = tmp_path / "settings.toml"
    path.write_bytes(LAYOUTS[layout].encode())
    before = load_settings(path).bindings
    after = remove_binding(path, Binding("stop", "mic.mute"), "mine", "")
    assert after.bindings == before[1:]
    assert ("# only the left hand" in path.read_text()) == (layout != "tables")
    assert (b"\r\n" in path.read_bytes()) == (layout == "windows")


def test_a_shipped_profile_is_copied_first(tmp_path: Path) -> None:
    """Taking a binding out of a profile that ships leaves the others of it."""
    path = tmp_path / "settings.toml"
    after = remove_binding(path, Binding("stop", "mic.mute"), "zoom", template())
    assert {each.gesture for each in after.profiles["zoom"]} == {"palm", "mute", "one"}


def test_what_is_not_bound_cannot_be_taken_out(tmp_path: Path) -> None:
    """A binding that is not there is refused in one sentence."""
    with pytest.raises(ConfigError, match="call by either hand is not bound in zoom"):
        remove_binding(tmp_path / "settings.toml", Binding("call", "pause"), "zoom", "")
