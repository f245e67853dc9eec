"""The process in which one plug-in runs, apart from recognition and video.

It reads requests as JSON lines from its standard input and answers in the same way. What the
plug-in prints goes nowhere. The process ends when its input does: this program is gone then.
"""

import contextlib
import json
import os
import queue
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

from vcam.actions.plugins.installed import find_plugin
from vcam.actions.plugins.plugin import Call, Plugin

MAX_TEXT: Final = 500
"""Letters of a reason, a state or a choice that are handed on."""
MAX_CHOICES: Final = 200
NICE: Final = 10


def main() -> int:
    """Be one plug-in's process; its name and settings come in the first line."""
    lines, answers = _private_streams()
    requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
    threading.Thread(target=_read, args=(lines, requests), daemon=True).start()
    first = requests.get()
    if first is None:
        return 0
    if hasattr(os, "nice"):
        os.nice(NICE)
    plugin = _answered(answers, 0, lambda: _open(first["name"], first["settings"]))
    while plugin is not None and (request := requests.get()) is not None:
        what, arguments = request["ask"], request["arguments"]
        _answered(answers, request["id"], lambda: _call(plugin, what, arguments))  # noqa: B023 - called at once
    if plugin is not None:
        with contextlib.suppress(Exception):
            plugin.close()
    return 0


def _private_streams() -> tuple[TextIO, TextIO]:
    """Return our ways from and to the program.

    What a plug-in, or what it starts, reads is at its end at once: else it would wait for a person
    who is not there, and take our requests away. What it prints goes nowhere.
    """
    lines = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return lines, answers


def _read(stream: TextIO, requests: "queue.Queue[dict[str, Any] | None]") -> None:
    for line in stream:
        requests.put(json.loads(line))
    requests.put(None)
    # A plug-in that hangs hears of no end: it has a second for its own, like the program's parts.
    threading.Event().wait(1.0)
    os._exit(0)


def _open(name: str, settings: Mapping[str, Any]) -> Plugin:
    plugin: Plugin = find_plugin(name).load()(settings)
    return plugin


def _call(plugin: Plugin, what: str, arguments: Sequence[Any]) -> object:
    if what == "verbs":
        return {str(verb): _short(title) for verb, title in plugin.verbs.items()}
    if what == "perform":
        return _said(plugin.perform(Call(**arguments[0])))
    if what == "choices":
        return [_short(each) for each in list(plugin.choices(*arguments))[:MAX_CHOICES]]
    if what == "check":
        plugin.check(*arguments)
        return None
    return _said(plugin.state())


def _said(answer: object) -> str | None:
    return None if answer is None else _short(answer)


def _short(text: object) -> str:
    return str(text)[:MAX_TEXT]


def _answered(answers: TextIO, number: int, work: Any) -> Any:
    """Do the work, answer with what it returns or raises, and return what it returned.

    A copy of this process that a plug-in has forked, and that comes back from the work as well,
    ends: it would answer a second time, and wait for ever for requests that it does not get.
    """
    ours = os.getpid()
    try:
        found = work()
        answer = None if number == 0 else found
        line = json.dumps({"id": number, "answer": answer})
    except BaseException as error:  # noqa: BLE001  # whatever a plug-in raises is an answer
        found = None
        line = json.dumps({"id": number, "error": _short(_reason(error))})
    if os.getpid() != ours:
        os._exit(0)
    answers.write(line + "\n")
    return found


def _reason(error: BaseException) -> str:
    """Return what an exception says, such as that of `sys.exit`, whatever becomes of asking it."""
    kind = type(error).__name__
    try:
        return f"{kind}: {str(error) or 'no reason was given'}"
    except Exception:  # noqa: BLE001  # its `__str__` is the plug-in's, too
        return kind


if __name__ == "__main__":
    sys.exit(main())
