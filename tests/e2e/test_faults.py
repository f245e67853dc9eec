"""Parts break while the program runs: the call continues, the person is told, and all comes back.

`python -m benchmarks.soak` does the same at random for half an hour.
"""

import json
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import vcam.app.app
from tests.rigs.machine import feed, metronome, starve
from tests.rigs.program import BOUND, Seen, Stage, staged
from tests.rigs.program_process import program_environment
from vcam.actions.action import Action
from vcam.actions.keyboard.held_keys import Owner
from vcam.actions.program_controls import Controls
from vcam.actions.worker import ActionWorker
from vcam.app.app import App, RunOptions
from vcam.core.event import Event
from vcam.output.mp4_file import Mp4File
from vcam.system.clock import SystemClock
from vcam.vision.models.bundled import shipped_model

WORST_GAP_S = 0.2
Usage = namedtuple("Usage", "total used free")


def _suffer(stage: Stage, part: str, mode: str, seconds: float = 2.2) -> Seen:
    """Break a part for a while; return what the consumer saw, and check that nothing stopped.

    Gaps between images are measured: who calls this runs alone.
    """
    stage.consumer.take()
    with metronome() as worst:
        getattr(stage, part).mode = mode
        time.sleep(seconds)
        getattr(stage, part).mode = "good"
        seen = stage.consumer.take()
        assert max(seen.gaps) < WORST_GAP_S + worst()
    assert seen.torn == 0
    assert seen.backwards == 0
    return seen


@pytest.mark.logs_errors
@pytest.mark.parametrize("mode", ["gone", "frozen", "rubbish", "empty"])
@pytest.mark.alone
def test_camera_that_fails(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    mode: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera that is gone, frozen or gives rubbish is covered by a card, and comes back."""
    with staged(monkeypatch, tmp_path) as stage:
        assert _suffer(stage, "camera", mode).other > 10
        assert stage.healthy()
    assert mode == "frozen" or "camera" in caplog.text


@pytest.mark.parametrize("mode", ["small", "half"])
@pytest.mark.alone
def test_camera_of_another_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str) -> None:
    """Frames of another size, and half frames, keep the size of the call."""
    with staged(monkeypatch, tmp_path) as stage:
        assert _suffer(stage, "camera", mode, 0.7).other > 5
        assert stage.healthy()


@pytest.mark.logs_errors
@pytest.mark.parametrize("mode", ["raises", "hangs"])
@pytest.mark.alone
def test_recognition_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str) -> None:
    """While recognition raises or hangs the call continues, the person is warned, it recovers."""
    with staged(monkeypatch, tmp_path, "witness") as stage:
        seen = _suffer(stage, "models", mode, 3.0)
        assert stage.witness.banners > 10
        assert seen.banners == 0
        assert seen.live > 30
        assert stage.healthy()


@pytest.mark.parametrize("mode", ["nan", "nan boxes"])
@pytest.mark.alone
def test_models_that_give_no_numbers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    """What is not a number never acts, and leaves nothing behind in what is remembered."""
    with staged(monkeypatch, tmp_path) as stage:
        stage.models.mode = mode
        time.sleep(0.3)
        stage.events.clear()
        assert _suffer(stage, "models", mode, 3.0).live > 30
        assert [event for event in stage.events if event.phase == "fire"] == []
        assert stage.healthy()


@pytest.mark.alone
def test_crowd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A hundred hands in the picture do not slow it down."""
    with staged(monkeypatch, tmp_path) as stage:
        assert _suffer(stage, "models", "crowd").live > 20
        assert stage.healthy()


def test_settings_edited_to_nonsense(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nonsense in the settings is reported and changes nothing; the good file is taken again."""
    settings = tmp_path / "settings.toml"
    with staged(monkeypatch, tmp_path) as stage:
        refused = set[str]()

        def has_refused(count: int) -> bool:
            toast = stage.app.toast or ""  # or what a gesture would have done
            refused.update([toast] if "stay as they were" in toast else [])
            return len(refused) == count

        nonsense = (b"\xff\xfe\0", b"profile = [", b"[gestures]\nhold_ms = 1e999\n")
        for count, content in enumerate(nonsense, 1):
            settings.write_bytes(content)
            assert stage.wait(partial(has_refused, count), 6)
        settings.unlink()
        time.sleep(1)
        settings.write_text(BOUND.replace("mic.mute", "overlay.toggle"))
        assert stage.wait(lambda: "Settings reloaded" in (stage.app.toast or ""), 6)
        assert stage.healthy()
        assert stage.wait(lambda: stage.events[-1].action == "overlay.toggle", 6)


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_clock_that_jumps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jump: float) -> None:
    """A camera whose time jumps by an hour, either way, is followed on from there."""
    with staged(monkeypatch, tmp_path) as stage:
        stage.camera.jump = jump
        time.sleep(0.5)
        assert stage.healthy()


@pytest.mark.alone
def test_memory_that_runs_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A running program needs no more memory than it has: the picture and recognition go on."""
    with staged(monkeypatch, tmp_path) as stage:
        time.sleep(1)
        starve()
        try:
            with pytest.raises(MemoryError):
                np.empty(1 << 28, np.uint8)
            assert _suffer(stage, "models", "good", 3.0).live > 60
            assert stage.healthy()
        finally:
            feed()


class Stuck:
    """A performer that never comes back from its first action, as a hung sound server."""

    holds_keys = False

    def perform(self, action: Action, owner: Owner) -> None:
        """Hang for longer than the test."""
        time.sleep(8)

    def let_go(self, owner: Owner) -> None:
        """Hold nothing."""

    def beat(self) -> None:
        """Hold nothing."""

    def prepare_keys(self) -> None:
        """Nothing is asked."""

    def release_all(self) -> None:
        """Hold nothing."""

    def close(self) -> None:
        """Have nothing to give back."""


@pytest.mark.alone
def test_action_that_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An action that does not come back holds up neither the picture nor recognition."""

    def open_worker(controls: Controls, **_: object) -> ActionWorker:
        return ActionWorker(Stuck(), controls, SystemClock())

    monkeypatch.setattr(vcam.app.app, "open_worker", open_worker)
    with staged(monkeypatch, tmp_path) as stage:
        assert stage.wait(lambda: any(e.phase == "fire" for e in stage.events), 6)
        assert _suffer(stage, "models", "good", 1.5).live > 20
        assert stage.healthy()


def test_disk_that_fills_up_under_a_recording(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A full disk ends the recording, which plays; the call continues and the person is told."""
    film = tmp_path / "film.mp4"
    with staged(monkeypatch, tmp_path, str(film)) as stage:
        time.sleep(1)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 1))
        assert stage.wait(lambda: "disk is full" in (stage.app.toast or ""), 6)
        assert stage.wait(film.is_file, 3)
        assert stage.healthy()


