"""The program as a person starts it: in a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.rigs.program_process import program_environment, wait_until_it_records
from vcam.camera.open import DEMO_CLIP
from vcam.system.image_files import open_film, write_image

TRUTH = DEMO_CLIP.with_suffix(".json")


def _vcam(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vcam", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=110,
        env=program_environment(),
        check=False,
    )


def _events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what `vcam run` makes of the demo clip."""
    folder = tmp_path_factory.mktemp("played")
    arguments = ("--camera", "demo", "--output", "out.mp4", "--events", "events.jsonl")
    done = _vcam("run", *arguments, "--speed", "max", "--dry-run", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_demo_fires_what_the_clip_shows(played: Path) -> None:
    """Each gesture that the clip holds up fires once, on the right hand; nothing else fires."""
    truth = [(hold["gesture"], hold["hand"]) for hold in json.loads(TRUTH.read_text())]
    fired = [event for event in _events(played / "events.jsonl") if event["phase"] == "fire"]
    assert [(event["gesture"], event["hand"]) for event in fired] == truth
    assert len(fired) >= 6


def test_demo_fires_while_the_gesture_is_shown(played: Path) -> None:
    """Every fire lies within the time in which the clip holds its gesture."""
    fired = [event for event in _events(played / "events.jsonl") if event["phase"] == "fire"]
    for event, hold in zip(fired, json.loads(TRUTH.read_text()), strict=True):
        assert hold["start"] + 0.5 <= event["t"] <= hold["end"] + 0.2


def test_events_keep_their_contract(played: Path) -> None:
    """Each event line has the promised keys, and every begin is closed."""
    events = _events(played / "events.jsonl")
    keys = {"t", "phase", "gesture", "hand", "track", "action", "box"}
    reported = {"outcome", "reason"}  # what came of an action, on the line of its fire alone
    assert all(
        set(event) - reported - {"why"} == keys and len(event["box"]) == 4 for event in events
    )
    assert {event["phase"] for event in events if reported & set(event)} <= {"fire"}
    assert {event["phase"] for event in events if "why" in event} <= {"fire", "cancel"}
    phases = [event["phase"] for event in events]
    assert phases.count("begin") == phases.count("fire") + phases.count("cancel")
    assert phases.count("fire") == phases.count("end")


def test_video_is_whole(played: Path) -> None:
    """The written video has the clip's size and length, and something drawn on it."""
    made, clip = open_film(played / "out.mp4"), open_film(DEMO_CLIP)
    assert made.get(cv2.CAP_PROP_FRAME_COUNT) == pytest.approx(
        clip.get(cv2.CAP_PROP_FRAME_COUNT), abs=2
    )
    middle = json.loads(TRUTH.read_text())[0]
    moment = 1000 * (middle["start"] + middle["end"]) / 2
    frames = []
    for video in (made, clip):
        video.set(cv2.CAP_PROP_POS_MSEC, moment)
        frames.append(video.read()[1])
        video.release()
    assert frames[0].shape == frames[1].shape
    assert np.abs(frames[0].astype(int) - frames[1]).max() > 100


def test_recognize_lines(played: Path, tmp_path: Path) -> None:
    """`recognize --json` gives one line a picture; unreadable ones are reported, the rest go on."""
    video = open_film(DEMO_CLIP)
    middle = json.loads(TRUTH.read_text())[0]
    video.set(cv2.CAP_PROP_POS_MSEC, 500 * (middle["start"] + middle["end"]))
    write_image(tmp_path / "hand.png", video.read()[1])
    video.release()
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    write_image(tmp_path / "dot.png", np.zeros((1, 1, 3), np.uint8))
    done = _vcam("recognize", tmp_path, "--json", "--annotate", tmp_path / "marked", cwd=tmp_path)
    assert done.returncode == 2
    assert "broken.jpg" in done.stderr
    assert "Traceback" not in done.stderr
    lines = {Path(x["path"]).name: x for x in map(json.loads, done.stdout.splitlines())}
    assert set(lines) == {"hand.png", "dot.png"}
    assert [hand["gesture"] for hand in lines["hand.png"]["hands"]] == [middle["gesture"]]
    assert lines["hand.png"]["hands"][0]["leading_hand"] == middle["hand"]
    assert set(lines["hand.png"]["ms"]) == {"detect", "classify"}
    assert (tmp_path / "marked" / "hand.png").is_file()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_a_playable_file(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end it in order: exit 0, and the video plays."""
    arguments = ["run", "--camera", "demo", "--output", "out.mp4", "--dry-run"]
    command = [sys.executable, "-m", "vcam", *arguments]
    with subprocess.Popen(command, cwd=tmp_path, env=program_environment()) as running:
        wait_until_it_records(tmp_path)
        running.send_signal(number)
        assert running.wait(60) == 0
    video = open_film(tmp_path / "out.mp4")
    assert video.read()[0]
    video.release()


BAD: list[tuple[list[str], str]] = [
    (["--camera", "nowhere.mp4"], "nowhere.mp4"),
    (["--camera", "demo", "--output", "window"], "screen"),
    (["--camera", "demo", "--output", "no/such/folder/out.mp4"], "no/such/folder"),
    (["--camera", "demo", "--output", "hologram"], "hologram"),
    (["--camera", "demo", "--config", "missing.toml"], "missing.toml"),
    (["--camera", "demo", "--config", "bad.toml"], "line 2"),
    (["--camera", "demo", "--profile", "zom"], "zoom"),
    (["--camera", "demo", "--classifier", "nothing.onnx"], "nothing.onnx"),
    (["--camera", "demo", "--classifier", "bad.toml"], "bad.toml"),
    (["--camera", "demo", "--events", "no/such/folder/e.jsonl"], "no/such/folder"),
    (["--camera", "empty.mp4"], "empty.mp4"),
    (["--camera", "demo", "--duration", "-1"], "duration"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda value: str(value)[:40])
def test_mistakes_end_in_one_sentence(tmp_path: Path, arguments: list[str], named: str) -> None:
    """Each mistake of a person's ends with exit 2 and a sentence that names it."""
    (tmp_path / "bad.toml").write_text("[gestures]\nhold_sm = 600\n")
    (tmp_path / "empty.mp4").touch()
    outputs = [] if "--output" in arguments else ["--output", "null"]
    command = [sys.executable, "-m", "vcam", "run", *arguments, *outputs]
    environment = {k: v for k, v in program_environment().items() if "DISPLAY" not in k}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
