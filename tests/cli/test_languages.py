"""What argparse says of its own is in the person's language, too."""

import subprocess
import sys

import pytest


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "vcam", *command],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"LANG": "de_DE.UTF-8", "PYTHONUTF8": "1", "HOME": "/nowhere", "COLUMNS": "80"},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names its language elsewhere")
def test_help_is_german() -> None:
    """The headings and the line on --help, which argparse writes."""
    lines = _run("bind", "--help").stdout.splitlines()
    assert lines[0].startswith("Aufruf: vcam bind")
    assert {"Angaben:", "Optionen:"} <= {*lines}
    assert "  -h, --help            diese Hilfe zeigen" in lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names its language elsewhere")
@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("bimd",), "unbekannt: 'bimd'"),
        (("bimd",), "meintest du bind?"),
        (("run", "--camer", "x"), "unbekannte Angaben: --camer x - meintest du --camera?"),
        (("run", "--duration"), "--duration: hier fehlt ein Wert"),
    ],
)
def test_mistakes_are_reported_in_german(command: tuple[str, ...], says: str) -> None:
    """One sentence, with what was likely meant, and exit code 2."""
    ended = _run(*command)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
