"""A WebSocket server on this machine that can go away and come back at the same port."""

import threading

from websockets.sync.server import Server, ServerConnection, serve


class LocalWebSocket:
    """What the stand-ins for other programs share; `_talk` is theirs."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._server: Server
        self.start()

    def start(self) -> None:
        """Listen, at the same port as before."""
        self._server = serve(self._talk, "127.0.0.1", self.port, close_timeout=0.2)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _talk(self, connection: ServerConnection) -> None:
        raise NotImplementedError
