"""A tick when a hold begins, a tone when a gesture fires, a low one when its action fails."""

import logging
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.integrations.service import Program
from vcam.integrations.settings import SoundSettings
from vcam.integrations.sounds.player import open_player, play
from vcam.integrations.sounds.tones import NOTES, tone

log = logging.getLogger(__name__)

STALE_S: Final = 0.5
"""A sound that comes later than this says nothing any more."""

Plays = Callable[[Path], None]


class Sounds:
    """Plays one sound at a time, on a thread of its own; what comes meanwhile is left out."""

    def __init__(
        self, settings: SoundSettings, program: Program, plays: Plays | None = None
    ) -> None:
        """Make the sounds. Raises `ActionError` where the system plays none."""
        self._settings, self._program = settings, program
        self._plays = plays or partial(play, open_player())
        self._folder = _made_sounds(settings.volume)
        self._waiting: queue.Queue[tuple[str, float] | None] = queue.Queue(1)
        self._trouble: str | None = None
        self._thread = threading.Thread(target=self._work, name="sounds", daemon=True)
        self._thread.start()

    def hear(self, event: Event) -> None:
        """Tick when the hold of a bound gesture begins; sound when it fires."""
        if event.action is None:
            return
        if event.phase == "begin" and self._settings.hold:
            self._ask("hold")
        elif event.phase == "fire" and self._settings.fire:
            self._ask("fire")

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Sound low when an action has failed."""
        if self._settings.fire and outcome.result == "failed":
            self._ask("failed")

    def state(self) -> str | None:
        """Return what is wrong, if something is."""
        return self._trouble

    def close(self) -> None:
        """Play nothing more, and leave no files behind."""
        self._ask(None)
        self._thread.join(1.0)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, name: str | None) -> None:
        """Let a sound be the next one, in the place of one that has not begun."""
        asked = None if name is None else (name, time.perf_counter())
        while True:
            try:
                self._waiting.put_nowait(asked)
            except queue.Full:
                try:
                    self._waiting.get_nowait()
                except queue.Empty:
                    continue
            else:
                return

    def _work(self) -> None:
        while (asked := self._waiting.get()) is not None:
            name, since = asked
            if time.perf_counter() - since > STALE_S:
                continue
            try:
                self._plays(self._folder / f"{name}.wav")
            except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                if self._trouble is None:
                    self._program.tell(_("Sounds cannot be played here"))
                    log.warning("sounds cannot be played: %s", error)
                self._trouble = _("sounds cannot be played")
            else:
                self._trouble = None


def _made_sounds(volume: float) -> Path:
    """Return a folder with all sounds as files. Raises `ActionError` where there is no room."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="vcam-sounds-"))
        for name in NOTES:
            (folder / f"{name}.wav").write_bytes(tone(name, volume))
    except OSError as error:
        raise ActionError(
            _("sounds cannot be made in {folder} ({reason})").format(
                folder=tempfile.gettempdir(), reason=error.strerror
            )
        ) from None
    return folder
