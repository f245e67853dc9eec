"""A desktop's portal on a bus of its own, as strict as org.freedesktop.portal.RemoteDesktop and
GlobalShortcuts are documented.

`python -m tests.fakes.portal MANNERS` owns org.freedesktop.portal.Desktop, writes every key that it
presses to standard output, and hears what the person does from standard input: `allow`, `refuse`,
`close`, `press`, `end`.
"""

import json
import re
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.threading import DBusConnection

from tests.fakes.dbus_service import calls, open_bus

NAME: Final = "org.freedesktop.portal.Desktop"
PATH: Final = "/org/freedesktop/portal/desktop"
REMOTE: Final = "org.freedesktop.portal.RemoteDesktop"
WORD: Final = re.compile(r"[A-Za-z0-9_]+")
SIGNATURES: Final = {
    "CreateSession": "a{sv}",
    "SelectDevices": "oa{sv}",
    "Start": "osa{sv}",
    "NotifyKeyboardKeycode": "oa{sv}iu",
    "NotifyKeyboardKeysym": "oa{sv}iu",
    "NotifyPointerButton": "oa{sv}iu",
}
SHORTCUTS: Final = "org.freedesktop.portal.GlobalShortcuts"
SHORTCUT_SIGNATURES: Final = {
    "CreateSession": "a{sv}",
    "BindShortcuts": "oa(sa{sv})sa{sv}",
    "ListShortcuts": "oa{sv}",
}
SHORTCUT_KEYS: Final = {"description": "s", "preferred_trigger": "s"}
TRIGGER: Final = re.compile(r"((CTRL|ALT|SHIFT|NUM|LOGO)\+)*[A-Za-z0-9_]+")
REGISTRY: Final = "org.freedesktop.host.portal.Registry"
OPTIONS: Final = {
    "CreateSession": {"handle_token": "s", "session_handle_token": "s"},
    "SelectDevices": {
        "handle_token": "s",
        "types": "u",
        "restore_token": "s",
        "persist_mode": "u",
    },
    "Start": {"handle_token": "s"},
    "BindShortcuts": {"handle_token": "s"},
    "ListShortcuts": {"handle_token": "s"},
}


class PortalError(Exception):
    """What the portal answers to a call that is not as documented."""


