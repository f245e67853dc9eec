"""What fired lately, with a small picture of the hand, for a person who wants to look back.

Only if they asked for it (`[gestures] remember = true`), on their own disk, readable by them alone,
and never more than `MAX_FIRES` of them. Two files for each: `<number>.json` and `<number>.jpg`.
What was marked as a false alarm moves to `wrong/`, in the schema of HaGRID v1, labelled
`no_gesture`: what `python -m training prepare --data` reads.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from vcam.core.event import Event
from vcam.core.frame import Box, Image
from vcam.core.labels import NO_GESTURE
from vcam.core.texts import _
from vcam.errors import OutputError
from vcam.system.atomic_write import write_private
from vcam.system.json_files import MALFORMED, read_json

log = logging.getLogger(__name__)

MAX_FIRES: Final = 200
"""Fires that are kept; the oldest go first."""
ROI_SCALE: Final = 2.0
"""Side of the picture over the longer side of the hand's box."""
MAX_SIDE_PX: Final = 320
"""Longest side of a picture in pixels."""
QUEUE_SIZE: Final = 8
"""Fires that wait to be written; more than these are left out."""
CONFIDENCE: Final = 0.99


@dataclass(frozen=True, slots=True)
class RememberedFire:
    """One fire, as it is kept."""

    number: str
    """Names its files; later fires have larger ones."""
    when: float
    """Seconds since 1970."""
    t: float
    """Seconds of the source, as in the event."""
    gesture: str
    hand: str
    action: str | None
    least: float | None
    """The score that the gesture had to reach then; None: it has none of its own."""
    box_xywh: tuple[float, float, float, float]
    """COCO box of the hand, 0..1 of the kept picture."""


class FireHistory:
    """Writes fires down on a thread of its own; `hear` never waits."""

    def __init__(
        self,
        folder: Path | None,
        newest_image: Callable[[], Image | None],
        thresholds: Callable[[], Mapping[str, float]],
        tell: Callable[[str], None],
    ) -> None:
        """`newest_image` gives what recognition looked at last, uint8 (H, W, 3) BGR.

        Without a folder nothing is kept.
        """
        self._remember = False
        self._folder, self._newest_image, self._tell = folder, newest_image, tell
        self._thresholds = thresholds
        self._queue: queue.Queue[tuple[RememberedFire, Image] | None] = queue.Queue(QUEUE_SIZE)
        self._thread: threading.Thread | None = None

    def apply_settings(self, *, remember: bool) -> None:
        """Say whether fires are kept at all; they are not at first."""
        self._remember = remember

    def hear(self, event: Event) -> None:
        """Keep a `fire`, if that is asked for."""
        wanted = self._remember and event.phase == "fire"
        image = self._newest_image() if wanted else None
        if image is None or self._folder is None:
            return
        small, box = around(image, event.box_xyxy)
        if small.size == 0:
            return
        now = time.time()
        least = self._thresholds().get(event.gesture)
        number = f"{round(now * 1000)}-{event.track}"
        kept = RememberedFire(
            number, now, event.time, event.gesture, event.hand, event.action, least, box
        )
        self._begin(self._folder)
        try:
            self._queue.put_nowait((kept, small.copy()))
        except queue.Full:
            log.warning("too many fires at once; one is not kept")

    def wrong(self, event: Event) -> None:
        """Move what was kept of this very fire to the false alarms, if it was kept at all."""
        if self._folder is None:
            return
        name = f"-{event.track}"
        for fired in read_fires(self._folder):
            same = fired.gesture == event.gesture and fired.number.endswith(name)
            if same and fired.t == event.time:
                mark_wrong(self._folder, fired)
                return

    def close(self) -> None:
        """Write what waits, for a second at most."""
        if self._thread is not None:
            try:
                self._queue.put(None, timeout=0.5)
            except queue.Full:
                log.warning("the last fires may not be kept")
            self._thread.join(0.5)

    def _begin(self, folder: Path) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._work, args=(folder,), name="fired", daemon=True
            )
            self._thread.start()

    def _work(self, folder: Path) -> None:
        reported = False
        while (entry := self._queue.get()) is not None:
            try:
                write_fire(folder, *entry)
            except OSError as error:
                if not reported:
                    self._tell(
                        _("What fires is not remembered ({reason})").format(reason=error.strerror)
                    )
                reported = True


