"""What the doctor wants to know of plug-ins and of programs that are spoken to."""

import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

from vcam.actions.action import CallPlugin, parse_action
from vcam.actions.plugins.plugins import Plugins
from vcam.core.check_result import CheckResult
from vcam.core.texts import _, marked
from vcam.errors import ActionError
from vcam.integrations.open import plugin_of
from vcam.integrations.password import read_password
from vcam.integrations.secret_file import read_secret
from vcam.integrations.settings import MQTT_PORT, MQTT_TLS_PORT, IntegrationSettings
from vcam.integrations.sounds.player import open_player
from vcam.integrations.stream.local_socket import try_place
from vcam.integrations.verbs import VERBS
from vcam.system.installation import add

DISTRIBUTIONS: Final = {"paho": "paho-mqtt", "websockets": "websockets"}
REMEDY: Final = marked("docs/plugins.md and docs/integrations.md say what each needs")
ANSWERS: Final = marked("somebody answers there")
WELL: Final = {"stream": marked("can be served"), "sounds": marked("can be played")}
REACH_S: Final = 2.0


def check_links(settings: IntegrationSettings, actions: Sequence[str]) -> list[CheckResult]:
    """Tell whether what is named can be reached, and what is bound can be done; changes nothing.

    Opens connections to the hosts that the settings name, as a run does. The broker and Teams take
    one connection of ours at a time, so there it only looks whether somebody answers.
    """
    called = [a for a in map(parse_action, actions) if isinstance(a, CallPlugin)]
    found = [_check_place(name, check) for name, check in _places(settings).items()]
    names = sorted({a.plugin for a in called if a.plugin == "obs" or a.plugin not in VERBS})
    if names:
        with closing(Plugins(lambda text: None, settings.plugins)) as plugins:
            obs = plugin_of("obs", settings.obs, None)
            opens = {} if obs is None else {"obs": obs}
            plugins.apply_settings(settings.plugins, opens)
            found += [_check_plugin(plugins, name, called) for name in names]
    return found


def _places(settings: IntegrationSettings) -> dict[str, Callable[[], object]]:
    """Return what looks whether each named place answers. Each raises `ActionError`."""
    places: dict[str, Callable[[], object]] = {}
    mqtt, teams, url = settings.mqtt, settings.teams, settings.webhook.url
    if mqtt.host:
        port = mqtt.port or (MQTT_TLS_PORT if mqtt.tls else MQTT_PORT)
        places["mqtt"] = lambda: _probe(
            "paho", mqtt.host, port, lambda: read_password("mqtt", mqtt)
        )
    if teams.host:
        places["teams"] = lambda: _probe("websockets", teams.host, teams.port)
    if url:
        parts = urlsplit(url)
        web_port = parts.port or (443 if parts.scheme == "https" else 80)
        secret = settings.webhook.secret_file
        places["webhook"] = lambda: _probe(
            None, parts.hostname, web_port, lambda: read_secret(secret)
        )
    if settings.stream.enabled:
        places["stream"] = try_place
    if settings.sounds.hold or settings.sounds.fire:
        places["sounds"] = open_player
    return places


def _probe(
    package: str | None,
    host: str | None,
    port: int,
    secret: Callable[[], str | None] = lambda: None,
) -> None:
    """Look for what is needed there; `secret` reads the password, or raises `ActionError`."""
    if package is not None and find_spec(package) is None:
        raise ActionError(
            _("the package {package} is not installed: {remedy}").format(
                package=package, remedy=add(DISTRIBUTIONS[package])
            )
        )
    secret()
    try:
        socket.create_connection((host or "", port), REACH_S).close()
    except OSError as error:
        reason = error.strerror or _("no answer")
        raise ActionError(
            _("{host}:{port} cannot be reached ({reason})").format(
                host=host, port=port, reason=reason
            )
        ) from None


def _check_place(name: str, probe: Callable[[], object]) -> CheckResult:
    try:
        probe()
    except ActionError as error:
        return CheckResult(name, "warn", str(error), _(REMEDY))
    return CheckResult(name, "ok", _(WELL.get(name, ANSWERS)))


def _check_plugin(plugins: Plugins, name: str, called: Sequence[CallPlugin]) -> CheckResult:
    for action in called:
        if action.plugin == name:
            reason = plugins.check(name, action.verb, action.argument)
            if reason:
                return CheckResult(name, "warn", reason, _(REMEDY))
    return CheckResult(name, "ok", _("what is bound to it can be done"))
