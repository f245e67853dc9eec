"""From a camera through the whole program into a call, at 1280x720 and 30 frames a second.

`.ci/e2e uml` starts a guest with a real v4l2loopback that is fast enough for it. A feeder plays the
camera and stamps each frame (see `stamps`); `vcam run` recognises and draws; consumers of four
kinds read "Gesture Cam" and check what they get.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.e2e.guest.feeder import NAME, SIZE, clip, index_of
from tests.e2e.guest.parts import PROMISED, calling, device_called, feeding, in_fast_guest
from tests.e2e.guest.readers import Observation, by_chromium, by_ffmpeg, by_opencv, by_v4l2_ctl
from tests.e2e.guest.stamps import BLOCK, Stamp, read_stamp, write_stamps
from vcam.core.frame import Image
from vcam.system.image_files import write_image

WARM_UP, COUNT = 45, 240
MIN_FPS = 27.0
TRIES = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """What a consumer must get, with one CPU for the camera, for us, and for the consumer."""

    fps: float = MIN_FPS
    median_ms: float = 40.0
    """What may be added to a frame's way."""
    p95_ms: float = 100.0


BROWSER = Bar(fps=12.0, median_ms=100.0, p95_ms=1000.0)
"""A browser takes most of that CPU for itself; what it gets must still be whole and in order."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a consumer saw over some seconds."""

    fps: float
    """Different frames a second."""
    torn: int
    """Frames whose top and bottom do not agree."""
    cards: int
    """Frames without a stamp: no picture had come for half a second."""
    backwards: int
    median_ms: float
    p95_ms: float


def evaluate(observations: list[Observation]) -> Verdict:
    """Check what came after the warm-up."""
    observations = observations[WARM_UP:]
    stamped = [s for s in observations if s.stamp is not None]
    numbers = [s.stamp.number for s in stamped if s.stamp is not None]
    ages = sorted(s.age_ms for s in stamped)
    return Verdict(
        fps=(len(set(numbers)) - 1) / (observations[-1].at_ms - observations[0].at_ms) * 1000,
        torn=sum(s.torn for s in observations),
        cards=sum(s.stamp is None and not s.torn for s in observations),
        backwards=sum(after < before for before, after in pairwise(numbers)),
        median_ms=statistics.median(ages),
        p95_ms=ages[int(0.95 * len(ages))],
    )


@pytest.fixture(scope="module")
def camera() -> Iterator[str]:
    """The path of a camera that is being fed."""
    with feeding():
        yield device_called(NAME)


@dataclass(frozen=True, slots=True)
class Direct:
    """What a consumer gets from the camera itself."""

    verdict: Verdict
    drawn: int
    """Pixels that are not the clip's."""


@pytest.fixture(scope="module")
def direct(camera: str) -> Direct:
    """Measure without our program; before it, since the driver of Debian 12 stops for all readers
    of a device when one of them ends.
    """
    verdict = evaluate(list(by_opencv(camera, WARM_UP + COUNT)))
    print(f"\nthe camera itself: {verdict}")
    return Direct(verdict, drawn(camera))


@pytest.fixture(scope="module")
def call(direct: Direct, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The path of the camera that `vcam run` gives to a call."""
    with calling(tmp_path_factory.mktemp("settings")):
        time.sleep(3)
        yield device_called(PROMISED)


@in_fast_guest
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("read", "bar"),
    [(by_v4l2_ctl, Bar()), (by_opencv, Bar()), (by_ffmpeg, Bar()), (by_chromium, BROWSER)],
)
def test_the_call_gets_every_frame_whole_and_soon(
    call: str, direct: Direct, read: Callable[[str, int], Iterator[Observation]], bar: Bar
) -> None:
    """No frame is torn and none goes back, ever; the rate is kept and little time is added, once.

    Of three tries: another program that takes the machine's core spoils a measurement of time.
    """
    assert direct.verdict.fps >= MIN_FPS, "the guest itself is too slow to say anything"
    for _ in range(TRIES):
        verdict = evaluate(list(read(call, WARM_UP + COUNT)))
        median_ms = verdict.median_ms - direct.verdict.median_ms
        p95_ms = verdict.p95_ms - direct.verdict.p95_ms
        print(f"\n{read.__name__}: {verdict}; added {median_ms:.0f} ms, p95 {p95_ms:.0f} ms")
        assert verdict.torn == 0
        assert verdict.backwards == 0
        kept = verdict.fps >= bar.fps and not verdict.cards
        if kept and median_ms <= bar.median_ms and p95_ms <= bar.p95_ms:
            return
    pytest.fail(f"too slow {TRIES} times, at last {verdict}, for {bar}")


def read_one(device: str) -> tuple[Image, int]:
    """Return one picture and its number."""
    capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
    try:
        for _ in range(WARM_UP):
            image = np.asarray(capture.read()[1], np.uint8)
    finally:
        capture.release()
    stamp = read_stamp(image[:, :, 1])
    assert stamp is not None
    return image, stamp.number


def drawn(device: str) -> int:
    """Count the pixels between the stamps that the clip does not have."""
    image, number = read_one(device)
    if Path("/mnt").is_dir():
        write_image(Path(f"/mnt/seen-{Path(device).name}.png"), image)
    difference = cv2.absdiff(image, clip()[index_of(number)])[BLOCK:-BLOCK].max(axis=2)
    return int((difference > 40).sum())


@in_fast_guest
@pytest.mark.timeout(200)
def test_the_overlay_is_in_the_call(call: str, direct: Direct) -> None:
    """The call shows a box on the hand; the camera's own picture is as it was."""
    assert direct.drawn < 50
    assert drawn(call) > 500


def test_the_name_is_the_one_promised() -> None:
    """What the guest calls our camera is what the README tells people to choose."""
    assert f'card_label="{PROMISED}"' in (Path(__file__).parents[3] / "README.md").read_text()


@pytest.mark.parametrize(
    ("number", "sent_ms"), list(product((0, 1, 65535), (0, 12345, (1 << 26) - 1)))
)
def test_a_stamp_is_read_back(number: int, sent_ms: int) -> None:
    """A stamp survives scaling down, a lossy picture and less contrast."""
    image = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    write_stamps(image, Stamp(number, sent_ms))
    packed = cv2.imencode(".jpg", cv2.convertScaleAbs(image, alpha=0.7, beta=40))[1]
    lossy = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    assert read_stamp(lossy) == Stamp(number, sent_ms)


def test_a_torn_frame_is_noticed() -> None:
    """A picture whose halves are of two frames has no stamp, nor has one without any."""
    images = [np.full((SIZE[1], SIZE[0], 3), 90, np.uint8) for _ in range(2)]
    for number, image in enumerate(images):
        write_stamps(image, Stamp(number, 1000 + number))
    torn = np.vstack([images[0][:360], images[1][360:]])
    assert read_stamp(torn[:, :, 1]) is None
    assert read_stamp(np.full((SIZE[1], SIZE[0]), 90, np.uint8)) is None
