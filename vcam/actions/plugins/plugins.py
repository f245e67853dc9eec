"""All plug-ins of one run: which may be used, and the one that an action is for."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vcam.actions.pending_outcome import Pending
from vcam.actions.plugins.child import PluginProcess
from vcam.actions.plugins.in_thread import PluginThread
from vcam.actions.plugins.plugin import Backend, Call, Plugin
from vcam.actions.plugins.runner import PluginRunner
from vcam.core.outcome import failed
from vcam.core.setting import Number, setting
from vcam.core.texts import _
from vcam.errors import ActionError

Opens = Callable[[], Plugin]

CHILD_LIMIT_S: Final = 2.0
OWN_LIMIT_S: Final = 4.0
"""Those of this program have shorter limits of their own for each step."""


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """`[plugins]`: actions of other packages."""

    allow: tuple[str, ...] = setting(
        (),
        "plugin_names",
        "Plug-ins of other packages that bindings may name",
        "No other one is ever loaded; see docs/plugins.md.",
        example=("tally",),
    )
    time_limit_s: float = setting(
        CHILD_LIMIT_S,
        Number(0.1, 10),
        "How long one action may take before the plug-in is stopped (seconds)",
    )
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each `[plugins.NAME]` holds, handed to the plug-in as it is."""


class Plugins:
    """Opens plug-ins when a binding names them. Every method may be called from any thread."""

    def __init__(self, tell: Callable[[str], None], settings: PluginSettings) -> None:
        """`tell` shows the person one line."""
        self._tell, self._settings = tell, settings
        self._integrations: Mapping[str, Opens] = {}
        self._runners: dict[str, PluginRunner] = {}
        self._lock = threading.Lock()
        self._closed = False

    def perform(self, plugin: str, call: Call) -> Pending:
        """Have an action done; what cannot be is answered with the reason. Never waits."""
        try:
            return self._runner(plugin).perform(call)
        except ActionError as error:
            pending = Pending()
            pending.settle(failed(error))
            return pending

    def prepare(self, asked: Sequence[tuple[str, str, str]]) -> None:
        """Load what is bound (plug-in, verb, argument) and say what is wrong. Never waits."""
        for name in sorted({plugin for plugin, _verb, _argument in asked}):
            try:
                runner = self._runner(name)
            except ActionError as error:
                self._tell(str(error))
            else:
                runner.prepare([(verb, rest) for plugin, verb, rest in asked if plugin == name])

    def check(self, plugin: str, verb: str, argument: str) -> str | None:
        """Return why an action cannot be done, or None; may take seconds."""
        try:
            return self._runner(plugin).check(verb, argument)
        except ActionError as error:
            return str(error)

    def choices(self, plugin: str, verb: str) -> Sequence[str]:
        """Return arguments to offer. Raises `ActionError`; may take seconds."""
        return self._runner(plugin).choices(verb)

    def verbs(self, plugin: str) -> Mapping[str, str]:
        """Return what a plug-in can do. Raises `ActionError`; may take seconds."""
        return self._runner(plugin).verbs()

    def states(self) -> Mapping[str, str]:
        """Return what each opened plug-in says of itself, or what is wrong with it."""
        with self._lock:
            runners = dict(self._runners)
        states = {name: runner.state() for name, runner in runners.items()}
        return {name: state for name, state in states.items() if state}

    def apply_settings(self, settings: PluginSettings, integrations: Mapping[str, Opens]) -> None:
        """Take other settings; `own` are those that this program has itself and may use now.

        What is open and unchanged stays open: `own` is compared by identity.
        """
        with self._lock:
            gone = [name for name in self._runners if self._changes(name, settings, integrations)]
            closing = [self._runners.pop(name) for name in gone]
            self._settings, self._integrations = settings, integrations
        for runner in closing:
            runner.close()

    def close(self) -> None:
        """End all of them; a plug-in that hangs is not waited for."""
        with self._lock:
            self._closed = True
            closing, self._runners = list(self._runners.values()), {}
        for runner in closing:
            runner.close()

    def _changes(
        self, name: str, settings: PluginSettings, integrations: Mapping[str, Opens]
    ) -> bool:
        if name in self._integrations or name in integrations:
            return self._integrations.get(name) is not integrations.get(name)
        if name not in settings.allow or settings.time_limit_s != self._settings.time_limit_s:
            return True
        return settings.tables.get(name) != self._settings.tables.get(name)

    def _runner(self, name: str) -> PluginRunner:
        with self._lock:
            if self._closed:
                raise ActionError(_("the program ends"))
            if name not in self._runners:
                limit = OWN_LIMIT_S if name in self._integrations else self._settings.time_limit_s
                self._runners[name] = PluginRunner(name, self._backend(name), limit, self._tell)
            return self._runners[name]

    def _backend(self, name: str) -> Backend:
        if name in self._integrations:
            return PluginThread(name, self._integrations[name])
        if name in self._settings.allow:
            return PluginProcess(name, self._settings.tables.get(name, {}))
        raise ActionError(
            _('{name} is not allowed: set [plugins] allow = ["{name}"] to use it').format(name=name)
        )
