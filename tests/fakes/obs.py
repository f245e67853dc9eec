"""A small OBS that speaks obs-websocket 5, with faults on command."""

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from tests.fakes.web_socket import LocalWebSocket

Fault = Literal["hangs", "babbles", "closes"]


class FakeObs(LocalWebSocket):
    """Two scenes, three inputs and four outputs; `port` stays the same when it comes back."""

    def __init__(self, password: str | None = "secret", port: int = 0) -> None:
        self.password = password
        self.scene = "Talk"
        self.scenes = ["Talk", "Break"]
        self.inputs = {"Mic/Aux": False, "Desktop": False}
        self.items = {"Camera": True, "Slides": False}
        self.outputs = dict.fromkeys(("Record", "Stream", "VirtualCam", "ReplayBuffer"), False)
        self.dead_outputs: set[str] = set()
        self.missing_outputs: set[str] = set()
        self.replays = 0
        self.asked: list[str] = []
        self.fault: Fault | None = None
        self.connections: list[ServerConnection] = []
        super().__init__(port)

    def stop(self) -> None:
        """Go away, with every connection."""
        self._server.shutdown()
        for connection in self.connections:
            connection.socket.close() if self.fault == "hangs" else connection.close()
        self.connections.clear()

    def _talk(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        with suppress(ConnectionClosed, OSError):
            if self._lets_in(connection):
                for text in connection:
                    self._answer(connection, json.loads(text))

    def _lets_in(self, connection: ServerConnection) -> bool:
        if self.fault == "babbles":
            connection.send(json.dumps(["not", "OBS"]))
        hello: dict[str, Any] = {"obsWebSocketVersion": "5.1.0", "rpcVersion": 1}
        if self.password is not None:
            hello["authentication"] = {"salt": "pepper", "challenge": "riddle"}
        connection.send(json.dumps({"op": 0, "d": hello}))
        identify = json.loads(connection.recv())
        if self.password is not None and identify["d"].get("authentication") != self._proof():
            connection.close(4009, "Authentication failed.")
            return False
        connection.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
        return True

    def _proof(self) -> str:
        def digest(text: str) -> str:
            return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

        return digest(digest(f"{self.password}pepper") + "riddle")

    def _answer(self, connection: ServerConnection, message: dict[str, Any]) -> None:
        asked = message["d"]
        self.asked.append(asked["requestType"])
        if self.fault == "hangs":
            return
        if self.fault == "closes":
            connection.close()
            return
        status: dict[str, Any] = {"result": True, "code": 100}
        data = None
        try:
            data = self._does(connection, asked["requestType"], asked.get("requestData", {}))
        except KeyError as error:
            status = {"result": False, "code": 600, "comment": f"No source was found by {error}."}
        answer = {"requestType": asked["requestType"], "requestId": asked["requestId"]}
        body = {**answer, "requestStatus": status, "responseData": data}
        connection.send(json.dumps({"op": 7, "d": body}))

    def _does(self, connection: ServerConnection, request: str, data: dict[str, Any]) -> Any:
        answers: dict[str, Callable[[], Any]] = {
            "GetSceneList": lambda: {"scenes": [{"sceneName": n} for n in reversed(self.scenes)]},
            "GetCurrentProgramScene": lambda: {"currentProgramSceneName": self.scene},
            "SetCurrentProgramScene": lambda: self._switch(data["sceneName"]),
            "GetInputList": lambda: {
                "inputs": [{"inputName": name} for name in (*self.inputs, "Camera")]
            },
            "GetInputMute": lambda: {"inputMuted": self.inputs[data["inputName"]]},
            "SetInputMute": lambda: self._mute(data["inputName"], data.get("inputMuted")),
            "ToggleInputMute": lambda: self._mute(data["inputName"], None),
            "GetSceneItemId": lambda: self._item(data["sceneName"], data["sourceName"]),
            "GetSceneItemList": lambda: {
                "sceneItems": [{"sourceName": name} for name in reversed(self.items)]
            },
            "GetSceneItemEnabled": lambda: {
                "sceneItemEnabled": list(self.items.values())[data["sceneItemId"]]
            },
            "SetSceneItemEnabled": lambda: self.items.update(
                {list(self.items)[data["sceneItemId"]]: data["sceneItemEnabled"]}
            ),
            "SaveReplayBuffer": lambda: self._save(connection),
        }
        if request in answers:
            return answers[request]()
        return self._output(request)

    def _switch(self, scene: str) -> None:
        self.scene = self.scenes[{name: i for i, name in enumerate(self.scenes)}[scene]]

    def _mute(self, name: str, muted: bool | None) -> dict[str, bool]:
        self.inputs[name] = not self.inputs[name] if muted is None else muted
        return {"inputMuted": self.inputs[name]}

    def _item(self, scene: str, source: str) -> dict[str, int]:
        if scene != "Talk":
            raise KeyError(scene)
        return {"sceneItemId": {name: i for i, name in enumerate(self.items)}[source]}

    def _save(self, connection: ServerConnection) -> None:
        if not self.outputs["ReplayBuffer"]:
            raise KeyError("replay")
        self.replays += 1
        saved = {"eventType": "ReplayBufferSaved", "eventData": {"savedReplayPath": "/x"}}
        connection.send(json.dumps({"op": 5, "d": saved}))

    def _output(self, request: str) -> Any:
        for output in self.outputs:
            if request == f"Get{output}Status" and output not in self.missing_outputs:
                return {"outputActive": self.outputs[output]}
            if request in (f"Start{output}", f"Stop{output}"):
                if output not in self.dead_outputs:
                    self.outputs[output] = request.startswith("Start")
                return None
        raise KeyError(request)
