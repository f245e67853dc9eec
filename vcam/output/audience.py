"""Who looks at our virtual camera, as far as this system tells."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from vcam.output.output import Output
from vcam.system import v4l2
from vcam.system.open_watch import OpenWatch

log = logging.getLogger(__name__)

SETTLE_S: Final = 0.1
"""Programs that only list cameras open each for an instant: whoever stays longer looks."""
AGAIN_S: Final = 15.0
"""How often the processes are gone through although nothing was opened or closed."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Those who have the virtual camera open."""

    names: tuple[str, ...]
    """The programs that we may look at, by name, each once."""
    unseen: bool = False
    """Whether there is also somebody whose name we cannot know."""

    def __bool__(self) -> bool:
        """Tell whether anybody looks."""
        return bool(self.names) or self.unseen


def loopbacks(outputs: Sequence[Output]) -> tuple[str, ...]:
    """Return the devices that carry the picture of these outputs, as far as they have one."""
    return tuple(str(output.device) for output in outputs if hasattr(output, "device"))


class Audience:
    """Watches the virtual camera on a thread of its own; `readers` is the newest answer."""

    def __init__(self, devices: Callable[[], Sequence[str]]) -> None:
        """`devices` gives the paths of the loopback devices that carry our picture."""
        self.readers: Readers | None = None
        """None: this system does not tell, or there is no virtual camera."""
        self._devices = devices
        self._listeners: list[Callable[[Readers], None]] = []
        self._closing = threading.Event()
        self._watch: OpenWatch | None = None
        self._closed_at: int | None = None
        """The watch's balance while nobody has it open; None: not known since somebody was seen."""
        self._thread = threading.Thread(target=self._work, name="audience", daemon=True)

    def on_change(self, listener: Callable[[Readers], None]) -> None:
        """Let this hear of every change, on the audience's thread; call it before `start`."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin, once the virtual camera is open: our own opening of it counts for nothing."""
        paths = self._devices()
        if sys.platform != "linux" or len(paths) != 1:
            return
        try:
            self._watch = OpenWatch(paths[0])
        except OSError as error:
            log.info("who reads %s is not known: %s", paths[0], error)
            return
        self._thread.start()

    def close(self) -> None:
        """End the thread; may be called more than once, and without `start`."""
        self._closing.set()
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.wake()
            self._thread.join(2.0)
            watch.close()

    def _work(self) -> None:
        while (watch := self._watch) is not None and not self._closing.is_set():
            try:
                self._count_readers(watch)
                if watch.wait(AGAIN_S):
                    self._settle(watch)
            except Exception:
                log.exception("who reads the virtual camera could not be found out")
                self._tell(None)
                self._closing.wait(AGAIN_S)

    def _settle(self, watch: OpenWatch) -> None:
        """Let passers-by pass. Each event is taken at once: the kernel joins those that wait."""
        end = time.perf_counter() + SETTLE_S
        while not self._closing.is_set() and (left := end - time.perf_counter()) > 0:
            watch.wait(left)

    def _count_readers(self, watch: OpenWatch) -> None:
        devices = self._devices()
        if not devices:  # the virtual camera was lost
            self._tell(None)
            return
        holders = v4l2.find_holders(devices[0])
        names = tuple(sorted({each.name for each in holders if not each.writes_only}))
        if holders:
            self._closed_at = None
        self._tell(Readers(names, unseen=not holders and self._is_open(watch)))

    def _is_open(self, watch: OpenWatch) -> bool:
        """Tell whether somebody has it open although nobody is seen, as another user's program."""
        if watch.balance is None:
            return True
        if self._closed_at is None:
            self._closed_at = watch.balance
        self._closed_at = min(self._closed_at, watch.balance)
        return watch.balance > self._closed_at

    def _tell(self, readers: Readers | None) -> None:
        before, self.readers = self.readers, readers
        if readers is not None and readers != before:
            for listener in self._listeners:
                listener(readers)
