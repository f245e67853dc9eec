"""Keys by the desktop's portal: asked once, remembered, refused in a sentence, never waited for."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.rigs.piped import piped
from tests.rigs.portal_desktop import PortalProcess, portal
from tests.rigs.tray_desktop import bus, comes
from vcam.actions.keyboard import portal_requests, portal_session
from vcam.actions.keyboard.keymap import Keymap
from vcam.actions.keyboard.portal_backend import PortalSender
from vcam.actions.keyboard.portal_requests import PortalRequests
from vcam.actions.keyboard.portal_session import ASKS, REFUSED, TAKEN_BACK, PortalSession
from vcam.errors import ActionError
from vcam.system import session_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals are Linux' own")

A, Q, F13, SHIFT = 0x61, 0x71, 0xFFCA, 0xFFE1
FRENCH = Keymap({24: [[A]], 38: [[Q]], 10: [[0x26, 0x31]], 50: [[SHIFT]]}, 0)
BOTH = Keymap({24: [[Q], [A]], 38: [[A], [Q]], 10: [[0x31], [0x26, 0x31]], 50: [[SHIFT]]}, None)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the address of a D-Bus session of our own, which this process uses too."""
    with bus(tmp_path, services=False) as found:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found)
        yield found


def _sender(tmp_path: Path, keymap: Keymap = FRENCH) -> PortalSender:
    return PortalSender(PortalSession(tmp_path / "state" / "token"), lambda: keymap)


def _press(sender: PortalSender, key: str) -> None:
    sender.prepare()
    for down in (True, False):
        sender.send(sender.code(key), down=down)


def test_a_leave_that_is_given(address: str, tmp_path: Path) -> None:
    """The question is asked once; meanwhile a key is refused in a sentence, and then it works."""
    with portal(address, "asks") as desktop, closing(_sender(tmp_path)) as sender:
        assert desktop.line(0.3) == ""  # nobody is asked before a key is needed
        for _ in range(2):
            began = time.perf_counter()
            with pytest.raises(ActionError, match=ASKS):
                sender.prepare()
            assert time.perf_counter() - began < 2.5
        assert desktop.line() == 'select {"types": 3, "persist": 2, "token": null}'
        assert desktop.line() == "asks"
        desktop.do("allow")
        assert comes(lambda: _works(sender))
        _press(sender, "a")
        _press(sender, "mouse_back")
        assert [desktop.line() for _ in range(4)] == [
            "KeyboardKeycode 16 +",
            "KeyboardKeycode 16 -",
            "PointerButton 275 +",
            "PointerButton 275 -",
        ]


