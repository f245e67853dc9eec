"""Letters arrive as themselves in every layout, or are refused: press, hold, panic key, digits."""

from collections.abc import Iterator

import pytest

from tests.rigs.layouts import press_places, use_layout, window
from tests.rigs.piped import piped
from tests.rigs.xvfb import display, heard, press
from vcam.actions.chord import DIGITS, LETTERS

LATIN = {
    "us": ("us", 0),
    "us, de active": ("us,de", 1),
    "us, fr active": ("us,fr", 1),
    "us, dvorak active": ("us,us -variant ,dvorak", 1),
    "es": ("es", 0),
    "cz": ("cz", 0),
    "tr": ("tr", 0),
    "fr bepo": ("fr -variant bepo", 0),
}
US_PLACES = {"a": 38, "q": 24, "y": 29, "p": 33}
CTRL, ALT = 37, 64

EACH = """
from vcam.errors import ActionError
from vcam.system.clock import SteppedClock
for key in {keys!r}:
    try:
        press_chord(held, parse_chord(key), SteppedClock())
    except ActionError as error:
        print(key, error)
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[dict[str, str]]:
    """Return the environment of an X11 desktop of our own."""
    with display() as environment:
        yield environment


@pytest.mark.parametrize("layout", LATIN)
def test_letters_and_digits_arrive_as_themselves(desktop: dict[str, str], layout: str) -> None:
    """In eight layouts another program hears the very letter; what only Shift gives is refused."""
    use_layout(desktop, *LATIN[layout])
    keys = (*LETTERS, *DIGITS)
    with window(desktop) as ears:
        done = press(desktop, EACH.format(keys=keys))
        reported = ears.heard()
    assert done.returncode == 0, done.stderr
    refused = [line[0] for line in done.stdout.splitlines()]
    assert not set(refused) & set(LETTERS)
    arrived = [key for key in keys if key not in refused]
    assert [symbol for _, _, symbol in reported] == [key for key in arrived for _ in "+-"]
    if layout in ("us, fr active", "cz", "fr bepo"):
        assert refused == list(DIGITS)
    else:
        assert refused == []


@pytest.mark.parametrize(
    ("options", "key", "symbols"),
    [
        ("lv3:lalt_switch", "alt+y", ["Alt_R", "y"]),  # left Alt is AltGr
        ("grp:lalt_toggle", "alt+y", ["Alt_R", "y"]),  # left Alt changes the layout
        ("lv3:alt_switch", "alt+y", []),  # both are AltGr
        ("altwin:ctrl_win", "cmd+p", []),  # the Windows keys are Ctrl
        ("ctrl:swapcaps", "ctrl+a", ["Control_L", "a"]),
        ("altwin:swap_alt_win", "alt+cmd+p", ["Alt_L", "Super_L", "p"]),
    ],
)
def test_a_modifier_is_what_its_key_is(
    desktop: dict[str, str], options: str, key: str, symbols: list[str]
) -> None:
    """A chord goes with a key that is that modifier here, or is refused: never the letter alone."""
    use_layout(desktop, f"us -option -option {options}")
    try:
        with window(desktop) as ears:
            done = press(desktop, EACH.format(keys=(key,)))
            reported = ears.heard()
    finally:
        use_layout(desktop, "us -option")
    assert [symbol for sign, _, symbol in reported if sign == "+"] == symbols
    assert ("has no key" in done.stdout) is not bool(symbols)


@pytest.mark.parametrize(
    ("options", "refused", "arrives"),
    [
        ("grp:alt_shift_toggle", "ctrl+alt+shift+k", "ctrl+shift+k"),
        ("grp:ctrl_shift_toggle", "ctrl+shift+k", "alt+shift+k"),
        ("grp:lctrl_lalt_toggle", "ctrl+alt+k", "ctrl+shift+k"),
    ],
)
def test_a_chord_that_changes_the_layout_is_refused(
    desktop: dict[str, str], options: str, refused: str, arrives: str
) -> None:
    """Where Alt+Shift changes the layout, a chord with both would, and lose a modifier by it."""
    use_layout(desktop, f"us,ru -option -option {options}")
    try:
        with window(desktop) as ears:
            done = press(desktop, EACH.format(keys=(refused, arrives)))
            reported = ears.heard()
    finally:
        use_layout(desktop, "us -option")
    assert done.stdout.startswith(refused)
    assert "change the keyboard layout" in done.stdout
    assert [symbol for sign, _, symbol in reported if sign == "+"][2:] == ["K"]


@pytest.mark.parametrize("words", ["ru,us", "gr,us", "us,ru"])
def test_a_layout_without_latin_letters_uses_the_other(desktop: dict[str, str], words: str) -> None:
    """With Cyrillic or Greek active, Alt+A is the key that programs take for it: that of `us`."""
    for group in (0, 1):
        use_layout(desktop, words, group)
        with window(desktop) as ears:
            done = press(desktop, "press_chord(held, parse_chord('alt+a'))")
            reported = ears.heard()
        assert done.returncode == 0, done.stderr
        assert [(sign, code) for sign, code, _ in reported] == [
            ("+", ALT),
            ("+", US_PLACES["a"]),
            ("-", US_PLACES["a"]),
            ("-", ALT),
        ]


@pytest.mark.parametrize(
    ("words", "sentence"), [("ru", "has no key 'a'"), ("ru,us,fr", "on different keys")]
)
def test_what_is_not_certain_is_refused(desktop: dict[str, str], words: str, sentence: str) -> None:
    """No Latin letters anywhere, or two layouts that disagree: a sentence, and nothing pressed."""
    use_layout(desktop, words)
    with window(desktop) as ears:
        done = press(desktop, EACH.format(keys=["alt+a"]))
        assert ears.heard() == []
    assert sentence in done.stdout


def test_a_layout_that_changes_while_the_program_runs(desktop: dict[str, str]) -> None:
    """The next key is found in the new layout; one that is held comes up where it went down."""
    code = """
