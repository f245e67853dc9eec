"""Reading settings: what is right, and what is said about what is wrong."""

import dataclasses
import os
import string
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.rigs.home import use_home
from vcam.core.binding import Binding
from vcam.core.setting import Table, Whole, settings_of
from vcam.errors import ConfigError
from vcam.gestures.guards.settings import GuardSettings
from vcam.overlay.settings import Colours
from vcam.settings import Settings, default_settings_path, load_settings, parse_settings
from vcam.settings.dump import settings_toml
from vcam.settings.file_editor import remove_binding, write_binding
from vcam.settings.load import MAX_BYTES
from vcam.settings.schema import INTEGRATIONS, SECTIONS, Context, section_checks, setting_at
from vcam.settings.source import Source
from vcam.system.paths import state_folder

FILE = Path("/folder/settings.toml").absolute()
"""On Windows with a drive."""

DESIGN_EXAMPLE = """\
[camera]      # device, width, height, fps, mirrored
[output]      # kinds, device name
[overlay]     # in_call = true
[recognition]
[gestures]    # hold_ms
profile = "zoom"
[profiles.zoom]
bindings = [
  { gesture = "stop",  hand = "any",  action = "mic.mute" },
  { gesture = "palm",  hand = "left", action = "key:alt+y", hold_ms = 800 },
  { gesture = "fist",  action = "hold:space" },           # push-to-talk
  { gesture = "swipe_left", action = "profile:discord" },
]
"""


def test_empty_is_default() -> None:
    """An empty file says the defaults."""
    assert parse_settings("", FILE) == Settings()


def test_design_example() -> None:
    """The contract's example reads as it stands, with `profile` below a section."""
    settings = parse_settings(DESIGN_EXAMPLE, FILE)
    assert settings.profile == "zoom"
    assert settings.bindings == (
        Binding("stop", "mic.mute", "any"),
        Binding("palm", "key:alt+y", "left", 800),
        Binding("fist", "hold:space"),
        Binding("swipe_left", "profile:discord"),
    )


def test_every_setting() -> None:
    """Each setting of each section reaches its own field."""
    settings = parse_settings(
        """
allow_commands = true
[camera]
device = 1
width = 640
height = 480
fps = 25
mirrored = true
[output]
kinds = ["window", "out.mp4"]
device = "/dev/video10"
[overlay]
in_call = false
colours = { accent = "#ABCDEF" }
[recognition]
detector = "mediapipe"
classifier = "mine.onnx"
rate_hz = 10
[gestures]
min_score = 1
arm = "rock"
[profiles.mine]
bindings = [{ gesture = "ok", action = 'run:["true"]' }]
""",
        FILE,
        profile="mine",
    )
    assert settings.camera.device == "1"
    assert (settings.camera.width, settings.camera.height, settings.camera.fps) == (640, 480, 25.0)
    assert settings.output.kinds == ("window", "out.mp4")
    assert not settings.overlay.in_call
    assert settings.overlay.colours.accent == "#abcdef"
    assert settings.recognition.classifier == str(FILE.parent / "mine.onnx")
    assert settings.recognition.rate_hz == 10.0
    assert settings.gestures.arm == "rock"
    assert settings.gestures.min_score == 1.0
    assert settings.bindings == (Binding("ok", 'run:["true"]'),)


@pytest.mark.parametrize(
    "section", [*SECTIONS.values(), *INTEGRATIONS.values(), GuardSettings, Colours]
)
def test_every_setting_is_declared_once(section: type) -> None:
    """Each field says what it may be and is for, and its own default is allowed."""
    declared = settings_of(section)
    names = {each.name for each in dataclasses.fields(section)}
    assert set(declared) == names - {"tables"}  # those of plug-ins are their own
    checks = section_checks(section, ("x",), Context(Source.parse("", "x")))
    for name, each in declared.items():
        assert each.says
        assert each.default == getattr(section(), name)
        if each.default is not None and not isinstance(each.rule, Table) and name != "device":
            value = list(each.default) if isinstance(each.default, tuple) else each.default
            assert checks[name](value) == each.default


def test_dotted_keys_lead_to_their_setting() -> None:
    """Tables in a section have settings of their own."""
    assert setting_at("gestures.guards.typing").default is False
    assert setting_at("gestures.hold_ms").rule == Whole(0, 10_000, 50)


