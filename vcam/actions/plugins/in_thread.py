"""A plug-in that comes with this program: the same contract, on a thread instead of a process."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vcam.actions.plugins.plugin import Call, Plugin
from vcam.core.texts import _
from vcam.errors import ActionError, VcamError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    what: str
    arguments: Sequence[Any]
    done: threading.Event = field(default_factory=threading.Event)
    answer: Any = None
    reason: str | None = None


class PluginThread:
    """Opens the plug-in when it is first needed. A call that hangs is left to itself."""

    def __init__(self, name: str, opens: Callable[[], Plugin]) -> None:
        """`opens` may raise `VcamError`; it is tried again with the next call."""
        self._name, self._opens = name, opens
        self._plugin: Plugin | None = None
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._busy: _Job | None = None
        self._thread: threading.Thread | None = None

    def ask(self, what: str, arguments: Sequence[Any], limit_s: float) -> Any:
        """Call a method of the plug-in and return its answer; see `Backend`."""
        if self._busy is not None and not self._busy.done.is_set():
            raise ActionError(
                _("{name} is still busy with what was asked before").format(name=self._name)
            )
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        self._busy = job = _Job(what, arguments)
        self._jobs.put(job)
        if not job.done.wait(limit_s):
            raise ActionError(
                _("{name} did not answer within {seconds:g} s").format(
                    name=self._name, seconds=limit_s
                )
            )
        if job.reason is not None:
            raise ActionError(job.reason)
        return job.answer

    def close(self) -> None:
        """Let the thread end and close the plug-in, without waiting for a call that hangs."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(1.0)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.answer = self._answer(job)
            except VcamError as error:
                job.reason = str(error)
            except Exception as error:
                log.exception("%s failed", self._name)
                job.reason = f"{self._name}: {error or type(error).__name__}"
            job.done.set()
        if self._plugin is not None:
            self._plugin.close()

    def _answer(self, job: _Job) -> Any:
        if self._plugin is None:
            self._plugin = self._opens()
        if job.what == "verbs":
            return dict(self._plugin.verbs)
        if job.what == "perform":
            return self._plugin.perform(Call(**job.arguments[0]))
        return getattr(self._plugin, job.what)(*job.arguments)