def test_a_portal_that_answers_what_makes_no_sense(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told to answer a question that is not there; the next try may work."""
    with portal(address, "asks"), closing(_sender(tmp_path)) as sender:

        def nonsense(*words: object, **named: object) -> None:
            raise AttributeError("'int' object has no attribute 'items'")

        monkeypatch.setattr(PortalRequests, "ask", nonsense)
        for _ in range(2):
            with pytest.raises(ActionError, match=r"gives no leave to press keys \('int' object"):
                sender.prepare()


def test_a_session_that_was_given_back(address: str, tmp_path: Path) -> None:
    """A key that comes later is refused in a sentence."""
    with portal(address, "grants"):
        sender = _sender(tmp_path)
        assert comes(lambda: _works(sender))
        code = sender.code("a")
        sender.close()
        with pytest.raises(ActionError, match="this program ends"):
            sender.send(code, down=True)


def test_a_leave_that_is_remembered(address: str, tmp_path: Path) -> None:
    """The next start asks nobody; what recognises us is for its owner's eyes, and used once."""
    token = tmp_path / "state" / "token"
    with portal(address, "asks") as desktop:
        with closing(_sender(tmp_path)) as sender:
            assert sender._session.leave == "which asks you once"
            assert ASKS in _why(sender)
        desktop.line(), desktop.line()
        with closing(_sender(tmp_path)) as sender:
            with pytest.raises(ActionError):
                sender.prepare()
            desktop.line(), desktop.line()
            desktop.do("allow")
            assert comes(lambda: _works(sender))
        assert (token.read_text(), token.stat().st_mode & 0o777) == ("token-2", 0o600)
        with closing(_sender(tmp_path)) as sender:
            assert sender._session.leave == "which you have allowed"
            _press(sender, "a")
        assert token.read_text() == "token-3"
        assert desktop.line() == 'select {"types": 3, "persist": 2, "token": "token-2"}'
        assert desktop.line().startswith("KeyboardKeycode")


def test_a_leave_that_is_refused(address: str, tmp_path: Path) -> None:
    """No is taken for an answer: it is asked once in a run, and every key says what to do."""
    with portal(address, "asks") as desktop, closing(_sender(tmp_path)) as sender:
        with pytest.raises(ActionError):
            sender.prepare()
        desktop.line(), desktop.line()
        desktop.do("refuse")
        assert comes(lambda: REFUSED in _why(sender))
        assert REFUSED in _why(sender)
        assert desktop.line(0.3) == ""
        assert not (tmp_path / "state").exists()


def test_a_leave_that_is_taken_back(address: str, tmp_path: Path) -> None:
    """The person ends it from the desktop: the next key says so, and nobody is asked again."""
    with portal(address, "grants") as desktop, closing(_sender(tmp_path)) as sender:
        _press(sender, "a")
        desktop.do("close")
        assert comes(lambda: TAKEN_BACK in _why(sender))
        with pytest.raises(ActionError, match=TAKEN_BACK):
            sender.send(sender.code("a"), down=True)


def test_the_question_is_closed(address: str, tmp_path: Path) -> None:
    """A session that ends while the question stands is over in a sentence."""
    with portal(address, "asks") as desktop, closing(_sender(tmp_path)) as sender:
        with pytest.raises(ActionError):
            sender.prepare()
        desktop.line(), desktop.line()
        desktop.do("close")
        assert comes(lambda: REFUSED in _why(sender))


def test_a_portal_that_starts_again(address: str, tmp_path: Path) -> None:
    """It crashes and comes back: the key after next works, with what was remembered."""
    with closing(_new_portal(address, tmp_path)) as sender:
        assert "gives no leave to press keys" in _why(sender)
        with portal(address, "grants") as desktop:
            assert comes(lambda: _works(sender))
            assert '"token": "token-1"' in desktop.line()


def _new_portal(address: str, tmp_path: Path) -> PortalSender:
    with portal(address, "grants") as desktop:
        sender = _sender(tmp_path)
        _press(sender, "a")
        desktop.do("end")
        assert comes(lambda: sender._session._state != "open")
    return sender


def test_a_portal_that_hangs(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it hangs in the middle or takes no key: a sentence within a second or two."""
    monkeypatch.setattr(portal_requests, "STEP_S", 0.5)
    monkeypatch.setattr(portal_session, "KEY_S", 0.5)
    with portal(address, "grants,hangs"), closing(_sender(tmp_path)) as sender:
        assert comes(lambda: "does not answer" in _why(sender))
    with portal(address, "grants,deaf"), closing(_sender(tmp_path)) as sender:
        sender.prepare()
        with pytest.raises(ActionError, match="did not reach the desktop"):
            sender.send(sender.code("a"), down=True)


def test_a_portal_that_is_stopped(address: str, tmp_path: Path) -> None:
    """One that does not even say what it can do holds nobody up for longer than its limit."""
    with portal(address, "grants") as desktop:
        desktop._process.send_signal(signal.SIGSTOP)
        began = time.perf_counter()
        with pytest.raises(ActionError, match="does not answer"):
            _sender(tmp_path)
        assert time.perf_counter() - began < session_bus.CALL_S + 2


@pytest.mark.parametrize(
    ("manners", "sentence"),
    [("keyless", "no keyboard"), ("", "lets nobody press keys"), (None, "D-Bus session")],
)
def test_a_desktop_without(
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    manners: str | None,
    sentence: str,
) -> None:
    """Without a keyboard, without a portal, without a bus: the next way to press keys is tried."""
    if manners is None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    if not manners:
        with pytest.raises(ActionError, match=sentence):
            _sender(tmp_path)
        return
    with portal(address, manners), pytest.raises(ActionError, match=sentence):
        _sender(tmp_path)


def test_a_portal_that_ends_the_question(address: str, tmp_path: Path) -> None:
    """What is neither yes nor no is said, and the next key asks again."""
    with portal(address, "ends") as desktop, closing(_sender(tmp_path)) as sender:
        for _ in range(2):
            assert "ended the question" in _why(sender)
            assert desktop.line().startswith("select")


def test_an_old_portal(address: str, tmp_path: Path) -> None:
    """Version 1 is not asked to remember, and one without a mouse lends none."""
    with portal(address, "grants,forgets,mouseless") as desktop:
        with closing(_sender(tmp_path)) as sender:
            assert sender._session.leave == "which asks you at every start"
            _press(sender, "a")
            assert desktop.line() == 'select {"types": 1, "persist": 0, "token": null}'
            with pytest.raises(ActionError, match="no mouse"):
                sender.code("mouse_back")
        assert not (tmp_path / "state").exists()


def test_layouts_that_disagree(address: str, tmp_path: Path) -> None:
    """A letter goes by its symbol, which the desktop looks up; a digit may need Shift: refused."""
    with portal(address, "grants") as desktop, closing(_sender(tmp_path, BOTH)) as sender:
        _press(sender, "a")
        desktop.line()
        assert desktop.line() == f"KeyboardKeysym {A} +"
        assert desktop.line() == f"KeyboardKeysym {A} -"
        with pytest.raises(ActionError, match="on different keys"):
            sender.code("1")
        _press(sender, "shift")
        assert desktop.line() == "KeyboardKeycode 42 +"
    with portal(address, "grants"), closing(_sender(tmp_path)) as sender:
        for key, sentence in (("1", "only with Shift"), ("f13", "no key 'f13'")):
            with pytest.raises(ActionError, match=sentence):
                sender.code(key)


def test_a_layout_that_is_not_known(address: str, tmp_path: Path) -> None:
    """Letters go by their symbol, what lies in one place everywhere by it, all else is refused."""

    def unknown() -> Keymap:
        raise ActionError("the layout is not known")

    with portal(address, "grants"):
        sender = PortalSender(PortalSession(tmp_path / "token"), unknown)
        assert [sender.code(key) for key in ("a", "ctrl", "space")] == [
            f"NotifyKeyboardKeysym:{A}:-",
            "NotifyKeyboardKeycode:29:-",
            "NotifyKeyboardKeycode:57:-",
        ]
        for key in ("1", ";", "f13"):
            with pytest.raises(ActionError, match="not known"):
                sender.code(key)
        sender.close()


PROGRAM = """
import sys
from vcam.actions.keyboard.open import open_keyboard
from vcam.actions.keyboard.held_keys import HeldKeys
from vcam.actions.chord import parse_chord
keyboard = open_keyboard()
print(keyboard.way, flush=True)
held = HeldKeys(keyboard)
held.hold((1, "fist"), parse_chord("alt+a"))
sys.stdin.readline()
held.release_all()
keyboard.close()
print("closed", flush=True)
"""
HELD = ["KeyboardKeycode 56 +", "KeyboardKeycode 16 +"]
LET_GO = ["KeyboardKeycode 16 -", "KeyboardKeycode 56 -"]


@pytest.mark.parametrize("how", ["SIGKILL", "SIGSTOP", None])
def test_the_whole_way(address: str, tmp_path: Path, how: str | None) -> None:
    """On a Wayland desktop with a portal keys go by it, in its layout, and come up at any end."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_SESSION_TYPE": "wayland",
        "XKB_DEFAULT_LAYOUT": "fr",
        "DBUS_SESSION_BUS_ADDRESS": address,
    }
    with (
        portal(address, "grants") as desktop,
        piped(environment, "-c", PROGRAM) as program,
    ):
        assert program.stdout is not None
        assert program.stdout.readline() == "by the desktop's portal, which asks you once\n"
        assert desktop.line().startswith("select")
        assert [desktop.line() for _ in range(2)] == HELD
        if how:
            program.send_signal(getattr(signal, how))
        else:
            assert program.stdin is not None
            program.stdin.write("\n")
            program.stdin.flush()
        assert [desktop.line() for _ in range(2)] == LET_GO
        if how == "SIGSTOP":
            program.kill()


def _works(sender: PortalSender) -> bool:
    return not _why(sender)


def _why(sender: PortalSender) -> str:
    try:
        sender.prepare()
    except ActionError as error:
        return str(error)
    return ""


def test_the_rig_is_strict(address: str, tmp_path: Path) -> None:
    """The portal of these tests refuses what the real one would: keys before there is leave."""
    with portal(address, "asks") as desktop, closing(_sender(tmp_path)) as sender:
        with pytest.raises(ActionError):
            sender.prepare()
        _drain(desktop)
        sender._session._state = "open"
        with pytest.raises(ActionError, match="is starting, not started"):
            sender.send(sender.code("a"), down=True)


def _drain(desktop: PortalProcess) -> None:
    while desktop.line(0.3):
        pass