BAD = [
    ("[gestures]\n[gestures]\n", 2, ["cannot declare [gestures] twice"]),
    ("[a.b]\n[a.b]\n", 2, ["cannot declare [a.b] twice"]),
    ("\n[camera]\nwidht = 3", 3, ['"widht"', "[camera]", 'did you mean "width"', "mirrored"]),
    ("[camra]\n", 1, ['"camra"', 'did you mean "camera"']),
    ("[camera]\nwidth = '3'", 2, ["camera.width", "whole number from 16 to 7680", '"3"']),
    ("[camera]\nwidth = true", 2, ["whole number", "not true"]),
    ("[camera]\nwidth = 1.5", 2, ["whole number", "1.5"]),
    ("[camera]\nwidth = 8", 2, ["from 16"]),
    ("[camera]\nfps = nan", 2, ["number from 1 to 240"]),
    ("[camera]\nfps = 1979-05-27", 2, ["number from 1 to 240"]),
    ("[camera]\ndevice = -1", 2, ["index from 0"]),
    ("[camera]\ndevice = ''", 2, ["text in quotes"]),
    ("[camera]\nmirrored = 1", 2, ["true or false"]),
    ("\ncamera = 3", 2, ["camera must be a table, not 3"]),
    ("[[camera]]\nwidth = 640", 1, ["camera must be a table"]),
    ("[output]\nkinds = 'window'", 2, ["a list such as"]),
    ("[output]\nkinds = []", 2, ["a list such as"]),
    ("[output]\nkinds = [\n 'windwo']", 2, ['did you mean "window"', ".mp4"]),
    ("[overlay]\n\ncolours = { accent = 'red' }", 3, ["overlay.colours.accent", "#3ddc97"]),
    ("[overlay.colours]\n\nacent = '#ffffff'", 3, ["[overlay.colours]", 'mean "accent"', "warn"]),
    ("[overlay]\ncolours = 3", 2, ["overlay.colours must be a table"]),
    ("[recognition]\ndetector = 'onxx'", 2, ['did you mean "onnx"', "mediapipe"]),
    ("[recognition]\nthreads = 0", 2, ["from 1 to 16"]),
    ("[gestures]\narm = 'fits'", 2, ['did you mean "fist"']),
    ("[gestures]\nmin_score = 2", 2, ["from 0 to 1"]),
    ("[gestures]\nguards = { fase = true }", 2, ['"fase"', 'did you mean "face"']),
    ("[gestures.guards]\ncut = 1", 2, ["gestures.guards.cut", "true or false"]),
    ("[gestures]\nguards = true", 2, ["must be a table"]),
    ("[gestures]\npanic = 'rokc'", 2, ['did you mean "rock"']),
    ("[gestures]\npanic_key = 'ctrl+'", 2, ["panic_key", "chord"]),
    ("[gestures]\narmed_s = 0", 2, ["from 1 to 3600"]),
    ("\nprofile = 'zom'", 2, ['"zom"', 'did you mean "zoom"', "discord"]),
    ("profile = 3", 1, ["profile must be a text"]),
    ("profile = 'zoom'\n[gestures]\nprofile = 'meet'", 3, ["line 1 already"]),
    ("allow_commands = 'yes'", 1, ["true or false"]),
    ("profiles = 3", 1, ["profiles must be a table"]),
    ("[profiles]\nx = 3", 2, ["profiles.x must be a table"]),
    ("[profiles.x]\n", 1, ['"x" has no bindings']),
    ("[profiles.x]\nbinding = []", 2, ['did you mean "bindings"']),
    ("[profiles.x]\nbindings = 3", 2, ["must be a list"]),
    (
        '[profiles.x]\nbindings = [{gesture="stop", action="key:a", focus="zoom"}]',
        2,
        ["focus must be a list of texts", '"zoom"'],
    ),
    (
        '[profiles.x]\nbindings = [{gesture="stop", action="key:a", focus=["zoom", " "]}]',
        2,
        ["focus must be a text in quotes that is not empty"],
    ),
    ("[profiles.x]\nbindings = [\n 3]", 3, ["bindings[1] must be a table"]),
    ("[profiles.x]\nbindings = [\n { action = 'pause' }]", 3, ['has no "gesture"']),
    ("[profiles.x]\nbindings = [\n { gesture = 'ok' }]", 3, ['has no "action"']),
    (
        "[profiles.x]\nbindings = [\n\n { gesture = 'stap', action = 'pause' }]",
        4,
        ['did you mean "stop"', "bindings[1].gesture"],
    ),
    (
        "[[profiles.x.bindings]]\ngesture = 'no_gesture'\naction = 'pause'",
        2,
        ["cannot be", "palm"],
    ),
    (
        "[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'pause'\nhand = 'lft'",
        4,
        ['did you mean "left"', "left, right, any"],
    ),
    (
        "[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'mic.mut'",
        3,
        ['did you mean "mic.mute"?'],
    ),
    (
        "[[profiles.x.bindings]]\ngesture = 'ok'\n\naction = 'key:hyper+y'",
        4,
        ["hyper", "did you mean"],
    ),
    ("[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'profile:zom'", 3, ['mean "zoom"']),
    ("[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'run:[\"a\"]'", 3, ["allow_commands"]),
    ("[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'pause'\nhold = 3", 4, ["hold_ms"]),
    ("[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'pause'\nhold_ms = -1", 4, ["from 0"]),
    (
        "[profiles.x]\nbindings = [\n { gesture = 'ok', action = 'pause' },\n"
        " { gesture = 'ok', action = 'resume' }]",
        4,
        ["bound on line 3 already"],
    ),
    ("a = 1\nb 2", 2, ["not valid TOML"]),
    ("[camera\n", 1, ["not valid TOML"]),
    ("[camera]\nwidth = 1\nwidth = 2", 3, ["not valid TOML"]),
    ('[camera]\ndevice = "C:\\models"', 2, ["single quotes"]),
    ('[camera]\ndevice = "C:\\users\\me"', 2, ["single quotes"]),
    ('[camera]\ndevice = "D:\\xylophone.mp4"', 2, ["single quotes"]),
    ('[camera]\ndevice = "D:\\films\\"', 2, ["single quotes"]),
    ('[camera]\ndevice = "C:\\temp\\new.mp4"', 2, ["single quotes"]),
    ('[recognition]\nclassifier = "C:\\best\\net.onnx"', 2, ["single quotes"]),
    ("[camera]\nwidth = ", 2, ["not valid TOML"]),
]


