"""A small Teams that speaks the interface for third-party devices, version 2.0.0."""

import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from tests.fakes.web_socket import LocalWebSocket

TOKEN = "61e9d3d4-dbd6-425d-b80f-8110f48f769c"
PERMISSIONS = ("canToggleMute", "canToggleVideo", "canToggleHand", "canReact", "canLeave")
STATES = {
    "toggle-mute": "isMuted",
    "toggle-video": "isVideoOn",
    "toggle-hand": "isHandRaised",
}


class FakeTeams(LocalWebSocket):
    """One meeting; `allows` is what the person answers when somebody wants to pair."""

    def __init__(self, *, in_meeting: bool = True, allows: bool = True) -> None:
        self.meeting = in_meeting
        self.allows = allows
        self.deaf = False
        self.state = dict.fromkeys(
            (*STATES.values(), "isRecordingOn", "isBackgroundBlurred", "isSharing"), False
        )
        self.queries: list[dict[str, list[str]]] = []
        self.orders: list[dict[str, Any]] = []
        self._connections: list[ServerConnection] = []
        super().__init__()

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def change(self, name: str, value: bool) -> None:
        """Change something as the person does in Teams: only the change is sent."""
        self.state[name] = value
        self._send_all({"meetingUpdate": {"meetingState": {name: value}}})

    def leave(self) -> None:
        """End the meeting."""
        self.meeting = False
        self._send_all({"meetingUpdate": {"meetingState": {"isInMeeting": False}}})

    def _send_all(self, message: Any) -> None:
        for connection in self._connections:
            with suppress(ConnectionClosed):
                connection.send(json.dumps(message))

    def _talk(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        query = parse_qs(urlsplit(connection.request.path).query, keep_blank_values=True)
        self.queries.append(query)
        paired = query.get("token") == [TOKEN]
        self._connections.append(connection)
        with suppress(ConnectionClosed):
            connection.send(json.dumps({"requestId": 0, "response": "Success"}))
            self._introduce(connection, paired=paired)
            for text in connection:
                self._obey(connection, json.loads(text))

    def _introduce(self, connection: ServerConnection, *, paired: bool) -> None:
        permissions = dict.fromkeys(PERMISSIONS, self.meeting and paired)
        update: dict[str, Any] = {
            "meetingPermissions": {**permissions, "canPair": self.meeting and not paired}
        }
        if self.meeting and paired:
            update["meetingState"] = {**self.state, "isInMeeting": True}
        connection.send(json.dumps({"meetingUpdate": update}))

    def _obey(self, connection: ServerConnection, order: dict[str, Any]) -> None:
        self.orders.append(order)
        answer: dict[str, Any] = {"requestId": order["requestId"], "response": "Success"}
        if order["action"] == "pair":
            if not self.allows:
                return
            time.sleep(0.05)
            connection.send(json.dumps({"tokenRefresh": TOKEN}))
            connection.send(json.dumps(answer))
            self._introduce(connection, paired=True)
            return
        if order["action"] == "leave-call":
            connection.send(json.dumps({**answer, "errorMsg": "no such call"}))
            return
        connection.send(json.dumps(answer))
        if order["action"] in STATES and not self.deaf:
            name = STATES[order["action"]]
            self.change(name, not self.state[name])
