"""Events by HTTP POST, to a receiver of our own."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.outside import FakeOutside
from tests.rigs.receiver import Receiver
from vcam.actions.plugins.plugin import Call
from vcam.core.event import Event
from vcam.errors import ActionError
from vcam.integrations.settings import WebhookSettings
from vcam.integrations.webhook import Webhook, WebhookPlugin

FIRE = Event(12.5, "fire", "stop", "left", 3, "webhook.post", (1, 2, 3, 4))
OTHER = Event(13.5, "fire", "palm", "right", 4, None, (1, 2, 3, 4))
CALL = Call("post", "", "stop", "left")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver, closed afterwards."""
    receiver = Receiver()
    yield receiver
    receiver.close()


def _post(settings: WebhookSettings) -> str | None:
    webhook = Webhook(settings, FakeOutside())
    webhook.hear(FIRE)
    try:
        return WebhookPlugin(webhook).perform(CALL)
    finally:
        webhook.close()


def test_the_event_is_posted_with_its_secret(receiver: Receiver, tmp_path: Path) -> None:
    """The receiver gets the event as the event lines have it, and the header that proves us."""
    file = tmp_path / "secret"
    file.write_text("sesame\n")
    file.chmod(0o600)
    assert _post(WebhookSettings(receiver.url, str(file))) == "Posted"
    path, headers, body = receiver.posts[0]
    assert path == "/hook?room=study"
    assert headers["X-Vcam-Secret"] == "sesame"
    assert headers["Content-Type"] == "application/json"
    assert (body["gesture"], body["hand"], body["t"], body["phase"]) == (
        "stop",
        "left",
        12.5,
        "fire",
    )


@pytest.mark.parametrize(
    ("status", "words"), [(302, "elsewhere"), (307, "elsewhere"), (500, "500")]
)
def test_no_redirect_is_followed(receiver: Receiver, status: int, words: str) -> None:
    """What is no 2xx has failed; where a redirect leads nobody is asked."""
    other = Receiver()
    receiver.status, receiver.location = status, other.url
    with pytest.raises(ActionError, match=words):
        _post(WebhookSettings(receiver.url))
    other.close()
    assert other.posts == []


@pytest.mark.parametrize("fault", ["hangs", "trickles"])
def test_the_time_limit(receiver: Receiver, fault: str) -> None:
    """A receiver that hangs, or answers a letter now and then, has failed when its time is over."""
    setattr(receiver, fault, True)
    before = time.perf_counter()
    with pytest.raises(ActionError, match="no answer in time"):
        _post(WebhookSettings(receiver.url, time_limit_s=0.5))
    assert time.perf_counter() - before < 2


def test_nobody_listens() -> None:
    """A receiver that is not there is a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ActionError, match="does not answer"):
        _post(WebhookSettings(f"http://127.0.0.1:{port}/"))


def test_the_environment_names_no_proxy(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY is no host that the person wrote into the settings."""
    proxy = Receiver()
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    assert _post(WebhookSettings(receiver.url)) == "Posted"
    proxy.close()
    assert proxy.posts == []


def test_every_fire(receiver: Receiver) -> None:
    """With `every_fire` all gestures are posted, once each, and nobody waits."""
    program = FakeOutside()
    webhook = Webhook(WebhookSettings(receiver.url, every_fire=True), program)
    webhook.hear(FIRE)  # by its action
    webhook.hear(OTHER)
    end = time.perf_counter() + 5
    while not receiver.posts and time.perf_counter() < end:
        time.sleep(0.01)
    assert [body["gesture"] for _, _, body in receiver.posts] == ["palm"]
    receiver.status = 500
    for _ in range(3):
        webhook.hear(OTHER)
    while len(receiver.posts) < 4 and time.perf_counter() < end:
        time.sleep(0.01)
    time.sleep(0.1)
    assert len(program.reported) == 1
    assert "500" in (webhook.state() or "")
    webhook.close()
