"""A display of our own, with a listener in a process of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rigs.piped import piped

ROOT = Path(__file__).parents[2]
OPTIONS = ("-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset")
"""Nothing from the network; the keyboard layout outlives the program that set it."""

LISTENER = """
import sys
from pynput import keyboard

def tell(sign):
    def told(key):
        print(sign, getattr(key, "name", None) or getattr(key, "char", None) or key, flush=True)
    return told

with keyboard.Listener(on_press=tell("+"), on_release=tell("-")) as listener:
    listener.wait()
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Start Xvfb on a free display and give the environment that leads to it; skips without."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed: apt install xvfb")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), *OPTIONS]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        environment = {k: v for k, v in os.environ.items() if "WAYLAND" not in k}
        try:
            environment |= {"DISPLAY": f":{number}", "PYTHONPATH": str(ROOT)}
            yield environment | {"XVFB_PID": str(server.pid)}
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:  # it slept through the signal, and nobody wakes it
                server.kill()


@contextmanager
def listener(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Start a process that prints every key it hears, one a line."""
    with piped(environment, "-c", LISTENER) as process:
        assert heard(process, 1) == ["ready"]
        yield process


def heard(process: "subprocess.Popen[str]", lines: int) -> list[str]:
    """Return the next lines that the listener prints."""
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(lines)]


def press(environment: dict[str, str], code: str) -> "subprocess.CompletedProcess[str]":
    """Run code with the desktop's own `keyboard` in a process of its own."""
    start = (
        "from vcam.actions.keyboard.open import open_keyboard\n"
        "from vcam.actions.keyboard.held_keys import HeldKeys, press_chord\n"
        "from vcam.actions.chord import parse_chord\n"
        "keyboard = open_keyboard()\n"
        "held = HeldKeys(keyboard)\n"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", start + code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert time.perf_counter() - began < 15
    return done
