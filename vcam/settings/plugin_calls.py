"""Check actions that plug-ins carry out, as far as that goes without loading one."""

from collections.abc import Collection

from vcam.actions.action import CallPlugin, likely_word
from vcam.actions.plugins.plugin import takes_argument
from vcam.core.texts import _
from vcam.errors import ConfigError
from vcam.integrations.settings import IntegrationSettings
from vcam.integrations.verbs import NEEDS, VERBS
from vcam.settings.source import one_of


def usable_plugins(settings: IntegrationSettings) -> tuple[str, ...]:
    """Return the plug-ins that bindings may name: those configured, and those allowed."""
    written = {
        "obs": settings.obs.host,
        "teams": settings.teams.host,
        "mqtt": settings.mqtt.host,
        "webhook": settings.webhook.url,
    }
    used = [name for name, place in written.items() if place]
    return (*used, *(name for name in settings.plugins.allow if name not in VERBS))


def check_call(action: CallPlugin, usable: Collection[str]) -> None:
    """Raise `ConfigError` unless the plug-in may be used and, where that is known, can do it."""
    name = f"{action.plugin}.{action.verb}"
    if action.plugin not in usable:
        raise ConfigError(_why_not(action, name))
    verbs = VERBS.get(action.plugin)
    if verbs is None:
        return  # it is loaded and asked when the program starts
    if action.verb not in verbs:
        close = one_of(action.verb, verbs)
        raise ConfigError(
            _('{plugin} has no "{verb}"{close}').format(
                plugin=action.plugin, verb=action.verb, close=close
            )
        )
    if takes_argument(verbs[action.verb]) and not action.argument:
        raise ConfigError(
            _("{name} needs a colon and more behind it, such as {name}:something").format(name=name)
        )
    if action.argument and not takes_argument(verbs[action.verb]):
        raise ConfigError(_("{name} takes nothing behind a colon").format(name=name))


def _why_not(action: CallPlugin, name: str) -> str:
    if action.plugin in NEEDS:
        return _("{name} needs {line} (or wherever it is) in the settings").format(
            name=name, line=NEEDS[action.plugin]
        )
    close = likely_word(name)
    text = _(
        'unknown action "{name}"; a plug-in called {plugin} needs [plugins] allow = ["{plugin}"] '
        "in the settings"
    )
    if close:
        text = _(
            'unknown action "{name}"; did you mean "{close}"? Else, a plug-in called {plugin} '
            'needs [plugins] allow = ["{plugin}"] in the settings'
        )
    return text.format(name=name, close=close, plugin=action.plugin)
