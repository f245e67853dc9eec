"""Which camera it is to be, and how it is opened: at first, and again after it was lost."""

from collections.abc import Callable

from vcam.camera.camera import Camera
from vcam.camera.flipped import FlippedCamera
from vcam.camera.looped import LoopedCamera
from vcam.camera.open import open_camera
from vcam.camera.pending import PendingCamera
from vcam.camera.settings import CameraSettings
from vcam.errors import CameraError


class CameraSelection:
    """The camera that the person chose: just now, when starting, or in the settings."""

    def __init__(
        self, asked: str | None, settings: Callable[[], CameraSettings], *, patient: bool
    ) -> None:
        """`asked` is what was named at the start; `settings` gives those that are in force.

        `patient`: a camera that is not there is waited for, and a video starts again at its end.
        """
        self.chosen: str | None = None
        """What was chosen while the program runs."""
        self._asked, self._settings, self._patient = asked, settings, patient

    @property
    def device(self) -> str:
        """Which camera it is now."""
        return self.chosen or self._asked or self._settings().device

    def choose(self, device: str) -> None:
        """Take another one from the next `open` on."""
        self.chosen = device

    def first(self) -> Camera:
        """Open it for the first time; raises `CameraError` unless it is waited for."""
        try:
            return self.open()
        except CameraError as error:
            if not self._patient:
                raise
            settings = self._settings()
            return PendingCamera((settings.width, settings.height), settings.fps, error)

    def open(self) -> Camera:
        """Open it, mirrored pictures turned round. Raises `CameraError`."""
        camera = self._source()
        if self._patient and not camera.live:
            camera = LoopedCamera(camera, self._source)
        return FlippedCamera(camera) if self._settings().mirrored else camera

    def _source(self) -> Camera:
        return open_camera(self.device, self._settings())
