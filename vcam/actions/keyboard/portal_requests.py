"""Questions to the desktop's portal, whose answers come later and as signals."""

import queue
import secrets
from typing import Any, Final

from vcam.core.texts import _
from vcam.system.session_bus import BUS, Address, BusError, SessionBus, Signal

NAME: Final = "org.freedesktop.portal.Desktop"
PATH: Final = "/org/freedesktop/portal/desktop"
STEP_S: Final = 5.0
"""How long the portal may take for a step in which nobody is asked."""

REFUSED_CODE: Final = 1
"""The portal's code for "the person said no"; 0 is yes, and 2 an end without an answer."""
Answer = tuple[int, dict[str, Any]]
"""The portal's code and what it gives."""


class RefusedError(Exception):
    """The person said no."""


class GivenUpError(Exception):
    """Nobody waits for the answer any more."""


class PortalRequests:
    """Asks one question at a time over a connection whose signals are handed to `hear`.

    It is there before the connection, which brings signals as soon as it is open.
    """

    def __init__(self) -> None:
        self._bus: SessionBus | None = None
        self._answers: dict[str, queue.Queue[Answer | None]] = {}

    def listen(self, bus: SessionBus) -> None:
        """Have the bus send answers, the end of sessions, and the end of the portal.

        Raises `BusError`.
        """
        self._bus = bus
        signal = f"type='signal',sender='{NAME}'"
        bus.listen(
            f"{signal},interface='org.freedesktop.portal.Request',member='Response',"
            f"path_namespace='{_requests_of(bus)}'"
        )
        bus.listen(f"{signal},interface='org.freedesktop.portal.Session',member='Closed'")
        bus.listen(f"type='signal',sender='{BUS[1]}',member='NameOwnerChanged',arg0='{NAME}'")

    def ask(
        self,
        place: Address,
        method: str,
        signature: str,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
        *,
        asks_person: bool = False,
    ) -> dict[str, Any]:
        """Return what the portal gives; waits for a person who is asked, else `STEP_S` at most.

        Raises `RefusedError`, `GivenUpError` when `give_up` came first, and `BusError` otherwise.
        """
        word, answer = new_word(), queue.Queue[Answer | None]()
        if self._bus is None:
            raise BusError(_("there is no D-Bus session"))
        self._answers = {f"{_requests_of(self._bus)}/{word}": answer}  # before it can come
        (path,) = self._bus.call(
            place, method, signature, (*arguments, {**options, "handle_token": ("s", word)})
        )
        self._answers[str(path)] = answer  # very old portals choose a path of their own
        try:
            found = answer.get(timeout=None if asks_person else STEP_S)
        except queue.Empty:
            raise BusError(_("it does not answer")) from None
        if found is None:
            raise GivenUpError
        code, results = found
        if code == REFUSED_CODE:
            raise RefusedError
        if code:
            raise BusError(_("it ended the question"))
        return {name: value for name, (_kind, value) in results.items()}

    def hear(self, signal: Signal) -> None:
        """Take in an answer, if a signal is one."""
        if signal.name == "Response" and signal.path in self._answers:
            code, results = signal.body
            self._answers[signal.path].put((code, results))

    def give_up(self) -> None:
        """Let nobody wait for an answer that cannot come."""
        for answer in list(self._answers.values()):
            answer.put(None)


def _requests_of(bus: SessionBus) -> str:
    """Return where on the bus the portal puts what a connection of ours asks."""
    return f"{PATH}/request/{bus.name[1:].replace('.', '_')}"


def new_word() -> str:
    """Return a word that names a request or a session of ours."""
    return f"vcam{secrets.token_hex(8)}"
