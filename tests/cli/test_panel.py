"""A second `vcam panel`, and which of both gets a tray."""

from collections.abc import Iterator

import pytest

from vcam.app import single_instance
from vcam.app.single_instance import SingleInstance, claim
from vcam.cli import panel
from vcam.cli.main import main
from vcam.tray import icon_process

ADDRESS = "http://127.0.0.1:7/token/"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return which addresses a browser was told to open."""
    addresses: list[str] = []
    monkeypatch.setattr(panel, "open_in_browser", lambda at, **_: addresses.append(at))
    monkeypatch.setattr(single_instance, "_answers", lambda address: address == ADDRESS)
    return addresses


@pytest.fixture
def first(opened: list[str]) -> Iterator[SingleInstance]:
    """Be the program that runs already."""
    held = claim()
    assert held is not None
    with held:
        held.announce(ADDRESS)
        yield held


@pytest.mark.usefixtures("first")
def test_a_second_start_opens_the_panel_of_the_first(
    opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so, opens that panel, and ends well."""
    assert main(["panel"]) == 0
    assert opened == [ADDRESS]
    reported = capsys.readouterr()
    assert reported.out.splitlines()[-1] == f"control panel: {ADDRESS}"
    assert reported.err == ""


@pytest.mark.usefixtures("first")
def test_what_a_second_start_cannot_do_is_said(
    opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Options that would need another program are named, and no browser opens unasked."""
    assert main(["panel", "--no-browser", "--dry-run", "--camera", "demo"]) == 0
    assert opened == []
    assert "--camera, --dry-run not used" in capsys.readouterr().err


@pytest.mark.usefixtures("first")
def test_a_first_that_hangs_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the panel that is written down does not answer, one sentence says what to do."""
    monkeypatch.setattr(single_instance, "_answers", lambda _: False)
    monkeypatch.setattr(single_instance, "STARTING_S", 0.0)
    assert main(["panel"]) == 2
    assert "end it, and start again" in capsys.readouterr().err


def test_a_tray_that_cannot_be_is_an_error_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--tray` on a machine without one says what is missing, and holds nothing back afterwards."""
    monkeypatch.setattr(icon_process, "why_no_icon", lambda: "The tray needs a desktop.")
    assert main(["panel", "--tray", "--no-browser"]) == 2
    assert capsys.readouterr().err == "vcam: The tray needs a desktop.\n"
    free = claim()
    assert free is not None
    free.close()