@pytest.mark.alone
def test_disk_that_is_slow_under_a_recording(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A disk that takes half a second for a picture costs the recording, never the call."""
    write = Mp4File._write

    def slowly(self: Mp4File, image: object) -> None:
        time.sleep(0.5)
        write(self, image)  # type: ignore[arg-type]  # passed on

    with staged(monkeypatch, tmp_path, str(tmp_path / "film.mp4")) as stage:
        monkeypatch.setattr(Mp4File, "_write", slowly)
        assert _suffer(stage, "models", "good").live > 30
        monkeypatch.setattr(Mp4File, "_write", lambda *_: None)
        assert stage.healthy()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_events_on_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Events that cannot be written are reported once; recognition and actions go on."""
    with staged(monkeypatch, tmp_path, events=Path("/dev/full")) as stage:
        said = lambda: "Events are not written any more" in (stage.app.toast or "")  # noqa: E731  # one line
        assert stage.wait(said, 8)
        assert stage.healthy()


def test_model_replaced_by_garbage(tmp_path: Path) -> None:
    """A model file that is overwritten while the program runs changes nothing in that run."""
    shipped = shipped_model("classify")
    for suffix in (".onnx", ".json"):
        shutil.copy(shipped.with_suffix(suffix), tmp_path / f"own{suffix}")
    fired: list[str] = []
    broken = tmp_path / "own.onnx"
    options = RunOptions(
        camera="demo", outputs=("null",), classifier=broken, dry_run=True, duration_s=30
    )

    def hear(event: Event) -> None:
        fired.append(event.phase)
        if event.phase == "fire":
            app.stop()

    app = App(options, [hear])
    broken.write_bytes(b"garbage" * 1000)
    app.run()
    assert "fire" in fired


def test_terminal_that_goes_away(tmp_path: Path) -> None:
    """A closed pipe behind the printed events, as with `| head -1`, does not end recognition."""
    command = [sys.executable, "-m", "vcam", "run", "--camera", "demo", "--speed", "max"]
    options = ["--output", "null", "--events", "events.jsonl", "--dry-run"]
    with subprocess.Popen(
        [*command, *options],
        cwd=tmp_path,
        env=program_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
        assert running.wait(100) == 0, said
    assert "Traceback" not in said
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    assert sum(json.loads(line)["phase"] == "fire" for line in lines) >= 6


STUCK = """
import sys, threading, time
import vcam.app.app
from vcam.cli.main import main
from vcam.vision.recognizer import Recognizer
Recognizer.recognize = lambda self, image: time.sleep(60)
sys.argv[1:] = ["run", "--camera", "demo", "--output", "null", "--dry-run", "--duration", "1"]
main()
print("unreachable")
"""


def test_end_while_recognition_hangs(tmp_path: Path) -> None:
    """With recognition that never answers, the program still ends in order, and within seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", STUCK],
        cwd=tmp_path,
        env=program_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert time.perf_counter() - began < 20