def around(image: Image, box: Box) -> tuple[Image, tuple[float, float, float, float]]:
    """Return the part of a picture around a hand, and the hand's COCO box in it, 0..1."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box
    half = ROI_SCALE / 2 * max(x1 - x0, y1 - y0)
    left, right = (round(min(max((x0 + x1) / 2 + s * half, 0), width)) for s in (-1, 1))
    top, bottom = (round(min(max((y0 + y1) / 2 + s * half, 0), height)) for s in (-1, 1))
    part = image[top:bottom, left:right]
    wide, high = max(1, right - left), max(1, bottom - top)
    x, y = (max(0.0, (x0 - left) / wide), max(0.0, (y0 - top) / high))
    inside = (x, y, min(1 - x, (x1 - x0) / wide), min(1 - y, (y1 - y0) / high))
    return part, inside


def write_fire(folder: Path, fired: RememberedFire, image: Image) -> None:
    """Write one fire and its picture, and let the oldest go. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    share = min(1.0, MAX_SIDE_PX / max(image.shape[:2]))
    size = tuple(max(1, round(side * share)) for side in image.shape[1::-1])
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    write_private(folder / f"{fired.number}.jpg", _jpeg(small))
    write_private(folder / f"{fired.number}.json", json.dumps(asdict(fired)).encode())
    for old in sorted(folder.glob("*.json"))[:-MAX_FIRES]:
        old.unlink(missing_ok=True)
        old.with_suffix(".jpg").unlink(missing_ok=True)


def read_fires(folder: Path) -> list[RememberedFire]:
    """Return what is kept, the newest first; a damaged entry is passed over."""
    found = []
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            content = read_json(path)
            x, y, w, h = map(float, content["box_xywh"])
            found.append(RememberedFire(**{**content, "box_xywh": (x, y, w, h)}))
        except MALFORMED:
            log.warning("%s is damaged and passed over", path)
    return found


def mark_wrong(folder: Path, fired: RememberedFire) -> Path:
    """Move a fire's picture to the false alarms, and return where it lies now.

    Raises `OutputError` when that cannot be done.
    """
    wrong = folder / "wrong"
    image_path = wrong / NO_GESTURE / f"{fired.number}.jpg"
    annotations = wrong / "ann_train_val" / f"{NO_GESTURE}.json"
    try:
        for place in (wrong, image_path.parent, annotations.parent):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        entries = _entries(annotations)
        entries[fired.number] = {
            "bboxes": [list(fired.box_xywh)],
            "labels": [NO_GESTURE],
            "leading_hand": fired.hand if fired.hand in ("left", "right") else None,
            "leading_conf": CONFIDENCE if fired.hand in ("left", "right") else 0.0,
            "user_id": None,  # one person alone would all go to one side of a split
            "fired": fired.gesture,
        }
        (folder / f"{fired.number}.jpg").replace(image_path)
        write_private(annotations, json.dumps(entries, indent=1).encode())
        (folder / f"{fired.number}.json").unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            _("The picture cannot be kept in {wrong} ({reason}): see the folder's rights.").format(
                wrong=wrong, reason=error.strerror
            )
        ) from None
    return image_path


def _entries(path: Path) -> dict[str, Any]:
    """Return the annotations so far; a damaged file is put aside, not lost."""
    if not path.exists():
        return {}
    try:
        content = read_json(path)
        if not isinstance(content, dict):
            raise ValueError("no annotations")
    except ValueError:
        path.replace(path.with_suffix(".damaged"))
        return {}
    return content


def _jpeg(image: np.ndarray[Any, Any]) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()
