"""What an open page is told, ten times a second: everything once, and then what has changed."""

import json
from dataclasses import fields, replace
from typing import Any

from tests.fakes.program import FakeProgram
from tests.rigs.panel import FIRE
from vcam.core.outcome import failed
from vcam.panel.protocols import ProgramSnapshot
from vcam.panel.recent_fires import History
from vcam.panel.state_stream import Teller


def _streamed(teller: Teller) -> dict[str, Any] | None:
    line = teller.news()
    return None if line is None else json.loads(line)


def test_only_what_has_changed_is_said_again() -> None:
    """The first line has every key; later ones those that differ, and none is sent for nothing."""
    program, history = FakeProgram(), History()
    teller = Teller(program, history)
    first = _streamed(teller)
    assert first is not None
    assert first.keys() == {each.name for each in fields(ProgramSnapshot)} | {"fired"}
    for _ in range(20):  # bars rise to their score
        teller.news()
    assert _streamed(teller) is None
    program.now = replace(program.now, muted=True)
    assert _streamed(teller) == {"muted": True}
    assert _streamed(teller) is None
    program.now = replace(program.now, muted=False, links={"obs": "live"})
    assert _streamed(teller) == {"muted": False, "links": {"obs": "live"}}
    assert _streamed(Teller(program, history)) == {**first, "links": {"obs": "live"}, "fired": []}


def test_half_a_letter_does_not_end_the_stream() -> None:
    """What other programs say of themselves may be no whole text; the page still hears the rest."""
    program = FakeProgram()
    program.now = replace(program.now, links={"obs": "caf\udce9"})
    news = Teller(program, History()).news()
    assert news is not None
    assert json.loads(news.encode())["links"] == {"obs": "caf\udce9"}


def test_what_becomes_of_a_fire_is_said() -> None:
    """The list comes when something fires, when its action answers, and when it was wrong."""
    history = History()
    teller = Teller(FakeProgram(), history)
    for _ in range(20):
        teller.news()
    history.note(FIRE)
    assert _fire(teller)["outcome"] is None
    history.answered(FIRE, failed("the microphone is gone"))
    answered = _fire(teller)
    assert (answered["outcome"], answered["brief"]) == ("failed", "the microphone is gone")
    history.find(1).wrong = True
    assert _fire(teller)["wrong"]


def _fire(teller: Teller) -> dict[str, Any]:
    """Return the one fire of a list that is said once, and alone."""
    told = _streamed(teller)
    assert told is not None
    assert list(told) == ["fired"]
    assert _streamed(teller) is None
    fire: dict[str, Any] = told["fired"][0]
    return fire
