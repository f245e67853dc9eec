"""Actions of other packages: each in a process of its own, and none in anybody's way."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.plugins import WELL, Installs, installs_into
from vcam.actions.pending_outcome import Pending
from vcam.actions.plugins.child import MAX_STRAY, PluginProcess
from vcam.actions.plugins.installed import installed_plugins
from vcam.actions.plugins.plugin import Call
from vcam.actions.plugins.plugins import Plugins, PluginSettings
from vcam.actions.plugins.runner import MAX_WAITING
from vcam.core.outcome import DONE, Outcome
from vcam.errors import ActionError

PATIENCE_S = 20.0


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installs:
    """Return what installs a plug-in for this test alone."""
    return installs_into(tmp_path, monkeypatch)


class Desk:
    """Plug-ins, and what they told the person."""

    def __init__(self) -> None:
        self.reported: list[str] = []
        self.plugins = Plugins(self.reported.append, PluginSettings())

    def allow(self, *names: str, limit_s: float = 5.0) -> None:
        """Let these be used, each with a table of its own."""
        tables = {name: {"room": "study"} for name in names}
        self.plugins.apply_settings(PluginSettings(names, limit_s, tables), {})

    def does(self, plugin: str, verb: str, argument: str = "") -> Outcome:
        """Have it done, and return what came of it."""
        return outcome_of(self.plugins.perform(plugin, Call(verb, argument, "stop", "left")))


def outcome_of(pending: Pending) -> Outcome:
    """Wait for an outcome."""
    came = threading.Event()
    found: list[Outcome] = []

    def hear(outcome: Outcome) -> None:
        found.append(outcome)
        came.set()

    pending.then(hear)
    assert came.wait(PATIENCE_S)
    return found[0]


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Return a desk, closed afterwards."""
    desk = Desk()
    yield desk
    desk.plugins.close()


def test_a_plugin_is_called_with_what_it_needs(desk: Desk, install: Installs) -> None:
    """Verb, argument, gesture, hand and its own settings reach it; what it returns is reported."""
    install("lamp", WELL)
    desk.allow("lamp")
    assert desk.does("lamp", "paint", "red") == DONE
    assert desk.reported == ["paint red stop left {'room': 'study'}"]
    assert list(desk.plugins.choices("lamp", "paint")) == ["red", "green"]


def test_nothing_is_loaded_that_is_not_allowed(
    desk: Desk, install: Installs, tmp_path: Path
) -> None:
    """A plug-in that is installed and not allowed runs no line of its code."""
    install("lamp", f"open({str(tmp_path / 'loaded')!r}, 'w')\n{WELL}")
    assert "lamp" in installed_plugins()
    outcome = desk.does("lamp", "on")
    assert outcome.result == "failed"
    assert "allow" in (outcome.reason or "")
    desk.plugins.prepare([("lamp", "on", "")])
    assert not (tmp_path / "loaded").exists()
    assert "allow" in desk.reported[0]


def test_what_is_bound_is_checked_before_the_call(desk: Desk, install: Installs) -> None:
    """What could never be done is told when the binding is read, with the plug-in's own reason."""
    install("lamp", WELL)
    desk.allow("lamp")
    desk.plugins.prepare([("lamp", "paint", "invisible"), ("lamp", "of", "")])
    end = time.perf_counter() + PATIENCE_S
    while not desk.reported and time.perf_counter() < end:
        time.sleep(0.02)
    assert "nobody can see that colour" in desk.reported[0]
    assert "lamp.on" in (desk.does("lamp", "of").reason or "")
    assert "colon" in (desk.does("lamp", "paint").reason or "")
    assert "nothing behind" in (desk.does("lamp", "on", "red").reason or "")


def test_what_it_raises_is_the_reason(desk: Desk, install: Installs) -> None:
    """An action that raises has failed, with its words, and the next one is done."""
    install("lamp", WELL)
    desk.allow("lamp")
    assert "the bulb is broken" in (desk.does("lamp", "fails").reason or "")
    assert desk.does("lamp", "on") == DONE


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux' processes")
def test_what_a_stopped_plugin_has_started_ends_too(
    desk: Desk, install: Installs, tmp_path: Path
) -> None:
    """A plug-in that hangs behind a program of its own leaves nothing running."""
    started = tmp_path / "started"
    hangs = (
        "import subprocess, time\n"
        "        started = subprocess.Popen(['sleep', '99'])\n"
        f"        open({str(started)!r}, 'w').write(str(started.pid))\n"
        "        time.sleep(99)\n"
        '        print("'
    )
    install("parent", WELL.replace('print("', hangs))
    desk.allow("parent", limit_s=2.0)
    assert "was stopped" in str(desk.does("parent", "on").reason)
    end = time.perf_counter() + PATIENCE_S
    while Path(f"/proc/{started.read_text()}").exists() and "Z" not in _state(started.read_text()):
        assert time.perf_counter() < end
        time.sleep(0.02)


