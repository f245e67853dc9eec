"""Serves the page on loopback: files, state, pictures, orders. One thread a request."""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from vcam.core.texts import _, marked
from vcam.errors import ActionError, VcamError
from vcam.panel.auth import HEADERS, LOOPBACK, Door
from vcam.panel.catalogue import catalogue
from vcam.panel.collected_images import Collection, thumbnail
from vcam.panel.commands import Orders
from vcam.panel.event_lines import send_events
from vcam.panel.page_texts import page_file, page_texts
from vcam.panel.preview import Preview
from vcam.panel.protocols import Program, Teaches
from vcam.panel.recent_fires import History
from vcam.panel.settings_editor import Editor
from vcam.panel.state_stream import PERIOD_S, Teller
from vcam.settings.profile_edit import export_profile

log = logging.getLogger(__name__)

MAX_BYTES: Final = 262_144
"""An order is a few words, or an imported profile; nobody needs to send more."""
ALIVE_S: Final = 5.0
"""After this long without news a comment is sent, so that a closed tab is noticed."""
KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
TELL: Final = "tell"  # what programs post to, which are no page of ours
NO_STREAM: Final = marked("the stream is off: set [stream] enabled = true in the settings")
EMOJI: Final = "emoji_"
"""What the addresses of pictures of emoji begin with."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that requests are answered from."""

    program: Program
    editor: Editor
    history: History
    orders: Orders
    collection: Collection
    teacher: Teaches
    self_view: Preview
    call: Preview


