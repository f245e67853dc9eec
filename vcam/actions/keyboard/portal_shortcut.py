"""A chord that the desktop itself listens for: org.freedesktop.portal.GlobalShortcuts.

GNOME from version 48, KDE Plasma and Hyprland have it. The desktop asks the person once, may give
the chord another place, and tells us when it is pressed; we hear no other key.
"""

import contextlib
import threading
from typing import Any, Final, Literal, TypeAlias

from vcam.actions.chord import DIGITS, FUNCTION_KEYS, LETTERS, MODIFIERS, Chord
from vcam.actions.keyboard.listener import Heard
from vcam.actions.keyboard.portal_requests import (
    NAME,
    PATH,
    GivenUpError,
    PortalRequests,
    RefusedError,
)
from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.system.session_bus import Address, BusError, SessionBus, Signal

SHORTCUTS: Final[Address] = (PATH, NAME, "org.freedesktop.portal.GlobalShortcuts")
REGISTRY: Final[Address] = (PATH, NAME, "org.freedesktop.host.portal.Registry")
APP: Final = "vcam"
"""What the desktop knows us by: the name of our desktop entry, without its ending."""
SESSION: Final = "vcam_shortcuts"
"""The same at each start, by which KDE Plasma finds what the person has agreed to."""
AGAIN_S: Final = 1.0
"""How long a portal that has ended gets to be there again."""

TITLE: Final = marked("Pause and resume gestures")
REFUSED: Final = marked(
    "the desktop was told not to listen for panic_key: start this program again to be asked again, "
    "and bind a panic gesture meanwhile"
)
NEEDS_ENTRY: Final = marked(
    "the desktop listens for panic_key only for programs that it knows: `vcam doctor --fix` writes "
    "the entry for that"
)
_MODIFIERS: Final = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "cmd": "LOGO"}
_NAMES: Final = {
    **{key: key for key in (*LETTERS, *DIGITS)},
    **{key: key.upper() for key in FUNCTION_KEYS},
    "space": "space",
    "enter": "Return",
    "esc": "Escape",
    "tab": "Tab",
    "insert": "Insert",
    "backspace": "BackSpace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "page_up": "Prior",
    "page_down": "Next",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
}
"""Keys by the names of libxkbcommon, as the desktops' list of shortcuts wants them."""

_State: TypeAlias = Literal["asking", "open", "lost", "over"]