def _state(pid: str) -> str:
    """Return the letter of a process's state; Z where nobody has waited for it, or it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_plugin_that_sleeps_is_stopped(desk: Desk, install: Installs) -> None:
    """After its time limit it is stopped and the action has failed; others never wait for it."""
    install("slow", WELL.replace('print("', 'import time; time.sleep(99); print("'))
    install("lamp", WELL)
    desk.allow("slow", "lamp", limit_s=1.5)
    desk.plugins.prepare([("slow", "on", ""), ("lamp", "on", "")])
    before = time.perf_counter()
    pending = desk.plugins.perform("slow", Call("on", ""))
    assert time.perf_counter() - before < 0.2
    assert desk.does("lamp", "on") == DONE
    assert "within 1.5 s" in (outcome_of(pending).reason or "")


def test_a_plugin_that_is_busy_refuses_more(desk: Desk, install: Installs) -> None:
    """Gestures do not pile up before a plug-in that is slow."""
    install("slow", WELL.replace('print("', 'import time; time.sleep(1); print("'))
    desk.allow("slow", limit_s=5)
    waiting = [desk.plugins.perform("slow", Call("on", "")) for _ in range(MAX_WAITING + 3)]
    assert "too busy" in (outcome_of(waiting[-1]).reason or "")
    desk.plugins.close()
    assert {outcome_of(each).result for each in waiting[2:]} == {"failed"}


LEAVES = {
    "sys.exit('the bulb is out of reach')": "SystemExit: the bulb is out of reach",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "raise type('Mute', (Exception,), {'__str__': lambda self: 1 / 0})": "Mute",
}


@pytest.mark.parametrize("line", list(LEAVES))
def test_a_plugin_that_would_end_its_process(desk: Desk, install: Installs, line: str) -> None:
    """Whatever it raises is a reason, as that of a library that ends programs; the next is done."""
    install("lamp", WELL.replace('raise RuntimeError("the bulb is broken")', f"import sys; {line}"))
    desk.allow("lamp")
    assert LEAVES[line] in (desk.does("lamp", "fails").reason or "")
    assert desk.does("lamp", "on") == DONE


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux' processes")
def test_a_plugin_that_forks_leaves_no_copy(desk: Desk, install: Installs, tmp_path: Path) -> None:
    """A copy that it makes of its process answers nothing, and does not stay behind."""
    pids = tmp_path / "pids"
    forks = (
        "import os; os.fork()\n"
        f"        open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        '        print("'
    )
    install("lamp", WELL.replace('print("', forks))
    desk.allow("lamp")
    for _ in range(3):
        assert desk.does("lamp", "on") == DONE
    desk.plugins.close()
    end = time.perf_counter() + PATIENCE_S
    while any(_state(pid) != "Z" for pid in pids.read_text().split()):
        assert time.perf_counter() < end
        time.sleep(0.02)
    assert len(pids.read_text().split()) == 6


def test_a_plugin_that_asks_its_person(desk: Desk, install: Installs) -> None:
    """Nobody answers `input()` there: it is told so at once, and the next request still comes."""
    install(
        "asks", WELL.replace('raise RuntimeError("the bulb is broken")', "input('Which bulb?')")
    )
    desk.allow("asks")
    assert "EOFError" in (desk.does("asks", "fails").reason or "")
    assert desk.does("asks", "on") == DONE


def test_what_a_plugin_says_is_whole_letters(desk: Desk, install: Installs) -> None:
    """Half a letter fits in no page and no file, and would end what it is sent through."""
    install("odd", WELL.replace('"the bulb is broken"', r'"caf\udce9"'))
    desk.allow("odd")
    assert (desk.does("odd", "fails").reason or "").endswith("caf?")


def test_what_is_closed_is_asked_nothing(install: Installs) -> None:
    """Whoever asks while the program closes a plug-in is told so, and hears of no closed file."""
    install("lamp", WELL)
    process = PluginProcess("lamp", {})
    assert "on" in process.ask("verbs", [], PATIENCE_S)
    opened = process._open
    process._open = lambda: (opened(), process.close())[0]  # type: ignore[method-assign,func-returns-value]
    with pytest.raises(ActionError):
        process.ask("verbs", [], PATIENCE_S)


BROKEN = {
    "no_module": "raise ImportError('no such thing as lampd')",
    "no_class": "x = 1",
    "bad_init": WELL.replace("self.settings = settings", "1 / 0"),
    "no_verbs": WELL.replace("verbs = {", "words = {"),
    "exits": "import os; os._exit(3)",
    "crashes": WELL.replace('print("', 'import os; os.abort(); print("'),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_a_broken_plugin_is_reported(desk: Desk, install: Installs, kind: str) -> None:
    """Whatever is wrong with it, the action fails with a sentence, and nothing else happens."""
    install("bad", BROKEN[kind])
    desk.allow("bad")
    outcome = desk.does("bad", "on")
    assert outcome.result == "failed"
    assert "bad" in (outcome.reason or "")


FLOODS = {
    "prints": 'print("x" * 1000, flush=True) or [print("y" * 999) for _ in range(20000)]',
    "answers": "'z' * 50_000_000",
}


@pytest.mark.parametrize("kind", list(FLOODS))
def test_a_plugin_that_floods_is_cut_short(desk: Desk, install: Installs, kind: str) -> None:
    """What it prints goes nowhere, and what it tells is short."""
    line = f"        told = {FLOODS[kind]}\n        return str(told)\n"
    install("loud", WELL.replace("        print(", f"{line}        print(", 1))
    desk.allow("loud", limit_s=10)
    assert desk.does("loud", "on") == DONE
    assert len(desk.reported[0]) <= 500


def test_a_plugin_that_answers_unasked_is_stopped(desk: Desk, install: Installs) -> None:
    """One that finds its way to our pipe and writes there is ended."""
    code = WELL.replace(
        "        print(",
        f"        import os\n        for fd in range(3, 40):\n            try:\n"
        f"                os.write(fd, b'{{}}\\n' * {10 * MAX_STRAY})\n"
        "            except OSError:\n                pass\n        print(",
        1,
    )
    install("rude", code)
    desk.allow("rude")
    assert desk.does("rude", "on").result == "failed"


def test_a_busy_plugin_takes_no_time_from_this_process(desk: Desk, install: Installs) -> None:
    """One that computes without end costs our own process nothing: it has another interpreter."""
    install("hog", WELL.replace("        print(", "        while True: pass\n        print(", 1))
    desk.allow("hog", limit_s=1.5)
    desk.plugins.prepare([("hog", "on", "")])
    pending = desk.plugins.perform("hog", Call("on", ""))
    before = time.process_time()
    assert outcome_of(pending).result == "failed"
    assert time.process_time() - before < 0.5


def test_the_state_is_shown_to_who_asks(desk: Desk, install: Installs) -> None:
    """Whoever looks sees what the plug-in says of itself, or what is wrong with it."""
    install("lamp", WELL)
    desk.allow("lamp")
    assert desk.does("lamp", "on") == DONE
    end = time.perf_counter() + PATIENCE_S
    while not desk.plugins.states() and time.perf_counter() < end:
        time.sleep(0.05)
    assert desk.plugins.states() == {"lamp": "lamp is on"}


def test_other_settings_start_it_again(desk: Desk, install: Installs) -> None:
    """A plug-in is given its new settings; one that is allowed no more is ended."""
    install("lamp", WELL)
    desk.allow("lamp")
    desk.does("lamp", "on")
    desk.plugins.apply_settings(PluginSettings(("lamp",), 5.0, {"lamp": {"room": "hall"}}), {})
    desk.does("lamp", "on")
    assert "hall" in desk.reported[-1]
    desk.allow()
    assert desk.does("lamp", "on").result == "failed"


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill(pid, 0) asks on Unix alone")
def test_the_process_ends_with_the_program(install: Installs, tmp_path: Path) -> None:
    """When this program is killed, even a plug-in that hangs does not stay behind."""
    pid_file = tmp_path / "pid"
    code = WELL.replace(
        "        print(",
        f"        import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid()))\n"
        "        time.sleep(99)\n        print(",
        1,
    )
    install("slow", code)
    program = (
        "from vcam.actions.plugins.plugins import *\n"
        "from vcam.actions.plugins.plugin import Call\n"
        "plugins = Plugins(print, PluginSettings(('slow',), 60.0))\n"
        "plugins.perform('slow', Call('on', ''))\n"
        "import time; time.sleep(60)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", program])
    end = time.perf_counter() + PATIENCE_S
    while not (pid_file.exists() and pid_file.read_text()) and time.perf_counter() < end:
        time.sleep(0.05)
    plugin = int(pid_file.read_text())
    running.kill()
    running.wait()
    while _lives(plugin) and time.perf_counter() < end:
        time.sleep(0.05)
    assert not _lives(plugin)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_an_unknown_plugin_is_named(desk: Desk, install: Installs) -> None:
    """A plug-in that is allowed and not installed is a sentence that says so."""
    desk.allow("nowhere")
    assert "not installed" in (desk.does("nowhere", "on").reason or "")
    with pytest.raises(ActionError, match="not installed"):
        desk.plugins.verbs("nowhere")
