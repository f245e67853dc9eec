"""What the doctor wants to know of plug-ins and of programs that are spoken to."""

from collections.abc import Sequence
from contextlib import closing

from vcam.actions.action import CallPlugin, parse_action
from vcam.core.check_result import CheckResult
from vcam.integrations.links import Links
from vcam.integrations.settings import IntegrationSettings

REMEDY = "docs/plugins.md and docs/integrations.md say what each needs"


class _Nobody:
    """Hears what would be told on the picture, and is never asked for anything else."""

    paused = False
    muted = None

    def pause(self) -> None:
        """Nothing runs."""

    def resume(self) -> None:
        """Nothing runs."""

    def mute(self, muted: bool) -> None:
        """Nothing is changed by looking."""

    def tell(self, text: str, *, badge: str | None = None) -> None:
        """Tell nobody."""

    def clear_badge(self, badge: str) -> None:
        """There is none."""


def check_links(settings: IntegrationSettings, actions: Sequence[str]) -> list[CheckResult]:
    """Tell whether what the bindings name can be reached and done; changes nothing there.

    Opens connections to the hosts that the settings name, as a run with these bindings does.
    """
    called = [a for a in map(parse_action, actions) if isinstance(a, CallPlugin)]
    if not called:
        return []
    with closing(Links(_Nobody())) as links:
        links.apply_settings(settings, ())
        return [_check(links, name, called) for name in sorted({a.plugin for a in called})]


def _check(links: Links, name: str, called: Sequence[CallPlugin]) -> CheckResult:
    for action in called:
        if action.plugin == name:
            reason = links.plugins.check(name, action.verb, action.argument)
            if reason:
                return CheckResult(name, "warn", reason, REMEDY)
    return CheckResult(name, "ok", "what is bound to it can be done")
