"""Actions on a thread of their own: a key press or a command never holds up recognition."""

import atexit
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, Literal, Protocol

from vcam.actions.action import Action, CallPlugin, HoldKeys, parse_action
from vcam.actions.keyboard.held_keys import Owner
from vcam.actions.pending_outcome import Pending
from vcam.actions.program_controls import Controls
from vcam.core.event import Event
from vcam.core.outcome import DONE, Outcome, failed
from vcam.core.texts import _
from vcam.errors import VcamError
from vcam.overlay.captions import action_words
from vcam.system.clock import Clock

log = logging.getLogger(__name__)

STALL_S: Final = 0.5
"""Held keys are released when recognition has not been heard of for this long."""
AIM_S: Final = 0.2
"""How often the focus is asked for while a key is held that is meant for one window."""
QUEUE: Final = 32
"""More actions than this are not kept waiting."""


Aim = Callable[[Sequence[str]], None]


class Performs(Protocol):
    """Whatever carries out actions; see `vcam.actions.performer.Performer`."""

    @property
    def holds_keys(self) -> bool:
        """Whether a key is down now."""

    def prepare_keys(self) -> None:
        """Let the desktop ask the person whether keys may be pressed; raises `VcamError`."""

    def perform(self, action: Action, owner: Owner) -> Outcome | Pending | None:
        """Do it and return what came of it, None: it is done; or raise `VcamError`."""

    def let_go(self, owner: Owner) -> None:
        """Release what an owner holds."""

    def beat(self) -> None:
        """Keep held keys down: recognition is alive; callable from any thread."""

    def release_all(self) -> None:
        """Release every key; callable from any thread."""

    def close(self) -> None:
        """Release every key and give devices back."""


