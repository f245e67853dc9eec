"""What cannot be carried out here is told when it is bound."""

import subprocess
import sys

import pytest

from tests.fakes.keyboard import FakeKeyboard
from tests.fakes.microphone import FakeMicrophone
from tests.rigs.xvfb import display
from vcam.actions import feasible
from vcam.actions.check import check_keys
from vcam.actions.feasible import why_not_here
from vcam.errors import ActionError

FULL = ["key:f13", "hold:ctrl+f14", "key:a", "mic.mute", "video.blank"]


def test_missing_keys_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each action whose key the keyboard lacks has its reason; the others are not mentioned."""
    keyboard = FakeKeyboard(missing=["f13", "f14"])
    monkeypatch.setattr(feasible, "open_keyboard", lambda: keyboard)
    monkeypatch.setattr(feasible, "open_microphone", FakeMicrophone)
    assert why_not_here(FULL) == {
        "key:f13": "this keyboard has no key 'f13'",
        "hold:ctrl+f14": "this keyboard has no key 'f14'",
    }
    assert keyboard.log == []


def test_without_keyboard_or_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be pressed or muted, every such action says so."""

    def refuse() -> FakeKeyboard:
        raise ActionError("no display")

    monkeypatch.setattr(feasible, "open_keyboard", refuse)
    monkeypatch.setattr(feasible, "open_microphone", lambda: FakeMicrophone(broken=True))
    assert why_not_here(["key:a", "mic.mute", "pause"]) == {
        "key:a": "no display",
        "mic.mute": "the microphone is gone",
    }


def test_the_doctor_asks_for_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A binding that can never work is a warning, and not `keys ok`."""
    monkeypatch.setattr("vcam.actions.check.try_keyboards", lambda: (FakeKeyboard(["f13"]), ""))
    findings = [finding for finding in check_keys(FULL) if finding.name == "keys"]
    assert [finding.status for finding in findings] == ["warn"]
    assert "key:f13 will not be done" in findings[0].text


SHIPPED = """
from vcam.actions.feasible import why_not_here
from vcam.settings.app_profiles import shipped_profiles
for name, profile in shipped_profiles("linux").items():
    actions = [each.action for each in profile.bindings if not each.action.startswith("mic")]
    print(name, why_not_here(actions))
"""


def test_shipped_profiles_work_on_a_plain_linux_desktop() -> None:
    """Every key of every profile for Linux is on an ordinary keyboard."""
    with display() as desktop:
        done = subprocess.run(
            [sys.executable, "-c", SHIPPED],
            env=desktop,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    lines = done.stdout.splitlines()
    assert len(lines) >= 7
    assert [line for line in lines if not line.endswith(" {}")] == []