@pytest.mark.parametrize(("text", "line", "parts"), BAD)
def test_bad_settings(text: str, line: int, parts: list[str]) -> None:
    """A mistake is reported in one line that names the file, the line, and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, FILE)
    message = str(caught.value)
    assert message.startswith(f"{FILE}, line {line}")
    assert "\n" not in message
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[" + "a." * 20_000 + "a]", "nests tables too deep", id="deep table"),
        pytest.param("x = {" + "a . " * 20_000 + "a = 1}", "nests tables too deep", id="deep key"),
        pytest.param("a = " + "9" * 5000, "a number has too many digits", id="digits"),
    ],
)
def test_texts_that_would_keep_the_reader_busy(text: str, says: str) -> None:
    """What takes the square of its length to read is refused at once."""
    with pytest.raises(ConfigError, match=says):
        parse_settings(text, FILE)


def test_bad_profile_override() -> None:
    """A profile that was asked for from outside and is missing is reported with those there are."""
    with pytest.raises(ConfigError, match=r'"zom".*did you mean "zoom".*discord'):
        parse_settings("", FILE, profile="zom")


WORDS = st.sampled_from(
    [
        *("camera", "gestures", "profiles", "profile", "bindings", "gesture", "action", "hand"),
        *("width", "arm", "stop", "mic.mute", "key:", "hold:space", "run:", "left", "zoom", "true"),
        *("[", "]", "[[", "]]", "{", "}", "=", ",", ".", '"', "'", '"""', "#", "\n", "\r\n", " "),
        *("1", "-1", "1e999", "nan", "0x1f", "2020-01-01", "\\", "\x00", "\ufeff", "\u00e9"),
    ]
)
TOMLISH = st.one_of(
    st.text(),
    st.lists(WORDS, max_size=40).map("".join),
    st.lists(st.sampled_from([text for text, _, _ in BAD] + [DESIGN_EXAMPLE])).map("\n".join),
    st.builds(
        "[{}]\n{} = {}".format,
        st.sampled_from([*SECTIONS, "profiles.x", "overlay.colours"]),
        st.sampled_from(["width", "device", "kinds", "arm", "bindings", "accent", "classifier"]),
        st.one_of(WORDS, st.text(string.printable)),
    ),
)


@given(TOMLISH)
@example("[" * 2000)
@example("a = " + "[" * 5000 + "]" * 5000)
@example("a = " + "9" * 5000)
@example("[recognition]\nclassifier = '~nobody-has-this-name/x'")
@example("[[profiles.x.bindings]]\ngesture = 'ok'\naction = 'run:" + "[" * 100_000 + "'")
def test_any_text(text: str) -> None:
    """Whatever the text, there are settings or one sentence, and nothing else."""
    try:
        settings = parse_settings(text, FILE)
    except ConfigError:
        return
    assert settings.profile in settings.profiles


