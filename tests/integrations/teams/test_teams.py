"""Teams' local interface, against a small Teams of our own. The real one was not tried."""

import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.outside import FakeOutside
from tests.fakes.teams import TOKEN, FakeTeams
from vcam.actions.plugins.plugin import Call
from vcam.errors import ActionError
from vcam.integrations.settings import TeamsSettings
from vcam.integrations.teams.client import token_path
from vcam.integrations.teams.service import BADGE, Teams, TeamsService


class InCall:
    """A meeting and what gestures do in it."""

    def __init__(self, server: FakeTeams) -> None:
        self.server, self.program = server, FakeOutside()
        self.service = TeamsService(TeamsSettings("127.0.0.1", server.port), self.program)
        self.plugin = Teams(self.service)

    def does(self, verb: str, argument: str = "") -> str | None:
        """Carry out an action."""
        return self.plugin.perform(Call(verb, argument))

    def close(self) -> None:
        """End both."""
        self.service.close()
        self.server.stop()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the token in the test's own folder."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def paired() -> Iterator[InCall]:
    """Return a meeting in which we are paired."""
    call = InCall(FakeTeams())
    _until(lambda: call.service.client.in_meeting)
    yield call
    call.close()


def _until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.perf_counter() + seconds
    while not true():
        assert time.perf_counter() < end
        time.sleep(0.02)


def test_pairing_is_asked_for_once_and_kept(paired: InCall) -> None:
    """Without a token none is sent; the one that Teams gives is kept for us alone, and used."""
    assert "token" not in paired.server.queries[0]
    assert [order["action"] for order in paired.server.orders] == ["pair"]
    assert token_path().read_text() == TOKEN
    assert stat.S_IMODE(token_path().stat().st_mode) == 0o600
    paired.service.close()
    again = TeamsService(TeamsSettings("127.0.0.1", paired.server.port), FakeOutside())
    _until(lambda: again.client.in_meeting)
    assert paired.server.queries[1]["token"] == [TOKEN]
    assert paired.server.queries[1]["device"] == paired.server.queries[0]["device"]
    assert len(paired.server.orders) == 1
    again.close()


def test_the_badge_is_what_teams_says(paired: InCall) -> None:
    """Muted in Teams by whoever: the badge comes; unmuted, left or lost: it goes."""
    paired.server.change("isMuted", True)
    _until(lambda: paired.program.badges == [BADGE])
    paired.server.change("isHandRaised", True)
    paired.server.change("isMuted", False)
    _until(lambda: paired.program.badges == [])
    paired.server.change("isMuted", True)
    _until(lambda: paired.program.badges == [BADGE])
    paired.server.leave()
    _until(lambda: paired.program.badges == [])
    assert paired.service.state() == "no meeting"


def test_a_lost_connection_takes_the_badge_away(paired: InCall) -> None:
    """What cannot be known is not claimed; it comes back with the connection."""
    paired.server.change("isMuted", True)
    _until(lambda: paired.program.badges == [BADGE])
    paired.server.stop()
    _until(lambda: paired.program.badges == [])
    paired.server.start()
    _until(lambda: paired.program.badges == [BADGE])


@pytest.mark.parametrize(
    ("verb", "state", "value"),
    [
        ("mute", "isMuted", True),
        ("camera.on", "isVideoOn", True),
        ("hand.raise", "isHandRaised", True),
    ],
)
def test_states_are_set_not_toggled(paired: InCall, verb: str, state: str, value: bool) -> None:
    """`mute` twice is muted: Teams knows toggles only, so its own state decides."""
    paired.does(verb)
    assert paired.server.state[state] is value
    orders = len(paired.server.orders)
    paired.does(verb)
    assert len(paired.server.orders) == orders
    assert paired.server.state[state] is value


def test_an_order_that_changes_nothing_has_failed(paired: InCall) -> None:
    """Teams says Success and does nothing: that is not called done."""
    paired.server.deaf = True
    with pytest.raises(ActionError, match="has not changed"):
        paired.does("mute")


def test_reactions(paired: InCall) -> None:
    """Reactions go by Teams' own names; others are refused when they are bound."""
    assert paired.does("react", "applause") == "Teams: applause"
    assert paired.server.orders[-1]["parameters"] == {"type": "applause"}
    with pytest.raises(ActionError, match="like, love"):
        paired.plugin.check("react", "confetti")


def test_a_refusal_is_the_reason(paired: InCall) -> None:
    """What Teams says against it is what the person reads; what it does not allow is not sent."""
    with pytest.raises(ActionError, match="no such call"):
        paired.does("leave")
    with pytest.raises(ActionError, match="does not allow"):
        paired.does("blur.toggle")


def test_nobody_presses_allow() -> None:
    """Until the person has allowed it, nothing is done and the sentence says what to press."""
    call = InCall(FakeTeams(allows=False))
    _until(lambda: call.service.client.may("canPair"))
    with pytest.raises(ActionError, match="press Allow"):
        call.does("mute")
    assert call.service.state() == "press Allow in Teams to pair"
    assert not token_path().exists()
    call.close()


def test_a_token_that_teams_does_not_take_any_more() -> None:
    """After a revocation the old token is forgotten, and pairing is asked for without it."""
    token_path().parent.mkdir(parents=True)
    token_path().write_text("revoked")
    call = InCall(FakeTeams())
    _until(lambda: call.service.client.in_meeting)
    assert call.server.queries[0]["token"] == ["revoked"]
    assert "token" not in call.server.queries[1]
    assert token_path().read_text() == TOKEN
    call.close()


def test_no_meeting_and_no_teams() -> None:
    """Outside a meeting nothing is ordered; without Teams the sentence says what to switch on."""
    call = InCall(FakeTeams(in_meeting=False))
    with pytest.raises(ActionError, match="no meeting"):
        call.does("mute")
    assert call.server.orders == []
    call.server.stop()
    _until(lambda: "Third-party" in (call.service.state() or ""))
    call.service.close()
