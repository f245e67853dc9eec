"""What the smoke test of built programs forgives: one page fault of Wine's, and nothing else."""

import runpy
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SMOKE = Path(__file__).parents[1] / "packaging" / "smoke_test.py"
FAULT = 0xC0000005

Run = Callable[[], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Run]]:
    """Return what makes a run whose programs end with these codes, one after the other."""

    def make(*codes: int, wine: bool) -> Run:
        module: dict[str, Any] = runpy.run_path(str(SMOKE))
        names = module["run_program"].__globals__
        names["is_wine"], names["_crash_log"] = lambda: wine, lambda: "Fatal: access violation"
        left = list(codes)
        monkeypatch.setattr("sys.platform", "win32")
        monkeypatch.setattr(
            subprocess,
            "run",
            lambda *_, **__: subprocess.CompletedProcess([], left.pop(0), "said", ""),
        )
        return lambda: module["run_program"](["vcam.exe"], "doctor")

    yield make
    monkeypatch.undo()


def test_a_fault_of_wine_is_reported_and_tried_once_more(
    ends: Callable[..., Run], capsys: pytest.CaptureFixture[str]
) -> None:
    """The second run counts, and what the crash log says of the first is printed."""
    assert ends(FAULT, 0, wine=True)().returncode == 0
    assert "access violation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("codes", "wine"),
    [((FAULT, FAULT), True), ((FAULT, 1), True), ((FAULT, 0), False), ((1, 0), True)],
)
def test_nothing_else_is_forgiven(
    codes: tuple[int, ...], wine: bool, ends: Callable[..., Run]
) -> None:
    """Two faults, a fault on real Windows, and any other exit code are failures."""
    with pytest.raises(SystemExit, match="smoke test"):
        ends(*codes, wine=wine)()