def test_own_profile_replaces_shipped() -> None:
    """A profile in the file takes the place of the shipped one, and the others stay."""
    settings = parse_settings("[profiles.zoom]\nbindings = []", FILE)
    assert settings.profiles["zoom"] == ()
    assert settings.profiles["teams"] == Settings().profiles["teams"]


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    """A file from a Windows editor reads like any other, and its lines count the same."""
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf[camera]\r\nwidth = 640\r\n")
    assert load_settings(path).camera.width == 640
    path.write_bytes(b"\xef\xbb\xbf[camera]\r\n\r\nwidth = 6\r\n")
    with pytest.raises(ConfigError, match="line 3"):
        load_settings(path)


def test_not_utf8(tmp_path: Path) -> None:
    """A file in another encoding is told by its line."""
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\n# caf\xe9\n")
    with pytest.raises(ConfigError, match=r"line 2: not UTF-8"):
        load_settings(path)


def test_named_file_must_exist(tmp_path: Path) -> None:
    """A file that was named and is not there is a mistake, with the command that writes one."""
    with pytest.raises(ConfigError, match="vcam config init"):
        load_settings(tmp_path / "none.toml")


def test_default_file_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file in the default place means the defaults; one that is there counts."""
    path = use_home(monkeypatch, tmp_path)
    assert default_settings_path() == path
    assert load_settings() == Settings()
    assert load_settings(profile="meet").profile == "meet"
    path.parent.mkdir(parents=True)
    path.write_text('profile = "zoom"', encoding="utf-8")
    assert load_settings().profile == "zoom"


def test_unreadable(tmp_path: Path) -> None:
    """A folder or something huge in the place of the file is reported."""
    with pytest.raises(ConfigError, match="cannot read"):
        load_settings(tmp_path)
    (tmp_path / "big").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ConfigError, match="not a settings file"):
        load_settings(tmp_path / "big")


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_CONFIG_HOME": "/x"}, "/x/vcam/settings.toml"),
        ("linux", {"HOME": "/h"}, "/h/.config/vcam/settings.toml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "rel"}, "/h/.config/vcam/settings.toml"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/vcam/settings.toml"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the paths are written the Unix way")
def test_default_place(
    platform: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each system keeps the settings where its other programs do."""
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert default_settings_path() == Path(expected)


@pytest.mark.skipif(sys.platform != "win32", reason="Windows itself is asked for its folders")
def test_default_place_on_windows() -> None:
    """On Windows the settings roam with the person, and what is logged stays on the computer."""
    assert default_settings_path() == Path(os.environ["APPDATA"], "vcam", "settings.toml")
    assert state_folder() == Path(os.environ["LOCALAPPDATA"], "vcam")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has such folders")
def test_no_home_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home folder is told what to do."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])
    with pytest.raises(ConfigError, match="set HOME"):
        default_settings_path()


def test_a_profile_says_when(tmp_path: Path) -> None:
    """`when` names apps; a shipped profile that says only that keeps its bindings; both stay."""
    path = tmp_path / "settings.toml"
    path.write_text('[profiles.zoom]\nwhen = ["zoom", "our zoom"]\n')
    settings = load_settings(path)
    assert settings.when == {"zoom": ("zoom", "our zoom")}
    assert settings.profiles == Settings().profiles
    assert settings.followed("system") == settings.when
    assert {"zoom", "meet", "teams"} <= set(settings.followed("zoom"))
    assert parse_settings(settings_toml(settings), path) == settings
    assert write_binding(path, Binding("rock", "pause"), "zoom", "").copied
    changed = load_settings(path)
    assert changed.when == settings.when
    assert changed.profiles["zoom"] == (*settings.profiles["zoom"], Binding("rock", "pause"))
    remove_binding(path, Binding("rock", "pause"), "zoom", "")
    assert load_settings(path).profiles["zoom"] == settings.profiles["zoom"]


@pytest.mark.parametrize(
    "text",
    [
        'profile = "{}"'.format("x" * 5000),
        'profile = "p"\n[profiles.p]\nbindings = [{{ gesture = "stop", action = "{}" }}]'.format(
            "k" * 5000
        ),
        "{} = 1".format("y" * 5000),
    ],
)
def test_a_mistake_is_a_sentence_and_no_page(text: str) -> None:
    """What is far too long is told by its beginning."""
    with pytest.raises(ConfigError) as told:
        parse_settings(text, Path("s.toml"))
    assert len(str(told.value)) < 700
