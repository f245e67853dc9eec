"""The badge for Teams, and what gestures can do there."""

import threading
from collections.abc import Sequence
from typing import Final

from vcam.actions.plugins.plugin import Call
from vcam.core.event import Event
from vcam.core.outcome import Outcome
from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.integrations.service import Program
from vcam.integrations.settings import TeamsSettings
from vcam.integrations.teams.client import TeamsClient
from vcam.integrations.verbs import TEAMS

BADGE: Final = "TEAMS MUTED"
WAIT_S: Final = 1.0
SETTLE_S: Final = 1.2
"""How long Teams may take to say that something has changed."""
SETS: Final = {
    "mute": ("isMuted", True),
    "unmute": ("isMuted", False),
    "toggle_mute": ("isMuted", None),
    "camera.on": ("isVideoOn", True),
    "camera.off": ("isVideoOn", False),
    "camera.toggle": ("isVideoOn", None),
    "hand.raise": ("isHandRaised", True),
    "hand.lower": ("isHandRaised", False),
    "hand.toggle": ("isHandRaised", None),
}
"""The state that a verb is about, and what it shall be; None: the other one."""
TOGGLES: Final = {
    "isMuted": (
        "toggle-mute",
        "canToggleMute",
        marked("Teams: muted"),
        marked("Teams: microphone on"),
    ),
    "isVideoOn": (
        "toggle-video",
        "canToggleVideo",
        marked("Teams: camera on"),
        marked("Teams: camera off"),
    ),
    "isHandRaised": (
        "toggle-hand",
        "canToggleHand",
        marked("Teams: hand raised"),
        marked("Teams: hand lowered"),
    ),
}
"""What changes a state, what must be allowed, and what is reported then."""
REACTIONS: Final = ("like", "love", "applause", "laugh", "wow")


class TeamsService:
    """Follows the meeting; the badge shows what Teams itself says of the microphone."""

    def __init__(self, settings: TeamsSettings, program: Program) -> None:
        self._program = program
        self._shown: bool | None = None
        self._change = threading.Condition()
        self.client = TeamsClient(settings, self._follow)

    def hear(self, event: Event) -> None:
        """Teams hears of orders only."""

    def answered(self, event: Event, outcome: Outcome) -> None:
        """Teams hears of orders only."""

    def state(self) -> str | None:
        """Return what Teams says of the meeting."""
        try:
            self.client.wait(0.0)
        except ActionError as error:
            return str(error)
        if self.client.may("canPair"):
            return "press Allow in Teams to pair"
        if not self.client.in_meeting:
            return "no meeting"
        return "in a meeting, muted" if self.client.knows("isMuted") else "in a meeting"

    def close(self) -> None:
        """End the connection, and say nothing of Teams any more."""
        self.client.close()
        self._program.clear_badge(BADGE)

    def until(self, state: str, wanted: bool) -> bool:
        """Wait until Teams says that a state is as wanted; return whether it has."""
        with self._change:
            return self._change.wait_for(lambda: self.client.knows(state) is wanted, SETTLE_S)

    def _follow(self) -> None:
        muted = self.client.knows("isMuted")
        if muted and not self._shown:
            self._program.tell(_("Muted in Teams"), badge=BADGE)
        elif self._shown and not muted:
            self._program.clear_badge(BADGE)
            known = "Microphone on in Teams" if muted is False else "Teams tells no more of mute"
            self._program.tell(known)
        self._shown = muted
        with self._change:
            self._change.notify_all()


class Teams:
    """The actions `teams.…`."""

    verbs = TEAMS

    def __init__(self, service: TeamsService) -> None:
        self._service, self._client = service, service.client

    def check(self, verb: str, argument: str) -> None:
        """Raise when Teams does not answer, or has no such reaction."""
        if verb == "react" and argument not in REACTIONS:
            raise ActionError(
                _("Teams has no reaction {argument}; it has {reactions}").format(
                    argument=argument, reactions=", ".join(REACTIONS)
                )
            )
        self._client.wait(WAIT_S)

    def perform(self, call: Call) -> str | None:
        """Do it; done when Teams says that it is so."""
        self._client.wait(WAIT_S)
        if not self._client.in_meeting:
            raise ActionError(
                _("Teams is in no meeting")
                if not self._client.may("canPair")
                else _("press Allow in Teams to pair, then try again")
            )
        if call.verb in SETS:
            return self._set(*SETS[call.verb])
        if call.verb == "blur.toggle":
            return self._order("toggle-background-blur", "canToggleBlur", _("Teams has taken it"))
        if call.verb == "leave":
            return self._order("leave-call", "canLeave", _("Teams: leaving"))
        self._need("canReact")
        self._client.order("send-reaction", type=call.argument)
        return _("Teams: {reaction}").format(reaction=call.argument)

    def choices(self, verb: str) -> Sequence[str]:
        """Return the reactions."""
        return REACTIONS if verb == "react" else ()

    def state(self) -> str | None:
        """The service tells it."""
        return None

    def close(self) -> None:
        """The connection is the service's."""

    def _set(self, state: str, wanted: bool | None) -> str:
        order, need, yes, no = TOGGLES[state]
        now = self._client.knows(state)
        if now is None:
            raise ActionError(_("Teams has not told how that is now, so nothing was changed"))
        target = (not now) if wanted is None else wanted
        if target != now:
            self._need(need)
            self._client.order(order)
            if not self._service.until(state, target):
                raise ActionError(_("Teams took the order, and has not changed"))
        return _(yes) if target else _(no)

    def _order(self, order: str, need: str, done: str) -> str:
        self._need(need)
        self._client.order(order)
        return done

    def _need(self, permission: str) -> None:
        if not self._client.may(permission):
            raise ActionError(_("Teams does not allow that in this meeting"))
