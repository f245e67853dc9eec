"""The person's leave to press keys, asked for once by the desktop's portal and remembered.

org.freedesktop.portal.RemoteDesktop, as GNOME and KDE Plasma have it. The desktop shows a question
of its own; what it gives us for the next time is kept in a file that only its owner can read.
"""

import contextlib
import logging
import threading
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from vcam.actions.keyboard.portal_requests import (
    NAME,
    PATH,
    GivenUpError,
    PortalRequests,
    RefusedError,
    new_word,
)
from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.system.atomic_write import write_private
from vcam.system.session_bus import Address, BusError, SessionBus, Signal

PORTAL: Final[Address] = (PATH, NAME, "org.freedesktop.portal.RemoteDesktop")
KEYBOARD, POINTER = 1, 2
"""Kinds of devices, as the portal numbers them."""
UNTIL_REVOKED: Final = 2
"""Remember the leave, also when this program ends."""
REMEMBERS_FROM: Final = 2
"""The portal's version that remembers."""

ANSWER_S: Final = 1.5
"""How long a key waits for the portal: a leave that is remembered comes faster."""
KEY_S: Final = 1.0

NO_ANSWER: Final = marked("the desktop's portal has not answered yet: show the gesture again")
ASKS: Final = marked(
    "the desktop asks whether this program may press keys: allow it there, then show the gesture "
    "again"
)
REFUSED: Final = marked(
    "the desktop was told that this program may press no keys: start it again to be asked again; "
    "muting works without keys"
)
TAKEN_BACK: Final = marked(
    "the desktop has ended this program's leave to press keys: start it again to be asked again"
)
CLOSED: Final = marked("the leave to press keys was given back: this program ends")

_State: TypeAlias = Literal["new", "asking", "open", "over"]

log = logging.getLogger(__name__)


class PortalSession:
    """One connection to the portal. May be used from any thread; nothing waits for the person."""

    def __init__(self, token: Path) -> None:
        """Look what the portal can do, and ask nobody. Raises `ActionError` where it is of no use.

        `token` is the file of what the portal gave us to be recognised by.
        """
        self._token = token
        self._changed = threading.Condition()
        self._state: _State = "new"
        self._why: str = _(NO_ANSWER)
        self._session = ""
        self._requests = PortalRequests()
        try:
            self._bus = SessionBus(self._hear, self._bus_ended)
        except BusError as error:
            raise ActionError(str(error)) from None
        try:
            self.devices = int(self._bus.property(PORTAL, "AvailableDeviceTypes"))
            self._remembers = int(self._bus.property(PORTAL, "version")) >= REMEMBERS_FROM
        except BusError as error:
            self._bus.close()
            raise ActionError(
                _("the desktop's portal lets nobody press keys ({error})").format(error=error)
            ) from None
        if not self.devices & KEYBOARD:
            self._bus.close()
            raise ActionError(_("the desktop's portal has no keyboard to lend"))

    @property
    def leave(self) -> str:
        """Whether the person will be asked, in a few words."""
        if not self._remembers:
            return _("which asks you at every start")
        return _("which you have allowed") if self._token.exists() else _("which asks you once")

    @property
    def fileno(self) -> int:
        """The number of the open connection, for the guardian to speak over."""
        return self._bus.fileno

    @property
    def handle(self) -> str:
        """The session's path on the bus; empty before the person has agreed."""
        return self._session

    def open(self) -> None:
        """Ask, unless that was done; raises `ActionError` as long as there is no leave."""
        with self._changed:
            if self._state == "new":
                self._state, self._why = "asking", _(NO_ANSWER)
                threading.Thread(target=self._ask, name="portal", daemon=True).start()
            self._changed.wait_for(lambda: self._state != "asking", ANSWER_S)
            if self._state != "open":
                raise ActionError(self._why)

    def notify(self, method: str, session: str, number: int, *, down: bool) -> None:
        """Press or let up a key or button; raises `ActionError` when the portal does not do it."""
        if self._state != "open":
            raise ActionError(self._why)
        try:
            self._bus.call(PORTAL, method, "oa{sv}iu", (session, {}, number, int(down)), KEY_S)
        except BusError as error:
            raise ActionError(
                _("the key did not reach the desktop ({error})").format(error=error)
            ) from None

    def close(self) -> None:
        """Hang up: the desktop lets go of what is down."""
        with self._changed:
            self._state, self._why = "over", _(CLOSED)
        self._requests.give_up()
        self._bus.close()

    def _ask(self) -> None:
        try:
            self._requests.listen(self._bus)
            ask = self._requests.ask
            word = {"session_handle_token": ("s", new_word())}
            created = ask(PORTAL, "CreateSession", "a{sv}", (), word)
            self._session = str(created["session_handle"])
            ask(PORTAL, "SelectDevices", "oa{sv}", (self._session,), self._wishes())
            self._become("asking", _(ASKS))
            granted = ask(PORTAL, "Start", "osa{sv}", (self._session, ""), {}, asks_person=True)
            if not int(granted.get("devices", 0)) & KEYBOARD:
                raise RefusedError
            self._remember(granted.get("restore_token"))
        except RefusedError:
            self._become("over", _(REFUSED))
        except GivenUpError:
            self._become("new", _no_leave(_("it has ended")))
        except Exception as error:  # noqa: BLE001  # whatever it answered, "asking" is over
            # It may work the next time: the portal may have been started again.
            self._become("new", _no_leave(error))
        else:
            self._become("open", "")

    def _wishes(self) -> dict[str, Any]:
        """Return what we ask for: keyboard, mouse if there is one, and to be remembered."""
        wishes: dict[str, Any] = {"types": ("u", self.devices & (KEYBOARD | POINTER))}
        if self._remembers:
            wishes["persist_mode"] = ("u", UNTIL_REVOKED)
            with contextlib.suppress(OSError, UnicodeDecodeError):
                wishes["restore_token"] = ("s", self._token.read_text(encoding="utf-8").strip())
        return wishes

    def _remember(self, word: object) -> None:
        """Keep what recognises us the next time; without it the person is asked again."""
        try:
            if isinstance(word, str) and word:
                self._token.parent.mkdir(parents=True, exist_ok=True)
                write_private(self._token, word.encode())
            else:  # what was there has been used up
                self._token.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the leave to press keys will be asked for again: %s", error)

    def _hear(self, signal: Signal) -> None:
        self._requests.hear(signal)
        if signal.name == "Closed" and signal.path == self._session:
            # A portal closes the session of a question that was answered with no.
            self._lose("over", _(REFUSED) if self._state == "asking" else _(TAKEN_BACK))
        elif signal.name == "NameOwnerChanged" and signal.body[1]:  # who had the name is gone
            self._lose("new", _("the desktop's portal has ended; show the gesture again"))

    def _bus_ended(self) -> None:
        self._lose("over", _("the D-Bus session has ended: start this program again in a session"))

    def _lose(self, state: _State, why: str) -> None:
        """Hear that the leave is gone, or the question for it."""
        with self._changed:
            asking = self._state == "asking"
        if not asking or state == "over":
            self._become(state, why)
        self._requests.give_up()

    def _become(self, state: _State, why: str) -> None:
        with self._changed:
            if self._state != "over":  # nothing comes after that
                self._state, self._why = state, why
            self._changed.notify_all()


def _no_leave(error: object) -> str:
    return _("the desktop's portal gives no leave to press keys ({error})").format(error=error)
