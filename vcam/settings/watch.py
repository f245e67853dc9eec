"""Follow edits of the settings file while the program runs."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.settings.load import decode, parse_settings, read_content
from vcam.settings.settings import Settings
from vcam.system.clock import Clock, SystemClock
from vcam.system.paths import default_settings_path
from vcam.system.pipes import is_regular

log = logging.getLogger(__name__)

POLL_S: Final = 0.5
SETTLE_S: Final = 0.3
"""An editor may write in several steps: content counts once it has stayed the same this long."""


class SettingsWatch:
    """Reads the settings once, and then again whenever the file has changed.

    A good edit goes to `on_settings`, a bad one to `on_error`, each once; after a bad edit
    `settings` stays what it was. The content itself is compared, a few kilobytes twice a second,
    because times and sizes miss quick edits and files that are put in place by renaming. A file
    that is gone changes nothing until it is back, and neither does one that was emptied: a full
    disk does that. A pipe or a device is read once.

    Both callbacks come from the thread that polls.
    """

    def __init__(
        self,
        path: Path | None,
        on_settings: Callable[[Settings], None],
        on_error: Callable[[ConfigError], None],
        *,
        profile: str | None = None,
        classifier: Path | None = None,
    ) -> None:
        """Read the settings. Raises `ConfigError` when they are bad from the start."""
        self._path = path or default_settings_path()
        self._profile, self._classifier = profile, classifier
        self._on_settings = on_settings
        self._on_error = on_error
        self._evaluated: bytes = read_content(self._path, required=path is not None)
        self._settings = self._parse(self._evaluated)
        self._pending: tuple[bytes, float] | None = None
        self._next_poll = float("-inf")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def settings(self) -> Settings:
        """The last good settings."""
        return self._settings

    def poll(self, now: float) -> None:
        """Look at the file, at most every `POLL_S`; `now` is monotonic seconds."""
        if now < self._next_poll:
            return
        self._next_poll = now + POLL_S
        try:
            if not is_regular(self._path):
                self._pending = None
                return
            content = read_content(self._path, required=True)
        except ConfigError:
            # Gone or unreadable for the moment, as between the steps of an editor.
            self._pending = None
            return
        if content == self._evaluated:
            self._pending = None
        elif self._pending is None or self._pending[0] != content:
            self._pending = (content, now)
        elif now - self._pending[1] >= SETTLE_S:
            self._pending = None
            self._evaluate(content)

    def start(self, clock: Clock | None = None) -> None:
        """Poll from a thread of its own until `stop`."""
        time = clock or SystemClock()
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._run, args=(time,), name="settings watch", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread; may be called more than once, but not from a callback."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, clock: Clock) -> None:
        while not self._stop.wait(POLL_S):
            try:
                self.poll(clock.now())
            except Exception:  # one edit that trips us must not end the watch for the next
                log.exception("the settings file could not be followed")

    def _evaluate(self, content: bytes) -> None:
        self._evaluated = content
        try:
            if not content.strip():
                raise ConfigError(
                    _("{path} is empty; write it again, or remove it").format(path=self._path)
                )
            self._settings = self._parse(content)
        except ConfigError as error:
            self._on_error(error)
        else:
            self._on_settings(self._settings)

    def _parse(self, content: bytes) -> Settings:
        text = decode(content, self._path)
        return parse_settings(text, self._path, self._profile, self._classifier)
