"""One plug-in and whoever waits for it: calls in order, each with a time limit, none in the way."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from vcam.actions.pending_outcome import Pending
from vcam.actions.plugins.plugin import Backend, Call, takes_argument
from vcam.core.outcome import DONE, Outcome, failed
from vcam.core.texts import _, joined
from vcam.errors import ActionError, VcamError

log = logging.getLogger(__name__)

MAX_WAITING: Final = 8
"""More calls than this do not wait for a plug-in that is busy."""
STATE_EVERY_S: Final = 2.0
WATCHED_S: Final = 6.0
"""The state is asked for while somebody has looked at it so lately."""
ANSWER_S: Final = 3.0
"""How long the panel waits for names to offer."""


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Callable[[], Any]
    answer: Callable[[Any], None]
    refuse: Callable[[str], None]


class PluginRunner:
    """Calls one plug-in from a thread of its own. Every method may be called from any thread."""

    def __init__(
        self, name: str, backend: Backend, limit_s: float, tell: Callable[[str], None]
    ) -> None:
        """`tell` shows the person one line."""
        self._name, self._backend, self._limit_s, self._tell = name, backend, limit_s, tell
        self._queue: queue.Queue[_Asked | None] = queue.Queue()
        self._state: str | None = None
        self._trouble: str | None = None
        self._verbs: Mapping[str, str] | None = None
        self._last_read = float("-inf")
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=f"plug-in {name}", daemon=True)
        self._thread.start()

    def perform(self, call: Call) -> Pending:
        """Have it done; never waits."""
        pending = Pending()
        if self._queue.qsize() >= MAX_WAITING:
            pending.settle(
                failed(
                    _("{name} is too busy: {n} actions wait already").format(
                        name=self._name, n=MAX_WAITING
                    )
                )
            )
        else:
            refuse = lambda reason: pending.settle(failed(reason))  # noqa: E731 - handed on
            self._queue.put(_Asked(lambda: self._perform(call), pending.settle, refuse))
        return pending

    def prepare(self, asked: Sequence[tuple[str, str]]) -> None:
        """Load the plug-in and check these verbs and arguments; say what is wrong. Never waits."""
        self._queue.put(_Asked(lambda: self._check(asked), lambda _: None, self._tell))

    def check(self, verb: str, argument: str) -> str | None:
        """Return why this cannot be done, or None; waits for the plug-in, some seconds at most."""
        try:
            self._wait(lambda: self._check([(verb, argument)]))
        except ActionError as error:
            return str(error)
        return None

    def choices(self, verb: str) -> Sequence[str]:
        """Return arguments to offer; waits for the plug-in. Raises `ActionError`."""
        found: Sequence[str] = self._wait(lambda: self._ask("choices", verb))
        return found

    def verbs(self) -> Mapping[str, str]:
        """Return what it can do; waits for the plug-in. Raises `ActionError`."""
        found: Mapping[str, str] = self._wait(self._known)
        return found

    def state(self) -> str | None:
        """Return what it says of itself, or what is wrong with it; costs nothing."""
        self._last_read = time.perf_counter()
        return self._trouble or self._state

    def close(self) -> None:
        """End it; what waits is answered with a failure."""
        self._closed = True
        self._queue.put(None)
        self._backend.close()
        self._thread.join(1.0)

    def _perform(self, call: Call) -> Outcome:
        self._accept(call.verb, call.argument)
        said = self._ask("perform", {**asdict(call), "time_limit_s": self._limit_s})
        if said:
            self._tell(said)
        return DONE

    def _check(self, asked: Sequence[tuple[str, str]]) -> None:
        for verb, argument in asked:
            self._accept(verb, argument)
            self._ask("check", verb, argument)

    def _accept(self, verb: str, argument: str) -> None:
        """Raise `ActionError` unless the plug-in says that there is such a verb."""
        title = self._known().get(verb)
        if title is None:
            there = ", ".join(f"{self._name}.{each}" for each in self._known()) or _("nothing")
            raise ActionError(
                _("{name}.{verb} does not exist; there is {there}").format(
                    name=self._name, verb=verb, there=there
                )
            )
        if takes_argument(title) != bool(argument):
            text = (
                _("{name} needs a colon and more behind it, such as {name}:something")
                if takes_argument(title)
                else _("{name} takes nothing behind a colon")
            )
            raise ActionError(text.format(name=f"{self._name}.{verb}"))

    def _known(self) -> Mapping[str, str]:
        if self._verbs is None:
            self._verbs = self._ask("verbs")
        return self._verbs or {}

    def _ask(self, what: str, *arguments: Any) -> Any:
        answer = self._backend.ask(what, arguments, self._limit_s)
        self._trouble = None
        return answer

    def _wait(self, work: Callable[[], Any]) -> Any:
        done = threading.Event()
        found: list[Any] = []
        reasons: list[str] = []

        def answer(value: Any) -> None:
            found.append(value)
            done.set()

        def refuse(reason: str) -> None:
            reasons.append(reason)
            done.set()

        self._queue.put(_Asked(work, answer, refuse))
        if not done.wait(self._limit_s + ANSWER_S):
            raise ActionError(_("{name} does not answer").format(name=self._name))
        if reasons:
            raise ActionError(reasons[0])
        return found[0]

    def _work(self) -> None:
        while True:
            try:
                asked = self._queue.get(timeout=STATE_EVERY_S)
            except queue.Empty:
                self._renew_state()
                continue
            if asked is None:
                break
            self._serve(asked)
            self._renew_state()
        while not self._queue.empty():
            if left := self._queue.get_nowait():
                left.refuse(_("the program ends"))

    def _serve(self, asked: _Asked) -> None:
        if self._closed:
            asked.refuse(_("the program ends"))
            return
        try:
            answer = asked.work()
        except VcamError as error:
            self._trouble = str(error)
            asked.refuse(str(error))
        except Exception as error:
            log.exception("the plug-in %s", self._name)
            asked.refuse(joined("", [f"{self._name}: ", str(error)]))
        else:
            asked.answer(answer)

    def _renew_state(self) -> None:
        """Ask for the state while somebody looks at it and the plug-in is well."""
        if self._closed or time.perf_counter() - self._last_read > WATCHED_S:
            return
        try:
            self._state = self._ask("state")
        except VcamError as error:
            self._trouble = str(error)
