"""`vcam` alone: what it says to do next."""

from pathlib import Path

from vcam.cli.what_next import next_step
from vcam.core.check_result import CheckResult
from vcam.settings import Settings

FINE = CheckResult("camera", "ok", "It is there.")
GONE = CheckResult("virtual camera", "fail", "No driver.", "sudo apt install it")


def _broken(_: Settings) -> list[CheckResult]:
    raise ZeroDivisionError("oops")


def test_the_first_thing_that_fails() -> None:
    """What is missing first is named; where all is there, the panel is next."""
    both = [("virtual camera", lambda _: [GONE]), ("camera", lambda _: [FINE])]
    assert next_step(both) == "Next: `vcam doctor`. The virtual camera is not ready: No driver."
    assert next_step(both[1:]).startswith("Next: `vcam panel`")
    assert "oops" in next_step([("camera", _broken)])


def test_bad_settings_come_first(settings_file: Path) -> None:
    """A mistake in the settings is the first thing to fix, and is named with its line."""
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text("\nprofle = 'zoom'", encoding="utf-8")
    assert "line 2" in next_step([])
