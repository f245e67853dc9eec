"""A plug-in in a process of its own: it can hang, crash or busy itself, and nothing else does."""

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from vcam.core.texts import _
from vcam.errors import ActionError
from vcam.system.child_process import child_command, child_environment

STDERR: Final = "VCAM_PLUGIN_STDERR"
"""Set by those who write plug-ins, to see what goes wrong."""
START_S: Final = 10.0
"""How long a plug-in may take to be imported, on a machine that is busy."""
END_S: Final = 0.3
"""How long it may take to end in good order."""
MAX_LINE: Final = 262_144
"""Bytes of one answer; more is no answer."""
MAX_STRAY: Final = 50
"""Answers that nobody asked for, before the plug-in is stopped."""
AFTER_FAILURE_S: Final = 5.0
"""A plug-in that could not be started, or had to be stopped, is not started again before that."""


class PluginProcess:
    """Starts the process when it is first needed, and again after it had to be stopped."""

    def __init__(self, name: str, settings: Mapping[str, Any]) -> None:
        self._name, self._settings = name, settings
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._numbers = itertools.count(1)
        self._trouble, self._failed_at = "", float("-inf")
        self._closed = False

    def ask(self, what: str, arguments: Sequence[Any], limit_s: float) -> Any:
        """Call a method of the plug-in and return its answer; see `Backend`."""
        self._open()
        number = next(self._numbers)
        self._send({"id": number, "ask": what, "arguments": list(arguments)})
        return self._answer(
            number,
            limit_s,
            _("the plug-in {name} did not answer within {seconds:g} s, so it was stopped"),
        )

    def close(self) -> None:
        """End the process; a plug-in that hangs is killed."""
        self._closed = True
        if self._process is not None:
            _end(self._process, END_S)

    def _open(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        if self._closed:
            raise ActionError(_("the program ends"))
        if time.perf_counter() - self._failed_at < AFTER_FAILURE_S:
            raise ActionError(self._trouble)
        answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._answers = answers
        try:
            process = subprocess.Popen(  # noqa: S603  # this program itself
                child_command("plugin"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get(STDERR) else subprocess.DEVNULL,
                env=child_environment(),
                **_apart(),
            )
        except OSError as error:
            raise ActionError(
                _("the plug-in {name} cannot be started ({error})").format(
                    name=self._name, error=error
                )
            ) from None
        self._process = process
        if self._closed:  # meanwhile
            self._fail(_("the program ends"))
        reader = threading.Thread(
            target=self._read, args=(process, answers), name="plug-in", daemon=True
        )
        reader.start()
        self._send({"name": self._name, "settings": dict(self._settings)})
        self._answer(
            0,
            START_S,
            _("the plug-in {name} was not loaded within {seconds:g} s, so it was stopped"),
        )

    def _send(self, line: Mapping[str, Any]) -> None:
        assert self._process is not None  # noqa: S101  # opened before
        assert self._process.stdin is not None  # noqa: S101  # asked for
        try:
            self._process.stdin.write(json.dumps(line, default=str).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):  # ValueError: we have closed it meanwhile
            self._fail(_("the plug-in {name} has ended by itself").format(name=self._name))

    def _answer(self, number: int, limit_s: float, late: str) -> Any:
        """Wait for the answer with this number; stop a plug-in that gives none in time."""
        end, stray = time.perf_counter() + limit_s, 0
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, end - time.perf_counter()))
            except queue.Empty:
                self._fail(late.format(name=self._name, seconds=limit_s))
            if answer is None:
                self._fail(_("the plug-in {name} has ended by itself").format(name=self._name))
            elif answer.get("id") == number:
                if "error" in answer:
                    self._loaded_or_fail(number, f"{self._name}: {answer['error']}")
                return answer.get("answer")
            else:
                stray += 1
                if stray > MAX_STRAY:
                    self._fail(
                        _("the plug-in {name} says what nobody asked: it was stopped").format(
                            name=self._name
                        )
                    )

    def _loaded_or_fail(self, number: int, reason: str) -> NoReturn:
        if number == 0:
            self._fail(reason)
        raise ActionError(reason)

    def _fail(self, reason: str) -> NoReturn:
        """Stop the process, and do not start it again at once."""
        self._trouble, self._failed_at = reason, time.perf_counter()
        process, self._process = self._process, None
        if process is not None:
            _end(process, 0.0)
        raise ActionError(reason)

    def _read(
        self, process: "subprocess.Popen[bytes]", answers: "queue.Queue[dict[str, Any] | None]"
    ) -> None:
        assert process.stdout is not None  # noqa: S101  # asked for
        with process.stdout as stream:
            while line := stream.readline(MAX_LINE):
                answers.put(_understood(line))
                if answers.qsize() > MAX_STRAY:
                    _kill(process)
                    break
        answers.put(None)


def _understood(line: bytes) -> dict[str, Any]:
    """Return an answer whose texts are whole letters: halves of some fit in no file and no page."""
    try:
        answer = json.loads(line)
        answer = json.loads(json.dumps(answer, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _end(process: "subprocess.Popen[bytes]", patience_s: float) -> None:
    """Close its input, which a plug-in that is well ends at; kill one that is not."""
    with contextlib.suppress(OSError):
        if process.stdin:
            process.stdin.close()
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        _kill(process)
        process.wait()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End it at once, with whatever it has started: it leads a session of its own on Unix."""
    if process.poll() is not None:
        return
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _apart() -> dict[str, Any]:
    """Return what keeps the terminal's Ctrl-C away and, on Windows, gives it a lower priority."""
    if sys.platform == "win32":
        flags = (
            subprocess.CREATE_NEW_PROCESS_GROUP
            | subprocess.CREATE_NO_WINDOW
            | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        )
        return {"creationflags": flags}
    return {"start_new_session": True}
