"""Requests to OBS by obs-websocket 5, the protocol that OBS 28 and newer have built in."""

import base64
import hashlib
import itertools
import json
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from vcam.core.texts import _, in_english, joined, marked
from vcam.errors import ActionError
from vcam.integrations.kept_socket import KeptSocket, RefusedError
from vcam.integrations.password import read_password
from vcam.integrations.settings import ObsSettings

HELLO, IDENTIFY, IDENTIFIED, EVENT, REQUEST, RESPONSE = 0, 1, 2, 5, 6, 7
"""Kinds of messages (`op`)."""
OUTPUT_EVENTS: Final = 1 << 6
AUTHENTICATION_FAILED: Final = "4009"
ANSWER_S: Final = 1.5
"""How long OBS may take for one request."""
RPC_VERSION: Final = 1
HINT: Final = marked("; start OBS and switch on Tools > WebSocket Server Settings > Enable")


class ObsClient:
    """A connection to OBS that comes back by itself. Requests come from one thread at a time."""

    def __init__(self, settings: ObsSettings) -> None:
        self._settings = settings
        self._numbers = itertools.count(1)
        self._waiting: dict[str, queue.Queue[Mapping[str, Any] | None]] = {}
        self._events: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        place = (settings.host or "", settings.port)
        self._socket = KeptSocket(
            _("OBS at {host}:{port}").format(host=place[0], port=place[1]), place, lambda: "/", self
        )

    def wait(self, seconds: float) -> None:
        """Wait until OBS has let us in. Raises `ActionError` that says why it has not."""
        try:
            self._socket.wait(seconds)
        except ActionError as error:
            hint = (
                ""
                if isinstance(error, RefusedError) or "password" in in_english(error)
                else _(HINT)
            )
            raise ActionError(joined("", [str(error), hint])) from None

    def ask(self, request: str, **data: Any) -> Mapping[str, Any]:
        """Return what OBS answers to a request. Raises `ActionError` with OBS's own reason."""
        number = str(next(self._numbers))
        answers: queue.Queue[Mapping[str, Any] | None] = queue.Queue()
        with self._lock:
            self._waiting[number] = answers
        message = {"requestType": request, "requestId": number, "requestData": data}
        try:
            self._socket.send(json.dumps({"op": REQUEST, "d": message}))
            answer = answers.get(timeout=ANSWER_S)
        except queue.Empty:
            raise ActionError(
                _("OBS did not answer {request} within {seconds:g} s").format(
                    request=request, seconds=ANSWER_S
                )
            ) from None
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        if answer is None:
            raise ActionError(_("OBS has closed the connection"))
        status = answer.get("requestStatus", {})
        if not status.get("result"):
            reason = status.get("comment") or _("code {code}").format(code=status.get("code"))
            raise ActionError(
                _("OBS refuses {request}: {reason}").format(request=request, reason=reason)
            )
        found: Mapping[str, Any] = answer.get("responseData") or {}
        return found

    def expect(self, event: str) -> Callable[[float], bool]:
        """Return what waits for the next event of this kind: did it come within the seconds?"""
        came = threading.Event()
        self._events[event] = came
        return came.wait

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def opened(self, send: Callable[[str], None], receive: Callable[[float], str]) -> None:
        """Say who we are, with the password where OBS asks for one."""
        hello = _data(json.loads(receive(ANSWER_S)), HELLO)
        identify: dict[str, Any] = {"rpcVersion": RPC_VERSION, "eventSubscriptions": OUTPUT_EVENTS}
        if asked := hello.get("authentication"):
            password = read_password("obs", self._settings)
            if password is None:
                raise RefusedError(
                    "OBS asks for a password: put it in a file that only you can read, and name "
                    "that file in [obs] password_file; or in the keyring ([obs] keyring)"
                )
            identify["authentication"] = answer_to(password, asked["salt"], asked["challenge"])
        send(json.dumps({"op": IDENTIFY, "d": identify}))
        try:
            _data(json.loads(receive(ANSWER_S)), IDENTIFIED)
        except Exception as error:
            if AUTHENTICATION_FAILED in str(error):
                where = "the keyring" if self._settings.keyring else "[obs] password_file"
                raise RefusedError(
                    _("OBS refuses the password in {where}").format(where=where)
                ) from None
            raise

    def received(self, text: str) -> None:
        """Hand an answer to whoever asked; wake whoever expects an event."""
        message = json.loads(text)
        data = message.get("d", {})
        if message.get("op") == RESPONSE:
            with self._lock:
                waiting = self._waiting.get(str(data.get("requestId")))
            if waiting is not None:
                waiting.put(data)
        elif message.get("op") == EVENT and (came := self._events.get(str(data.get("eventType")))):
            came.set()

    def lost(self) -> None:
        """Let nobody wait for an answer that cannot come."""
        with self._lock:
            for waiting in self._waiting.values():
                waiting.put(None)


def answer_to(password: str, salt: str, challenge: str) -> str:
    """Return what proves that we know the password."""
    secret = _digest(password + salt)
    return _digest(secret + challenge)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(message: Any, kind: int) -> Mapping[str, Any]:
    data = message.get("d") if isinstance(message, dict) and message.get("op") == kind else None
    if not isinstance(data, dict):
        raise ActionError(_("what answers there is not OBS 28 or newer"))
    return data
