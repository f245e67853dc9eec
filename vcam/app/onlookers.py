"""Who is there: the programs that show our camera, the person, and what follows from it."""

from collections.abc import Callable
from typing import Final

from vcam.app.camera_rest import CameraRest, Watchers
from vcam.app.live_settings import LiveSettings
from vcam.app.profile_follower import ProfileFollower
from vcam.core.texts import _
from vcam.output.audience import Audience, Readers, loopbacks
from vcam.pipeline.capture import CaptureThread
from vcam.pipeline.video import OnDemandOutput, VideoPath
from vcam.system.clock import Clock

PANEL_S: Final = 2.0
"""An open page of the panel asks ten times a second; after this long without, none is open."""


class Onlookers:
    """Lets the profile follow the call, and the camera rest while nobody looks."""

    def __init__(
        self,
        live: LiveSettings,
        video: VideoPath,
        capture: CaptureThread,
        clock: Clock,
        tell: Callable[[str], None],
    ) -> None:
        """`tell` says one line to the person."""
        self._live, self._video, self._capture = live, video, capture
        self._clock, self._tell = clock, tell
        self._asked = float("-inf")
        self._audience = Audience(lambda: loopbacks(video.outputs))
        self._follower = ProfileFollower(live, self._names, clock)
        watchers = Watchers(self._may_rest, self._call_watches, self._person_watches)
        self._rest = CameraRest(self, watchers, clock)
        self._audience.on_change(lambda _: self._rest.update())

    @property
    def readers(self) -> Readers | None:
        """The programs that show our camera; None: this system does not tell."""
        return self._audience.readers

    def note_panel(self) -> None:
        """An open page of the panel asks how things are: somebody looks."""
        self._asked = self._clock.now()
        if self._rest.resting:
            self._rest.update()

    def rest(self, *, resting: bool) -> None:
        """Close the camera, or open it again."""
        self._capture.rest(resting=resting)
        if resting:
            self._tell(_("Nobody looks: the camera rests until somebody does"))

    def start(self) -> None:
        """Begin, once all outputs are open."""
        self._audience.start()
        self._follower.start()
        self._rest.start()

    def close(self) -> None:
        """End all threads; may be called more than once, and without `start`."""
        self._rest.close()
        self._follower.close()
        self._audience.close()

    def _names(self) -> tuple[str, ...] | None:
        readers = self._audience.readers
        return None if readers is None else readers.names

    def _may_rest(self) -> bool:
        return self._live.settings.camera.rest and self._capture.live

    def _call_watches(self) -> bool | None:
        readers = self._audience.readers
        return None if readers is None else bool(readers)

    def _person_watches(self) -> bool:
        """Tell whether there is a window or a recording, or a page of the panel is open."""
        outputs = self._video.outputs
        others = [each for each in outputs if not isinstance(each, OnDemandOutput)]
        return len(others) > len(loopbacks(outputs)) or self._clock.now() - self._asked < PANEL_S