class PanelServer:
    """Listens on a free port of the loopback interface until it is closed."""

    def __init__(self, desk: Desk) -> None:
        self.closing = threading.Event()
        server = self

        class Handler(_Handler):
            panel = server

        self._http = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.desk = desk
        self.door = Door(self._http.server_port)
        self.orders = desk.orders.by_name(desk.collection)
        self._thread = threading.Thread(
            target=self._http.serve_forever,
            name="panel",
            daemon=True,
            kwargs={"poll_interval": 0.2},
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """What the person opens; whoever knows it is let in."""
        return self.door.address

    def close(self) -> None:
        """End every stream and stop listening; may be called more than once."""
        if self.closing.is_set():
            return
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(2.0)


class _Handler(BaseHTTPRequestHandler):
    panel: PanelServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "vcam", ""
    timeout, disable_nagle_algorithm = 20, True

    def do_GET(self) -> None:
        """Answer with a file, a picture, or the stream of states."""
        refused = self.panel.door.refusal(self.path, _headers(self), changes=False)
        if refused is not None:
            self._answer(refused, b"", "text/plain")
            return
        name, desk = self.panel.door.inner(self.path), self.panel.desk
        answers: dict[str, Callable[[], None]] = {
            "state": self._stream,
            "frame": self._frame,
            "catalogue": lambda: self._json(catalogue(desk.editor, desk.collection)),
            "profile-file": self._profile_file,
            "doctor": lambda: self._json(
                [
                    {**asdict(each), "title": each.title, "command": each.command}
                    for each in desk.program.examine()
                ]
            ),
            "login": lambda: self._json({"on": desk.program.starts_at_login()}),
            "cameras": lambda: self._json([asdict(c) for c in desk.program.cameras()]),
            "texts": lambda: self._json(page_texts()),
            "thumbnail": self._thumbnail,
            "collected": lambda: self._json(desk.collection.table()),
            "collected-picture": self._collected,
            "events": self._events,
        }
        answers.get(name, lambda: self._file(name or "index.html"))()

    def do_POST(self) -> None:
        """Carry out one order."""
        name = self.panel.door.inner(self.path)
        refused = self.panel.door.refusal(self.path, _headers(self), changes=name != TELL)
        order = self._tell if name == TELL else self.panel.orders.get(name)
        if refused is not None or order is None:
            self.close_connection = True  # the body was not read
            self._answer(refused or 404, b"", "text/plain")
            return
        try:
            self._json({"ok": True, "answer": order(self._order())})
        except VcamError as error:
            self._json({"ok": False, "error": str(error)})

    def _tell(self, content: dict[str, Any]) -> None:
        """Take in what a program tells of itself. It is no page, so it need not name one."""
        stream = self.panel.desk.program.event_stream()
        if stream is None:
            raise ActionError(_(NO_STREAM))
        stream.reported.take(content, lasts=False)

    def _events(self) -> None:
        """Send events to a program until it goes or the program ends."""
        stream = self.panel.desk.program.event_stream()
        if stream is None:
            self._answer(404, NO_STREAM.encode(), "text/plain")
            return
        try:
            listener = stream.listen()
        except ActionError as error:
            self._answer(503, str(error).encode(), "text/plain")
            return
        self.close_connection = True
        self._head(200, "text/event-stream", None)
        send_events(stream, listener, self.wfile.write, self.panel.closing)

    def _order(self) -> dict[str, Any]:
        length, order = self.headers.get("Content-Length", ""), None
        if length.isdecimal() and int(length) <= MAX_BYTES:
            with suppress(ValueError, RecursionError):
                sent = json.loads(self.rfile.read(int(length)))
                json.dumps(sent, ensure_ascii=False).encode()  # half a character fits in no file
                order = sent
        else:
            self.close_connection = True
        if not isinstance(order, dict):
            raise VcamError(_("that was no order of this page"))
        return order

    def _stream(self) -> None:
        """Send the state whenever it changes, until the browser goes or the program ends."""
        self.close_connection = True
        self._head(200, "text/event-stream", None)
        teller = Teller(self.panel.desk.program, self.panel.desk.history)
        quiet = 0.0
        while not self.panel.closing.wait(PERIOD_S):
            news = teller.news()
            quiet = 0.0 if news else quiet + PERIOD_S
            if news or quiet >= ALIVE_S:
                quiet = 0.0
                self.wfile.write(f"data: {news}\n\n".encode() if news else b": alive\n\n")

    def _frame(self) -> None:
        desk, after = self.panel.desk, self._query("after")
        preview = desk.call if self._query("view") == "call" else desk.self_view
        found = preview.jpeg(int(after) if after.isdecimal() else 0, 1.0)
        if found is None:
            self._answer(204, b"", "image/jpeg")
        else:
            self._answer(200, found[1], "image/jpeg", {"X-Number": str(found[0])})

    def _profile_file(self) -> None:
        """Send a profile as a file to keep or to give to somebody."""
        try:
            text = export_profile(self.panel.desk.editor.known().settings, self._query("name"))
        except VcamError:
            self._answer(404, b"", "text/plain")
            return
        named = {"Content-Disposition": 'attachment; filename="vcam-profile.toml"'}
        self._answer(200, text.encode(), "application/toml", named)

    def _thumbnail(self) -> None:
        image = self.panel.desk.program.thumbnail(self._query("device"))
        self._send_image(None if image is None else thumbnail(image))

    def _collected(self) -> None:
        desk = self.panel.desk
        image = desk.collection.image(self._query("picture"))
        self._send_image(None if image is None else thumbnail(desk.teacher.portrait(image)))

    def _send_image(self, data: bytes | None) -> None:
        self._answer(404 if data is None else 200, data or b"", "image/jpeg")

    def _file(self, name: str) -> None:
        """Send one of the files that belong to the page."""
        stem, _, ending = name.rpartition(".")
        known = ending in KINDS and stem.replace("_", "").isalnum() and stem.isascii()
        file = files("vcam.panel").joinpath("pictures" if ending == "webp" else "page", name)
        if stem.startswith(EMOJI) and ending == "webp":
            file = files("vcam.overlay").joinpath("emoji", name.removeprefix(EMOJI))
        if not known or not file.is_file():
            self._answer(404, b"", "text/plain")
        else:
            self._answer(200, page_file(file), KINDS[ending])

    def _query(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def _json(self, value: object) -> None:
        self._answer(200, json.dumps(value).encode(), "application/json")

    def _answer(
        self, status: int, body: bytes, kind: str, more: dict[str, str] | None = None
    ) -> None:
        self._head(status, kind, None if status == 204 else len(body), more)
        if status != 204:
            self.wfile.write(body)

    def _head(
        self, status: int, kind: str, length: int | None, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        lengths = {} if length is None else {"Content-Length": str(length)}
        for name, value in {**HEADERS, "Content-Type": kind, **lengths, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        """Serve one connection; a browser that has gone is no fault."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ValueError) as error:
            log.debug("a browser went away: %s", error)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep addresses, which hold the token, out of the log."""


def _headers(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    """Return the headers that the door asks for; those that come twice count as foreign."""
    names = ("Host", "Origin", "Sec-Fetch-Site", "Content-Type")
    found = {name: handler.headers.get_all(name, []) for name in names}
    return {name: ",".join(values) for name, values in found.items() if values}
