"""The benchmark of false fires: what it reads, counts, and draws; no model is needed."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.false_fires.clips import Clip, read_clips
from benchmarks.false_fires.contact_sheet import save_sheet
from benchmarks.false_fires.intervals import poisson_interval, share_interval
from benchmarks.false_fires.plain_hold import PlainHold, Seen
from benchmarks.false_fires.programs import Fire, other_program, read_fires
from benchmarks.false_fires.tally import Tally
from tests.rigs.clips import write_video

BOX = (10.0, 20.0, 60.0, 90.0)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Return a video of two seconds, whose file name tells its kind."""
    return write_video(tmp_path / "talk_1.mp4", count=20, fps=10, size=(160, 120))


@pytest.mark.parametrize(
    ("count", "interval"), [(0, (0.0, 3.689)), (1, (0.0253, 5.572)), (10, (4.795, 18.390))]
)
def test_the_interval_of_a_count_is_the_exact_one(
    count: int, interval: tuple[float, float]
) -> None:
    """The limits are those of the published tables."""
    assert poisson_interval(count) == pytest.approx(interval, abs=2e-3)


def test_the_interval_of_a_share() -> None:
    """34 of 38 is 76 to 96 %; of nothing, anything is possible."""
    assert share_interval(34, 38) == pytest.approx((0.759, 0.958), abs=2e-3)
    assert share_interval(0, 0) == (0.0, 1.0)


def test_clips_and_their_table(tmp_path: Path) -> None:
    """The table says what is meant; a clip without a row belongs to the kind in its name."""
    for name in ("held_a.mp4", "held_b.mp4", "talk_c.mkv", "notes.txt", "x.mov"):
        (tmp_path / name).touch()
    table = tmp_path / "clips.csv"
    table.write_text("file,expect,kind\nheld_a.mp4,stop|palm,\nheld_b.mp4,,\nx.mov,,signing\n")
    reported = [
        (clip.path.name, clip.kind, sorted(clip.expected)) for clip in read_clips(tmp_path, table)
    ]
    assert reported == [
        ("held_a.mp4", "held", ["palm", "stop"]),
        ("held_b.mp4", "held, none of ours", []),
        ("talk_c.mkv", "talk", []),
        ("x.mov", "signing", []),
    ]


def test_only_fires_count_and_other_lines_are_skipped() -> None:
    """Of all lines that a program prints, the fires are read."""
    lines = ["loading", *(json.dumps(_event(phase)) for phase in ("begin", "fire", "end"))]
    assert read_fires(lines) == [Fire(1.5, "stop", BOX, "mic.mute")]


def _event(phase: str) -> dict[str, object]:
    return {"t": 1.5, "phase": phase, "gesture": "stop", "action": "mic.mute", "box": BOX}


def test_any_program_is_evaluated(video: Path, tmp_path: Path) -> None:
    """A program gets the clip as an argument; one that fails ends the benchmark with its words."""
    script = tmp_path / "program.py"
    script.write_text(
        f"import sys\nassert sys.argv[1].endswith('.mp4')\nprint({json.dumps(_event('fire'))!r})"
    )
    fires, seconds = other_program(f"'{sys.executable}' '{script}' {{clip}}")(video)
    assert [fire.gesture for fire in fires] == ["stop"]
    assert seconds == pytest.approx(1.9, abs=0.11)
    with pytest.raises(SystemExit, match="AssertionError"):
        other_program(f"'{sys.executable}' '{script}' nothing")(video)


def test_a_tally_tells_rates_with_their_intervals(tmp_path: Path) -> None:
    """Fires that are meant are no false ones, but must come once and alone."""
    tally, meant = Tally(), Clip(tmp_path / "held_a.mp4", "held", frozenset({"stop"}))
    stop, like = Fire(1.0, "stop", BOX), Fire(2.0, "like", BOX)
    assert tally.add(meant, [stop], 100.0) == []
    assert tally.add(meant, [stop, like], 100.0) == [like]
    assert tally.add(meant, [stop, stop], 100.0) == []
    assert (tally.meant, tally.right) == (3, 1)
    assert "1 false in 300 s, 2.0 in ten minutes (0.1 to 11.1): 1 like" in str(tally)


def test_a_sheet_shows_each_false_fire(video: Path, tmp_path: Path) -> None:
    """Each fire is a row of three frames; without one there is no sheet; a late one fits too."""
    clip = Clip(video, "talk")
    assert save_sheet(tmp_path / "sheets", clip, []) is None
    path = save_sheet(tmp_path / "sheets", clip, [Fire(0.2, "like", BOX), Fire(9.0, "stop", None)])
    assert path is not None
    assert path.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_a_plain_hold_fires_after_half_a_second_once(fps: int) -> None:
    """What baselines are given: half a second of one name, once until it is gone for a while."""
    hold, fired = PlainHold(), []
    for index in range(6 * fps):
        time = index / fps
        shown = [Seen("like", BOX)] if time < 2 or time >= 4 else []
        fired += [json.loads(line)["t"] for line in hold.update(shown, time)]
    assert fired == [pytest.approx(0.5, abs=0.11), pytest.approx(4.5, abs=0.11)]