class ActionWorker:
    """Performs the actions of events, in order.

    `submit` and `heartbeat` never wait. A `hold:` is pressed at `fire` and released at the `end`
    of the same gesture on the same track, on time even while another action hangs; all keys are
    released when recognition stalls, when the worker is closed, and when the interpreter exits.
    """

    def __init__(
        self, performer: Performs, controls: Controls, clock: Clock, aim: Aim = lambda focus: None
    ) -> None:
        """`aim` raises `VcamError` when the focus is not where an action is meant to go."""
        self._performer, self._controls, self._clock, self._aim = performer, controls, clock, aim
        self._queue: queue.Queue[Event | Literal["prepare"] | None] = queue.Queue()
        self._beat = clock.now()
        # What has fired and not ended, and what holds keys or is about to.
        self._shown: set[Owner] = set()
        self._holding: set[Owner] = set()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._given_up = False
        self._thread = threading.Thread(target=self._work, name="actions", daemon=True)
        self._watchdog = threading.Thread(target=self._watch, name="key watchdog", daemon=True)
        self._thread.start()
        self._watchdog.start()
        atexit.register(self._performer.release_all)

    def submit(self, event: Event) -> None:
        """Take an event; when too many wait, a `fire` is dropped, and the person is told.

        An `end` is always taken: it may be what releases a key.
        """
        if event.action is None or event.phase in ("begin", "cancel"):
            return
        if event.phase == "fire" and self._queue.qsize() >= QUEUE:
            log.warning("too many actions wait; %s is left out", event.action)
            self._controls.report(event, failed("Too busy: too many actions wait already"))
        else:
            self._note(event)
            self._queue.put(event)

    def prepare_keys(self) -> None:
        """Let the desktop ask whether keys may be pressed before one is needed; does not wait."""
        self._queue.put("prepare")

    def heartbeat(self, now: float) -> None:
        """Hear that recognition is alive, at the clock's time `now`."""
        self._beat = now

    def settle(self, seconds: float = 1.0) -> None:
        """Wait until what was submitted is done, but no longer than that.

        Whoever waits is alive: for held keys it counts as a heartbeat.
        """
        self._beat = self._clock.now()
        done = self._queue.all_tasks_done
        with done:
            done.wait_for(lambda: not self._queue.unfinished_tasks, seconds)

    def release_all(self) -> None:
        """Release every held key, from any thread."""
        self._performer.release_all()

    def close(self) -> None:
        """Finish what waits, release every key, and end; takes about a second at most.

        What has not begun by then is left out, so that no key goes down after its last release.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        self._wake.set()
        self._queue.put(None)
        self._thread.join(1.0)
        self._given_up = True
        self._watchdog.join(1.0)
        self._performer.close()
        if self._thread.is_alive():
            log.warning("an action was still under way at the end")
        else:
            atexit.unregister(self._performer.release_all)

    def _work(self) -> None:
        while (event := self._queue.get()) is not None:
            if event == "prepare":
                self._prepare()
                continue
            outcome: Outcome | Pending
            try:
                outcome = failed("the program ends") if self._given_up else self._act(event)
            except VcamError as error:
                outcome = failed(error)
            except Exception as error:
                log.exception("the action %s failed", event.action)
                outcome = failed(error)
            if isinstance(outcome, Pending):  # others need not wait for it
                outcome.then(partial(self._end, event))
            else:
                self._end(event, outcome)
        self._queue.task_done()

    def _prepare(self) -> None:
        try:
            self._performer.prepare_keys()
        except VcamError as error:
            log.warning("%s", error)  # the desktop's own question is there to be seen
        except Exception:
            log.exception("keys could not be prepared")
        finally:
            self._queue.task_done()

    def _end(self, event: Event, outcome: Outcome) -> None:
        try:
            self._answer(event, outcome)
        finally:
            self._queue.task_done()

    def _answer(self, event: Event, outcome: Outcome) -> None:
        """Report what became of a `fire`; of a release, only that it failed."""
        if event.phase == "fire":
            self._controls.report(event, outcome)
        elif outcome.reason:
            log.warning("%s was not let go: %s", event.action, outcome.reason)
            self._controls.tell(
                _("{action} was not let go: {reason}").format(
                    action=action_words(event.action or ""), reason=outcome.reason
                )
            )

    def _act(self, event: Event) -> Outcome | Pending:
        owner = (event.track, event.gesture)
        if event.phase != "fire":
            self._let_go(owner)
            return DONE
        self._aim(event.focus)
        action = parse_action(event.action or "")
        if isinstance(action, CallPlugin):
            action = replace(action, hand=event.hand)
        outcome = self._fire(action, owner)
        self._keep_aim(owner, event.focus)
        return outcome

    def _fire(self, action: Action, owner: Owner) -> Outcome | Pending:
        if not isinstance(action, HoldKeys):
            return self._performer.perform(action, owner) or DONE
        if owner not in self._shown:
            return failed("the gesture was over before its turn came")
        self._holding.add(owner)
        outcome = self._performer.perform(action, owner) or DONE
        self._wake.set()
        return outcome

    def _keep_aim(self, owner: Owner, focus: Sequence[str]) -> None:
        """Watch the focus while a key is held; a desktop that is slow to tell holds nobody up."""
        if focus and owner in self._holding:
            threading.Thread(
                target=self._watch_aim, args=(owner, focus), name="aim", daemon=True
            ).start()

    def _watch_aim(self, owner: Owner, focus: Sequence[str]) -> None:
        """Let go of a key when the focus leaves the window that it is meant for."""
        while owner in self._holding & self._shown and not self._closed.wait(AIM_S):
            try:
                self._aim(focus)
            except VcamError as error:
                self._let_go(owner)
                self._controls.tell(_("Let go: {reason}").format(reason=error))

    def _let_go(self, owner: Owner) -> None:
        self._holding.discard(owner)
        self._performer.let_go(owner)

    def _note(self, event: Event) -> None:
        """Remember which gestures are shown, so that the watchdog can let go before the worker."""
        owner = (event.track, event.gesture)
        if event.phase == "fire":
            self._shown.add(owner)
        else:
            self._shown.discard(owner)
            self._wake.set()

    def _watch(self) -> None:
        """Let go of keys when their gesture is over, or when nobody can say whether it is.

        The worker lets go as well, in its turn; but it may be waiting for a slow microphone.
        """
        while not self._closed.is_set():
            self._wake.wait(STALL_S / 5 if self._performer.holds_keys else None)
            self._wake.clear()
            for owner in self._holding - self._shown:
                self._let_go(owner)
            if not self._performer.holds_keys:
                continue
            if self._clock.now() - self._beat <= STALL_S:
                self._performer.beat()
            else:
                log.warning("recognition stalls: held keys are released")
                self._performer.release_all()
