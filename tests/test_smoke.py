"""The smoke test of built programs: what it forgives of Wine, and that a silent program ends it."""

import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMOKE = Path(__file__).parents[1] / "packaging" / "smoke_test.py"
FAULT = 0xC0000005
WINES = r"""Windows fatal exception: access violation

Current thread 0x00000458 (most recent call first):
  File "cv2_enumerate_cameras\windows_backend.py", line 27 in cameras_generator
  File "vcam\camera\windows_devices.py", line 72 in ask

Thread 0x0000043c (most recent call first):
  File "threading.py", line 1139 in _wait_for_tstate_lock
"""
OURS = r"""Windows fatal exception: access violation

Thread 0x0000043c (most recent call first):
  File "cv2_enumerate_cameras\windows_backend.py", line 27 in cameras_generator

Current thread 0x00000458 (most recent call first):
  File "vcam\actions\microphone\windows.py", line 150 in muted
"""


def _run(
    codes: list[int], log: str, patch: pytest.MonkeyPatch, *, wine: bool = True
) -> "subprocess.CompletedProcess[str]":
    """Run a command of the program, which ends with these codes, one after the other."""
    run: Any = runpy.run_path(str(SMOKE))["run_program"]
    patch.setitem(run.__globals__, "is_wine", lambda: wine)
    patch.setitem(run.__globals__, "_crash_log", lambda: log)
    patch.setattr(
        subprocess,
        "run",
        lambda *_, **__: subprocess.CompletedProcess([], codes.pop(0), b"said", b""),
    )
    done: subprocess.CompletedProcess[str] = run(["vcam.exe"], "doctor")
    return done


def test_the_fault_of_wine_is_reported_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last run counts, and the crash log of each before it is printed."""
    assert _run([FAULT, FAULT, 0], WINES, monkeypatch).returncode == 0
    assert capsys.readouterr().out.count("access violation") == 2


@pytest.mark.parametrize(
    ("codes", "log", "wine"),
    [
        ([FAULT, 0], OURS, True),
        ([FAULT, 0], "", True),
        ([FAULT, 0], WINES, False),
        ([FAULT] * 5 + [0], WINES, True),
        ([FAULT, 1, 0], WINES, True),
        ([1, 0], WINES, True),
    ],
)
def test_nothing_else_is_forgiven(
    codes: list[int], log: str, wine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault elsewhere, on Windows or without end, and every other exit code are failures."""
    with pytest.raises(SystemExit, match="smoke test"):
        _run(codes, log, monkeypatch, wine=wine)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_either_encoding_is_read(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen program writes into a pipe by the country's code page on Windows."""
    monkeypatch.setattr("locale.getpreferredencoding", lambda *_: "cp1252")
    text: Callable[[bytes], str] = runpy.run_path(str(SMOKE))["_text"]
    assert text("Schließe eine an".encode(encoding)) == "Schließe eine an"


@pytest.mark.parametrize("does", ["time.sleep(60)", "print('no panel here')"])
def test_a_program_without_a_panel_is_not_waited_for(does: str) -> None:
    """Whether it hangs without a word or ends, the smoke test ends in a sentence."""
    module: dict[str, Any] = runpy.run_path(str(SMOKE))
    module["find_address"].__globals__["PANEL_S"] = 0.5
    code = f"import time; {does}"
    with (
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as silent,
        pytest.raises(SystemExit, match="the panel does not come up"),
    ):
        module["find_address"](silent)
