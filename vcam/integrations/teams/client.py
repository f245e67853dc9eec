"""The connection to Teams: pairing, the state of the meeting, and orders.

Teams listens on this computer alone, once *Settings > Privacy > Third-party app API* is on. Its
maker has not published the protocol; this follows what several open projects have observed of
version 2.0.0. The token that pairing gives belongs to the names that we give ourselves, so they
never change; a wrong token would undo the pairing, so none is sent but the one that Teams sent.
"""

import contextlib
import itertools
import json
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from vcam.core.texts import _
from vcam.errors import ActionError, ConfigError
from vcam.integrations.kept_socket import KeptSocket
from vcam.integrations.settings import TeamsSettings
from vcam.system.atomic_write import write_private
from vcam.system.paths import state_folder

IDENTITY: Final = {
    "protocol-version": "2.0.0",
    "manufacturer": "vcam",
    "device": "Gesture Cam",
    "app": "vcam",
    "app-version": "1.0",
}
"""Never change these: Teams binds the token to them."""
ANSWER_S: Final = 2.0
PAIR: Final = "pair"


class TeamsClient:
    """Keeps one connection to Teams and what Teams says of the meeting."""

    def __init__(self, settings: TeamsSettings, changed: Callable[[], None]) -> None:
        """`changed` is called, on the connection's thread, when Teams has told something new."""
        self._changed = changed
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.Queue[str | None]] = {}
        self._lock = threading.Lock()
        self._meeting: dict[str, bool] = {}
        self._may: dict[str, bool] = {}
        self._asked_to_pair = self._has_token = False
        self._socket = KeptSocket(
            f"Teams at {settings.host}:{settings.port}",
            (settings.host or "", settings.port),
            self._path,
            self,
        )

    @property
    def in_meeting(self) -> bool:
        """Whether Teams says that a meeting is on."""
        return self._meeting.get("isInMeeting", False)

    def knows(self, name: str) -> bool | None:
        """Return a state of the meeting, such as `isMuted`; None where Teams has not told it."""
        return self._meeting.get(name) if self.in_meeting else None

    def may(self, name: str) -> bool:
        """Return whether Teams allows something now, such as `canToggleMute`."""
        return self._may.get(name, False)

    def wait(self, seconds: float) -> None:
        """Wait for the connection. Raises `ActionError` that says what is missing."""
        try:
            self._socket.wait(seconds)
        except ActionError as error:
            raise ActionError(
                _(
                    "{error}; start Teams and switch on Settings > Privacy > Third-party app API"
                ).format(error=error)
            ) from None

    def order(self, action: str, **parameters: str) -> None:
        """Have something done and wait until Teams takes it. Raises `ActionError`."""
        number = next(self._numbers)
        answers: queue.Queue[str | None] = queue.Queue()
        with self._lock:
            self._waiting[number] = answers
        try:
            self._send(number, action, parameters)
            reason = answers.get(timeout=ANSWER_S)
        except queue.Empty:
            raise ActionError(
                _("Teams did not answer within {seconds:g} s").format(seconds=ANSWER_S)
            ) from None
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        if reason is not None:
            raise ActionError(_("Teams refuses: {reason}").format(reason=reason))

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def opened(self, send: Callable[[str], None], receive: Callable[[float], str]) -> None:
        """Nothing needs to be said: Teams tells what there is."""
        self._meeting, self._may, self._asked_to_pair = {}, {}, False

    def received(self, text: str) -> None:
        """Take in a token, a change of the meeting, or an answer."""
        message = json.loads(text)
        if not isinstance(message, dict):
            return
        if isinstance(token := message.get("tokenRefresh"), str) and token:
            _keep_token(token)
        if isinstance(update := message.get("meetingUpdate"), dict):
            self._take_in(update)
        if isinstance(number := message.get("requestId"), int):
            self._answer(number, message)

    def lost(self) -> None:
        """What was known of the meeting is known no more, and no answer will come."""
        self._meeting, self._may = {}, {}
        with self._lock:
            for waiting in self._waiting.values():
                waiting.put("the connection has ended")
        self._changed()

    def _path(self) -> str:
        token = _kept_token()
        self._has_token = token is not None
        return f"/?{urlencode({**IDENTITY, **({'token': token} if token else {})})}"

    def _take_in(self, update: Mapping[str, Any]) -> None:
        """Merge what has changed: Teams sends all of it once, and then only what is new."""
        for name, known in (("meetingState", self._meeting), ("meetingPermissions", self._may)):
            part = update.get(name)
            if isinstance(part, dict):
                known.update({k: v for k, v in part.items() if isinstance(v, bool)})
        if not self.in_meeting:
            self._meeting = {"isInMeeting": False}
        if self.may("canPair") and not self._asked_to_pair:
            self._asked_to_pair = True
            self._pair()
        self._changed()

    def _pair(self) -> None:
        """Ask to be paired; a token that Teams does not take any more is forgotten first."""
        if self._has_token:
            with contextlib.suppress(OSError):
                token_path().unlink(missing_ok=True)
            self._socket.again()
        else:
            self._send(next(self._numbers), PAIR, {})

    def _answer(self, number: int, message: Mapping[str, Any]) -> None:
        with self._lock:
            waiting = self._waiting.get(number)
        if waiting is not None:
            error = message.get("errorMsg")
            waiting.put(None if error is None else str(error)[:200])

    def _send(self, number: int, action: str, parameters: Mapping[str, str]) -> None:
        order = {"action": action, "parameters": parameters, "requestId": number}
        self._socket.send(json.dumps(order))


def token_path() -> Path:
    """Return where the token of the pairing is kept."""
    return state_folder() / "teams-token"


def _kept_token() -> str | None:
    try:
        return token_path().read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError, ConfigError):
        return None


def _keep_token(token: str) -> None:
    path = token_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, token.encode())
    except OSError as error:
        raise ActionError(
            _("the pairing with Teams cannot be kept in {path} ({error})").format(
                path=path, error=error
            )
        ) from None
