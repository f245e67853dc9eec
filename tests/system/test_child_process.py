"""Parts of the program that run in a process of their own, from pip and frozen."""

import subprocess
import sys
from pathlib import Path

import pytest

from vcam.system.child_process import CHILD, child_command, child_environment, run_child


def test_python_starts_the_module() -> None:
    """Where there is a Python, it starts the module, and never one of the current folder."""
    assert child_command("guardian") == [
        sys.executable,
        "-P",
        "-m",
        "vcam.actions.keyboard.guardian",
    ]


def test_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen program has no Python beside it: it starts itself with the hidden word."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/vcam/vcam")
    command = child_command("guardian", "pynput")
    assert command == ["/opt/vcam/vcam", CHILD, "guardian", "pynput"]


def test_only_known_children_start() -> None:
    """No other module can be started by a name from outside."""
    with pytest.raises(KeyError):
        child_command("os")
    for words in ([], ["run"], [CHILD], [CHILD, "os"], ["guardian", CHILD]):
        assert run_child(words) is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a desktop")
@pytest.mark.parametrize("hidden", [False, True])
def test_guardian_starts_either_way(hidden: bool, tmp_path: Path) -> None:
    """From any folder, the module and the hidden word both start the guardian itself."""
    command = child_command("guardian", "pynput")
    if hidden:
        command = [sys.executable, "-P", "-m", "vcam", CHILD, "guardian", "pynput"]
    done = subprocess.run(
        command,
        input=b"",
        cwd=tmp_path,
        env=child_environment() | {"DISPLAY": ":none"},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")  # there is no desktop to let go of keys on
    assert b"Traceback" not in done.stderr
    assert b"pynput does not start" in done.stderr