class Portal:
    """The documented interface, and a person who answers its question.

    `manners`: `asks` (waits for the person), `grants`, `hangs` at SelectDevices, `ends` (Start
    and BindShortcuts fail with code 2), `forgets` (version 1), `mouseless`, `keyless`, `deaf` (to
    keys); `listens` (has shortcuts), `knows` (the person has agreed to them before), `wants_id`
    (version 1.21: who asks must have named itself first, and is not known where `stranger` stands
    beside it).
    """

    def __init__(self, bus: DBusConnection, manners: str) -> None:
        self._bus, self._manners = bus, manners.split(",")
        self._sessions: dict[str, dict[str, Any]] = {}
        self._starting: list[tuple[str, str]] = []
        self._tokens = 0
        self._registered: set[str] = set()
        self._spoken: set[str] = set()
        self._todo: Callable[[], None] | None = None

    def serve(self) -> None:
        """Answer calls until the bus ends."""
        for message in calls(self._bus):
            self._answer(message)

    def person(self, word: str) -> None:
        """Do what the person does."""
        if word == "close":
            for path in list(self._sessions):
                self._signal(path, "org.freedesktop.portal.Session", "Closed", "", ())
                del self._sessions[path]
            return
        if word == "press":
            self._press()
            return
        for path, session in self._starting:
            if self._sessions[session]["state"] == "binding":
                self._respond(path, *(self._listed(session) if word == "allow" else (1, {})))
                continue
            if word == "refuse":  # as the real one does, in this order
                self._signal(session, "org.freedesktop.portal.Session", "Closed", "", ())
            self._respond(path, *self._granted(session) if word == "allow" else (1, {}))
        self._starting.clear()

    def _press(self) -> None:
        """Have the desktop hear every chord that it listens for."""
        for path, session in self._sessions.items():
            for name in session.get("shortcuts", ()):
                body: tuple[Any, ...] = (path, name, 1234, {})
                self._signal(PATH, SHORTCUTS, "Activated", "osta{sv}", body)

    def _answer(self, message: Message) -> None:
        fields = message.header.fields
        method, interface = fields[HeaderFields.member], fields.get(HeaderFields.interface)
        try:
            if fields.get(HeaderFields.path) != PATH:
                raise PortalError("there is no such object")
            if (interface, method) == ("org.freedesktop.DBus.Properties", "Get"):
                answer: tuple[str, tuple[Any, ...]] = ("v", (self._property(message.body),))
            elif interface == REGISTRY and "wants_id" in self._manners:
                answer = self._register(message)
            elif interface == SHORTCUTS and method in SHORTCUT_SIGNATURES:
                if "listens" not in self._manners:
                    raise PortalError("No such interface")
                if fields.get(HeaderFields.signature) != SHORTCUT_SIGNATURES[method]:
                    raise PortalError(f"{method} takes {SHORTCUT_SIGNATURES[method]}")
                answer = self._shortcut_call(method, message)
            elif interface == REMOTE and method in SIGNATURES:
                if fields.get(HeaderFields.signature) != SIGNATURES[method]:
                    raise PortalError(f"{method} takes {SIGNATURES[method]}")
                answer = self._call(method, message)
            else:
                raise PortalError(f"there is no method {method}")
        except PortalError as error:
            if interface != REGISTRY:  # old portals have none, and we ask all the same
                print("error", error, flush=True)
            self._bus.send(new_error(message, f"{NAME}.Error.Failed", "s", (str(error),)))
            return
        if "deaf" not in self._manners or not method.startswith("Notify"):
            self._bus.send(new_method_return(message, answer[0] or None, answer[1]))
        self._later()

    def _later(self) -> None:
        """Do what comes after the answer, as a portal does."""
        todo, self._todo = self._todo, None
        if todo:
            todo()

    def _register(self, message: Message) -> tuple[str, tuple[Any, ...]]:
        owner, (name, options) = message.header.fields[HeaderFields.sender], message.body
        if owner in self._spoken or owner in self._registered:
            raise PortalError("Connection already associated with an application ID")
        if name != "vcam" or options or "stranger" in self._manners:
            raise PortalError(f"App info not found for '{name}'")
        self._registered.add(owner)
        return "", ()

    def _shortcut_call(self, method: str, message: Message) -> tuple[str, tuple[Any, ...]]:
        owner = message.header.fields[HeaderFields.sender]
        self._spoken.add(owner)
        if "wants_id" in self._manners and owner not in self._registered:
            raise PortalError("An app id is required")
        options = message.body[-1]
        self._check(method, options)
        request = self._path("request", owner, options["handle_token"][1])
        calls = {
            "CreateSession": self._CreateSession,
            "ListShortcuts": self._list_shortcuts,
            "BindShortcuts": self._bind_shortcuts,
        }
        self._todo = calls[method](owner, request, message.body)
        return "o", (request,)

    def _list_shortcuts(
        self, owner: str, request: str, body: tuple[Any, ...]
    ) -> Callable[[], None]:
        session = self._owned(owner, body[0])
        if "knows" in self._manners:
            session["shortcuts"] = {"pause-ctrl-alt-p": "Ctrl+Alt+P"}
        return lambda: self._respond(request, *self._listed(body[0]))

    def _bind_shortcuts(
        self, owner: str, request: str, body: tuple[Any, ...]
    ) -> Callable[[], None] | None:
        session = self._owned(owner, body[0])
        if session["state"] != "created":
            raise PortalError("Session already bound shortcuts")
        for name, about in body[1]:
            wrong = {key for key, (kind, _) in about.items() if SHORTCUT_KEYS.get(key) != kind}
            if not name or wrong or "description" not in about:
                raise PortalError(f"{name} is no shortcut ({wrong})")
            trigger = about.get("preferred_trigger", ("s", "F1"))[1]
            if not TRIGGER.fullmatch(trigger):
                raise PortalError(f"{trigger} is no trigger")
        session["state"] = "binding"
        session["shortcuts"] = {
            name: about.get("preferred_trigger", ("s", ""))[1] for name, about in body[1]
        }
        print("binds", json.dumps(session["shortcuts"]), flush=True)
        if "grants" in self._manners:
            return lambda: self._respond(request, *self._listed(body[0]))
        if "ends" in self._manners:
            return lambda: self._respond(request, 2, {})
        if "nothing" in self._manners:
            return lambda: self._respond(request, 0, {"shortcuts": ("a(sa{sv})", [])})
        self._starting.append((request, body[0]))
        print("asks", flush=True)
        return None

    def _listed(self, path: str) -> tuple[int, dict[str, Any]]:
        listed = [
            (name, {"description": ("s", name), "trigger_description": ("s", trigger)})
            for name, trigger in self._sessions[path].get("shortcuts", {}).items()
        ]
        return 0, {"shortcuts": ("a(sa{sv})", listed)}

    def _owned(self, owner: str, path: str) -> dict[str, Any]:
        session = self._sessions.get(path)
        if session is None or session["owner"] != owner:
            raise PortalError("Invalid session")
        return session

    def _property(self, body: tuple[str, str]) -> tuple[str, int]:
        if body == (SHORTCUTS, "version") and "listens" in self._manners:
            return "u", 1
        kinds = 0 if "keyless" in self._manners else 1 if "mouseless" in self._manners else 7
        found = {"AvailableDeviceTypes": kinds, "version": 1 if "forgets" in self._manners else 2}
        if body[0] != REMOTE or body[1] not in found:
            raise PortalError(f"there is no property {body[1]}")
        return "u", found[body[1]]

    def _call(self, method: str, message: Message) -> tuple[str, tuple[Any, ...]]:
        owner = message.header.fields[HeaderFields.sender]
        if method.startswith("Notify"):
            self._notify(method, owner, *message.body)
            return "", ()
        options = message.body[-1]
        self._check(method, options)
        request = self._path("request", owner, options["handle_token"][1])
        self._todo = getattr(self, f"_{method}")(owner, request, message.body)
        return "o", (request,)

    def _check(self, method: str, options: dict[str, tuple[str, Any]]) -> None:
        for name, (signature, _) in options.items():
            if OPTIONS[method].get(name) != signature:
                raise PortalError(f"{method} has no option {name} of type {signature}")
        if "handle_token" not in options:
            raise PortalError("a handle_token is missing")
        if "forgets" in self._manners and {"restore_token", "persist_mode"} & set(options):
            raise PortalError("version 1 remembers nothing")

    def _path(self, kind: str, owner: str, word: str) -> str:
        if not WORD.fullmatch(word):
            raise PortalError(f"{word} is no token")
        return f"{PATH}/{kind}/{owner[1:].replace('.', '_')}/{word}"

    def _session(self, owner: str, path: str, state: str) -> dict[str, Any]:
        session = self._sessions.get(path)
        if session is None or session["owner"] != owner:
            raise PortalError("Invalid session")
        if session["state"] != state:
            raise PortalError(f"the session is {session['state']}, not {state}")
        return session

    def _CreateSession(  # noqa: N802  # as D-Bus calls it
        self, owner: str, request: str, body: tuple[Any, ...]
    ) -> Callable[[], None]:
        if "session_handle_token" not in body[0]:
            raise PortalError("a session_handle_token is missing")
        path = self._path("session", owner, body[0]["session_handle_token"][1])
        self._sessions[path] = {"owner": owner, "state": "created"}
        return lambda: self._respond(request, 0, {"session_handle": ("s", path)})

    def _SelectDevices(  # noqa: N802
        self, owner: str, request: str, body: tuple[Any, ...]
    ) -> Callable[[], None] | None:
        session = self._session(owner, body[0], "created")
        types = body[1].get("types", ("u", 7))[1]
        if not types or types & ~7:
            raise PortalError("Unsupported device type")
        session |= {"state": "selected", "types": types}
        session["token"] = body[1].get("restore_token", ("s", None))[1]
        session["persist"] = body[1].get("persist_mode", ("u", 0))[1]
        said = {"types": types, "persist": session["persist"], "token": session["token"]}
        print("select", json.dumps(said), flush=True)
        return None if "hangs" in self._manners else lambda: self._respond(request, 0, {})

    def _Start(  # noqa: N802
        self, owner: str, request: str, body: tuple[Any, ...]
    ) -> Callable[[], None] | None:
        session = self._session(owner, body[0], "selected")
        session["state"] = "starting"
        if "ends" in self._manners:
            return lambda: self._respond(request, 2, {})
        known = session["token"] == f"token-{self._tokens}"  # each is good once
        if "grants" in self._manners or known:
            return lambda: self._respond(request, *self._granted(body[0]))
        self._starting.append((request, body[0]))
        print("asks", flush=True)
        return None

    def _granted(self, path: str) -> tuple[int, dict[str, Any]]:
        session = self._sessions[path]
        session["state"] = "started"
        results: dict[str, Any] = {"devices": ("u", session["types"])}
        if session["persist"]:
            self._tokens += 1
            results["restore_token"] = ("s", f"token-{self._tokens}")
        return 0, results

    def _notify(  # one argument for each of the call's
        self, method: str, owner: str, path: str, options: dict[str, Any], number: int, state: int
    ) -> None:
        session = self._session(owner, path, "started")
        needed = 2 if method == "NotifyPointerButton" else 1
        if options or state not in (0, 1) or not session["types"] & needed:
            raise PortalError("Session is not allowed to call this")
        print(method.removeprefix("Notify"), number, "-+"[state], flush=True)

    def _respond(self, path: str, code: int, results: dict[str, Any]) -> None:
        interface = "org.freedesktop.portal.Request"
        self._signal(path, interface, "Response", "ua{sv}", (code, results))

    def _signal(
        self, path: str, interface: str, name: str, signature: str, body: tuple[Any, ...]
    ) -> None:
        emitter = DBusAddress(path, interface=interface)
        self._bus.send(new_signal(emitter, name, signature or None, body))


def main() -> None:
    """Be the portal until the person ends it."""
    portal = Portal(open_bus(NAME), sys.argv[1])
    threading.Thread(target=portal.serve, daemon=True).start()
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "end":
            return
        portal.person(line.strip())


if __name__ == "__main__":
    main()
