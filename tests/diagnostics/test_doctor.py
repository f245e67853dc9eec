"""`vcam doctor` and what it says about the machine."""

import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from vcam.cli.main import main
from vcam.core.check_result import CheckResult
from vcam.diagnostics import doctor, machine
from vcam.errors import CameraError
from vcam.settings import Settings

FINE = CheckResult("camera", "ok", "Webcam [HD] gives 1280x720 pictures.")
WARNING = CheckResult("display", "warn", "There is none.", "Start a desktop.")
FAILURE = CheckResult("virtual camera", "fail", "No driver.", "sudo modprobe v4l2loopback")


def _crash(_: Settings) -> CheckResult:
    raise ZeroDivisionError("oops")


def _mistake(_: Settings) -> CheckResult:
    raise CameraError("The camera is busy.")


@pytest.mark.parametrize(
    ("findings", "code"),
    [([FINE], 0), ([FINE, WARNING], 0), ([FINE, WARNING, FAILURE], 1)],
)
def test_json(
    findings: list[CheckResult],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The JSON has its promised shape, and only `fail` makes the exit code 1."""
    monkeypatch.setattr(doctor, "CHECKS", {"all": lambda _: findings})
    assert main(["doctor", "--json"]) == code
    table = json.loads(capsys.readouterr().out)
    assert table["ok"] is (code == 0)
    assert table["findings"][0]["name"] == "settings"
    assert table["findings"][1:] == [
        {"name": each.name, "status": each.status, "text": each.text, "remedy": each.remedy}
        for each in findings
    ]


def test_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table shows every finding as it is written, each remedy below it, and a last word."""
    monkeypatch.setattr(doctor, "CHECKS", {"a": lambda _: FINE, "b": lambda _: FAILURE})
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "Webcam [HD] gives" in said
    assert "     sudo modprobe v4l2loopback\n" in said
    assert "1 of 3 checks failed" in said


def test_crash_becomes_a_finding() -> None:
    """A check that breaks, or complains, is one failed line, and the others go on."""
    checks: dict[str, doctor.Check] = {"a": _crash, "b": _mistake, "c": lambda _: FINE}
    found = doctor.examine(None, checks)
    assert [each.status for each in found] == ["ok", "fail", "fail", "ok"]
    assert "ZeroDivisionError: oops" in found[1].text
    assert found[2].text == "The camera is busy."


def test_bad_settings_are_a_finding(settings_file: Path) -> None:
    """A bad settings file fails with its line, and the other checks run with the defaults."""
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text("\nwidth = 3", encoding="utf-8")
    seen: list[Settings] = []

    def check(settings: Settings) -> CheckResult:
        seen.append(settings)
        return FINE

    found = doctor.examine(None, {"camera": check})
    assert found[0].status == "fail"
    assert "line 2" in found[0].text
    assert seen == [Settings()]


def test_says_what_the_app_needs(settings_file: Path) -> None:
    """With a shipped profile in use the doctor repeats what to switch on in the app."""
    settings_file.parent.mkdir(parents=True)
    settings_file.write_text("profile = 'zoom'", encoding="utf-8")
    found = doctor.examine(None, {"profile": doctor.CHECKS["profile"]})
    assert "Enable Global Shortcut" in found[1].text


class _Version(NamedTuple):
    major: int
    minor: int


def test_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python below 3.11 fails."""
    assert machine.check_python().status == "ok"
    monkeypatch.setattr(sys, "version_info", _Version(3, 10))
    assert machine.check_python().status == "fail"


def test_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The speed is measured on this machine; a slow one is a warning with a remedy."""
    assert "GFLOPS" in machine.check_cpu().text
    monkeypatch.setattr(machine, "_gflops", lambda: 1.0)
    assert machine.check_cpu().status == "warn"
    assert "rate_hz" in (machine.check_cpu().remedy or "")


def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little space is a warning."""
    monkeypatch.setattr(machine, "LITTLE_DISK", 0)
    assert machine.check_disk(tmp_path).status == "ok"
    monkeypatch.setattr(machine, "LITTLE_DISK", 10**18)
    assert machine.check_disk(tmp_path).status == "warn"