class PortalShortcut:
    """Has the desktop listen for one chord until it is closed."""

    def __init__(self, heard: Heard) -> None:
        """Ask without waiting for the person; raises `ActionError` where no desktop listens.

        Whatever keeps the chord from being heard later goes to `heard.failed`.
        """
        if heard.chord is None:
            raise ActionError(_("there is no chord to listen for"))
        self._heard, self._chord = heard, heard.chord
        self._state: _State = "asking"
        self._session = ""
        self._changing = threading.Lock()
        self._closed = threading.Event()
        self._requests = PortalRequests()
        try:
            self._bus = SessionBus(self._hear, self._bus_ended)
        except BusError as error:
            raise ActionError(_no_desktop(error)) from None
        try:
            # A portal that wants to know who we are must hear it before anything else.
            with contextlib.suppress(BusError):
                self._bus.call(REGISTRY, "Register", "sa{sv}", (APP, {}))
            self._bus.property(SHORTCUTS, "version")
            self._requests.listen(self._bus)
            self._bus.listen(
                f"type='signal',sender='{NAME}',interface='{SHORTCUTS[2]}',member='Activated'"
            )
        except BusError as error:
            self._bus.close()
            raise ActionError(_no_desktop(error)) from None
        threading.Thread(target=self._ask, name="shortcut", daemon=True).start()

    @property
    def listening(self) -> bool:
        """Whether the person has agreed and the desktop listens."""
        return self._state == "open"

    def close(self) -> None:
        """Listen no more; may be called more than once."""
        self._closed.set()
        self._become("over")
        self._requests.give_up()
        self._bus.close()

    def _ask(self) -> None:
        """Open a session, and have the chord bound in it unless the desktop knows it already."""
        try:
            ask = self._requests.ask
            word = {"session_handle_token": ("s", SESSION)}
            created = ask(SHORTCUTS, "CreateSession", "a{sv}", (), word)
            self._session = str(created["session_handle"])
            listed = ask(SHORTCUTS, "ListShortcuts", "oa{sv}", (self._session,), {})
            if not self._is_bound(listed):
                about: dict[str, Any] = {"description": ("s", str(_(TITLE)))}
                trigger = trigger_of(self._chord)
                if trigger is not None:
                    about["preferred_trigger"] = ("s", trigger)
                bound = ask(
                    SHORTCUTS,
                    "BindShortcuts",
                    "oa(sa{sv})sa{sv}",
                    (self._session, [(self._name, about)], ""),
                    {},
                    asks_person=True,
                )
                if not self._is_bound(bound):
                    raise RefusedError
        except GivenUpError:
            return
        except RefusedError:
            self._fail(str(_(REFUSED)))
        except BusError as error:
            wants_entry = "app id" in str(error).lower()
            self._fail(str(_(NEEDS_ENTRY)) if wants_entry else _not_heard(error), "lost")
        except Exception as error:  # noqa: BLE001  # whatever it answered, nobody listens
            self._fail(_not_heard(error), "lost")
        else:
            self._become("open")

    @property
    def _name(self) -> str:
        """The shortcut's name: another chord in the settings is another one to ask for."""
        return f"pause-{'-'.join(self._chord.keys)}"

    def _is_bound(self, results: dict[str, Any]) -> bool:
        return any(name == self._name for name, _about in results.get("shortcuts", ()))

    def _hear(self, signal: Signal) -> None:
        self._requests.hear(signal)
        if signal.name == "Activated":
            session, name, *_rest = signal.body
            if session == self._session and name == self._name:
                self._heard.pressed()
        elif signal.name == "Closed" and signal.path == self._session:
            self._fail(str(_("the desktop does not listen for panic_key any more")))
        elif signal.name == "NameOwnerChanged":
            ended = bool(signal.body[1])  # somebody had the name before
            if (ended or self._state == "lost") and self._become("asking"):
                self._requests.give_up()
                threading.Thread(target=self._ask_again, name="shortcut", daemon=True).start()

    def _ask_again(self) -> None:
        """Ask the portal that takes the place of one that has ended; the call may start it."""
        if self._closed.wait(AGAIN_S):
            return
        with contextlib.suppress(BusError):
            self._bus.call(REGISTRY, "Register", "sa{sv}", (APP, {}))
        self._ask()

    def _bus_ended(self) -> None:
        self._requests.give_up()
        self._fail(str(_("the D-Bus session has ended: panic_key is not heard any more")))

    def _fail(self, why: str, state: _State = "over") -> None:
        """Tell what is not heard; `lost` may come back with the portal, `over` does not."""
        if self._become(state):
            self._heard.failed(why)

    def _become(self, state: _State) -> bool:
        """Go on to another state; return False when it was over before."""
        with self._changing:
            if self._state == "over":
                return False
            self._state = state
            return True


def trigger_of(chord: Chord) -> str | None:
    """Return a chord as desktops write it, `CTRL+ALT+p`; None where they have no word for a key."""
    *modifiers, key = chord.keys
    if key not in _NAMES or any(each not in _MODIFIERS for each in modifiers):
        return None
    return "+".join([*(_MODIFIERS[each] for each in modifiers if each in MODIFIERS), _NAMES[key]])


def why_no_shortcuts() -> str | None:
    """Return why this desktop listens for no chord of ours, None where it does; asks nobody."""
    try:
        with SessionBus() as bus:
            bus.property(SHORTCUTS, "version")
    except BusError as error:
        return _no_desktop(error)
    return None


def _no_desktop(error: BusError) -> str:
    return _(
        "Wayland lets no program hear keys, and this desktop listens for none ({error}): bind a "
        "panic gesture instead of panic_key"
    ).format(error=error)


def _not_heard(error: object) -> str:
    return _("panic_key is not heard ({error}): bind a panic gesture instead").format(error=error)
