"""Events by HTTP POST to the one address that the settings name."""

import contextlib
import http.client
import json
import logging
import queue
import socket
import ssl
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from vcam.actions.plugins.plugin import Call
from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.secret_file import read_secret
from vcam.integrations.service import Program
from vcam.integrations.settings import WebhookSettings
from vcam.integrations.verbs import WEBHOOK

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Vcam-Secret"  # noqa: S105  # the name of a header
MAX_WAITING: Final = 16
LATELY: Final = 8
"""How many gestures are remembered, to post the whole event for an action."""


class Webhook:
    """Posts events: those bound to `webhook.post`, or every gesture that fires."""

    def __init__(self, settings: WebhookSettings, program: Program) -> None:
        self._settings, self._program = settings, program
        self._lately: deque[Event] = deque(maxlen=LATELY)
        self._waiting: queue.Queue[str | None] = queue.Queue(MAX_WAITING)
        self._trouble: str | None = None
        self._thread = threading.Thread(target=self._work, name="webhook", daemon=True)
        self._thread.start()

    def hear(self, event: Event) -> None:
        """Remember a gesture that fires; post it where all are wanted."""
        if event.phase != "fire":
            return
        self._lately.append(event)
        if self._settings.every_fire and event.action != "webhook.post":
            try:
                self._waiting.put_nowait(event.to_json())
            except queue.Full:
                log.warning("the webhook is slow; %s is left out", event.gesture)

    def answered(self, event: Event, outcome: Outcome) -> None:
        """The receiver hears of gestures only."""

    def state(self) -> str | None:
        """Return what went wrong last, if the last one did not arrive."""
        return self._trouble

    def close(self) -> None:
        """Post nothing more."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(0.2)

    def post(self, call: Call) -> None:
        """Post the event of an action. Raises `ActionError`."""
        lately = [event for event in self._lately if event.gesture == call.gesture]
        tried = {"phase": "try", "gesture": call.gesture, "hand": call.hand}
        self._post(lately[-1].to_json() if lately else json.dumps(tried))

    def _work(self) -> None:
        while (line := self._waiting.get()) is not None:
            try:
                self._post(line)
            except ActionError as error:
                if self._trouble is None:
                    self._program.tell(str(error))
                self._trouble = str(error)
            else:
                self._trouble = None

    def _post(self, line: str) -> None:
        parts = urlsplit(self._settings.url or "")
        headers = {"Content-Type": "application/json", "User-Agent": "vcam"}
        secret = read_secret(self._settings.secret_file)
        if secret is not None:
            headers[SECRET_HEADER] = secret
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, self._settings)
        # A server that answers one letter a second keeps no promise of a time limit otherwise.
        late = threading.Event()
        over = threading.Timer(self._settings.time_limit_s, _cut, [connection, late])
        over.daemon = True
        over.start()
        try:
            connection.request("POST", path, line.encode(), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            in_time = not (late.is_set() or isinstance(error, TimeoutError))
            reason = str(error) if in_time and str(error) else _("no answer in time")
            raise ActionError(
                _("the webhook at {hostname} does not answer ({reason})").format(
                    hostname=parts.hostname, reason=reason
                )
            ) from None
        finally:
            over.cancel()
            connection.close()
        if 300 <= status < 400:
            raise ActionError(
                _(
                    "the webhook at {hostname} sends us elsewhere ({status}), where we do not go"
                ).format(hostname=parts.hostname, status=status)
            )
        if not 200 <= status < 300:
            raise ActionError(
                _("the webhook at {hostname} answers {status}").format(
                    hostname=parts.hostname, status=status
                )
            )


class WebhookPlugin:
    """`webhook.post`."""

    verbs = WEBHOOK

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook

    def check(self, verb: str, argument: str) -> None:
        """Nothing can be said without posting."""

    def perform(self, call: Call) -> str | None:
        """Post it; done when the receiver says so."""
        self._webhook.post(call)
        return "Posted"

    def choices(self, verb: str) -> Sequence[str]:
        """There is nothing to choose."""
        return []

    def state(self) -> str | None:
        """The service tells it."""
        return None

    def close(self) -> None:
        """The service does."""


def _connection(
    scheme: str, host: str, port: int | None, settings: WebhookSettings
) -> http.client.HTTPConnection:
    """Return a connection to the host itself: no proxy that the environment names is asked."""
    limit: Any = settings.time_limit_s
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=limit, context=context)
    return http.client.HTTPConnection(host, port, timeout=limit)


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """End the wait, and let whoever waited know that it was we who did."""
    late.set()
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