import subprocess
held.hold((1, "fist"), parse_chord("q"))
subprocess.run(["setxkbmap", "fr"], check=True)
held.let_go((1, "fist"))
press_chord(held, parse_chord("q"))
"""
    use_layout(desktop, "us")
    with window(desktop) as ears:
        done = press(desktop, code)
        reported = ears.heard()
    assert done.returncode == 0, done.stderr
    q, a = US_PLACES["q"], US_PLACES["a"]
    assert [(sign, code) for sign, code, _ in reported] == [("+", q), ("-", q), ("+", a), ("-", a)]


def test_keys_on_the_right_and_on_the_pad(desktop: dict[str, str]) -> None:
    """Right Ctrl, AltGr and the numpad arrive as such: other programs tell them from the left."""
    use_layout(desktop, "de")
    keys = ["right_ctrl", "right_alt", "right_shift", "numpad_1", "numpad_enter", "shift+numpad_5"]
    with window(desktop) as ears:
        done = press(desktop, EACH.format(keys=keys))
        reported = ears.heard()
    assert done.stdout == "", done.stderr
    codes = [code for sign, code, _ in reported if sign == "+"]
    assert codes == [105, 108, 62, 87, 104, 50, 84]


BUTTONS = """
import sys
from pynput import mouse
def tell(x, y, button, down):
    print("+" if down else "-", button.name, flush=True)
with mouse.Listener(on_click=tell) as listener:
    listener.wait()
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_buttons_of_the_mouse(desktop: dict[str, str]) -> None:
    """The side buttons, which people talk with, arrive elsewhere by their own numbers."""
    with piped(desktop, "-c", BUTTONS) as ears:
        assert heard(ears, 1) == ["ready"]
        done = press(desktop, EACH.format(keys=["mouse_middle", "mouse4", "mouse_forward"]))
        assert done.stdout == "", done.stderr
        reported = heard(ears, 6)
    assert reported == [f"{s} {name}" for name in ("middle", "button8", "button9") for s in "+-"]


PANIC = """
import sys
from vcam.actions.chord import parse_chord
from vcam.actions.keyboard.open_listener import Heard, open_listener
chord = parse_chord("ctrl+alt+p")
listener = open_listener(Heard(lambda: None, chord, lambda: print("panic", flush=True)))
print("ready", flush=True)
sys.stdin.readline()
listener.close()
"""
PANIC_LAYOUTS = {
    "us": ("us", 0, 33),
    "ru": ("ru", 0, 33),
    "gr": ("gr", 0, 33),
    "ru,us": ("ru,us", 0, 33),
    "ru,us second": ("ru,us", 1, 33),
    "us,dvorak second": ("us,us -variant ,dvorak", 1, 27),
    "dvorak": ("us -variant dvorak", 0, 27),
    "il": ("il", 0, 33),
}


@pytest.mark.parametrize("layout", PANIC_LAYOUTS)
def test_the_panic_key_is_heard(desktop: dict[str, str], layout: str) -> None:
    """In every layout the panic key works, also after a change, and once for each press."""
    words, group, place = PANIC_LAYOUTS[layout]
    use_layout(desktop, "us")
    with piped(desktop, "-c", PANIC) as process:
        assert heard(process, 1) == ["ready"]
        use_layout(desktop, words, group)
        press_places(desktop, CTRL, ALT, 41)  # another letter
        press_places(desktop, CTRL, ALT, place)
        press_places(desktop, CTRL, ALT, place)
        assert heard(process, 2) == ["panic", "panic"]
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.close()
        assert process.stdout is not None
        assert process.stdout.read() == ""
