"""Another page in the same browser, which knows even the port: it sees and does nothing."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.rigs.browser import chromium
from tests.rigs.panel import TEXT, Panelled, panelled_by

ATTACK = """
async (address) => {
  const found = [];
  const order = JSON.stringify({ action: "video.blank", paused: true });
  for (const mode of ["cors", "no-cors"]) {
    for (const name of ["state", "frame?view=mine", "catalogue", ""]) {
      try {
        const answer = await fetch(address + name, { mode, signal: AbortSignal.timeout(2000) });
        if (mode === "cors" || answer.type !== "opaque") found.push(`${mode} ${name}`);
      } catch {}
    }
    for (const kind of ["application/json", "text/plain"]) {
      for (const name of ["try", "pause"]) {
        const options = { method: "POST", mode, body: order, headers: { "Content-Type": kind } };
        try { if ((await fetch(address + name, options)).ok) found.push(`order ${name}`); } catch {}
      }
    }
  }
  const image = new Image();
  const seen = await new Promise((done) => {
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = address + "frame?view=mine";
  });
  if (seen) found.push("image");
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, { action: address + "try", method: "post", enctype: "text/plain" });
  form.target = "x";
  const box = document.createElement("iframe");
  box.name = "x";
  document.body.append(box, form);
  form.submit();
  await new Promise((done) => setTimeout(done, 500));
  return found;
}
"""


class _Evil(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>evil</title><body>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a browser for which evil.test is this machine, as DNS rebinding would make it."""
    yield from chromium("--host-resolver-rules=MAP *.test 127.0.0.1")


@pytest.fixture
def panelled(browser: Any, tmp_path: Path) -> Iterator[Panelled]:
    """Return a running program."""
    with panelled_by(tmp_path, TEXT) as running:
        yield running


@pytest.fixture
def evil() -> Iterator[int]:
    """Return the port of a web server with a hostile page."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Evil)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.test"])
def test_a_foreign_page_gets_nothing(
    browser: Any, panelled: Panelled, evil: int, host: str
) -> None:
    """Fetches, pictures, frames and forms from another page are refused, even with the token."""
    page = browser.new_page()
    page.goto(f"http://{host}:{evil}/")
    assert page.evaluate(ATTACK, panelled.address) == []
    state = panelled.state()
    assert state["video"] != "blank"
    assert state["paused"] is False
    frames = [frame for frame in page.frames if panelled.address in frame.url]
    assert all("Gesture Cam" not in frame.content() for frame in frames)
    page.close()


def test_a_rebound_name_gets_nothing(browser: Any, panelled: Panelled) -> None:
    """A foreign name that now points at this machine is same-origin to itself, and refused."""
    api = pytest.importorskip("playwright.sync_api")
    parts = urlsplit(panelled.address)
    page = browser.new_page()
    for path in ("/", parts.path, f"{parts.path}state"):
        with page.expect_response("**") as reported, contextlib.suppress(api.Error):
            page.goto(f"http://evil.test:{parts.port}{path}")
        assert reported.value.status == 421
        assert reported.value.headers["content-length"] == "0"
    page.close()
