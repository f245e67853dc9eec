"""Whether the packages that the runtime needs are there, and load.

They are loaded in a process of its own: a broken one may end it, and this one stays as it was.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final, TextIO

from vcam.core.check_result import CheckResult
from vcam.core.texts import _
from vcam.system.child_process import is_frozen
from vcam.system.package_errors import DISTRIBUTIONS, opencvs, remedy

NEEDED: Final[tuple[str, ...]] = (
    "numpy",
    "cv2",
    "onnxruntime",
    "av",
    "pyvirtualcam",
    "rich",
    "tomlkit",
    "platformdirs",
)
LOADS: Final = "pynput"
"""Needed too, where it presses the keys; on Linux it does not load without a display."""
TIMEOUT_S: Final = 60
LAST_WORDS_S: Final = 2.0
"""How long its last words may be on their way after its end."""
_SCRIPT: Final = """
import importlib, json, sys
for name in sys.argv[1:]:
    print(json.dumps([name, None, "it ended Python"]), flush=True)
    try:
        version = getattr(importlib.import_module(name), "__version__", None)
        path = getattr(sys.modules[name], "__file__", None)
        error = None if path else "its folder is empty"
    except BaseException as raised:
        version, error = None, f"{type(raised).__name__}, {raised}"
    print(json.dumps([name, version, error]), flush=True)
"""


def check_packages() -> list[CheckResult]:
    """Load the packages that the runtime needs, elsewhere."""
    if is_frozen():  # they came with the program, and there is no Python to try them with
        return [CheckResult("packages", "ok", _("came with the program"))]
    names = NEEDED if sys.platform == "linux" else (*NEEDED, LOADS)
    loaded = _loaded(names)
    failed = [_failed(name, said) for name, (_version, said) in loaded.items() if said is not None]
    text = ", ".join(
        f"{name} {version or _installed(name)}" for name, (version, _said) in loaded.items()
    )
    return [*(failed or [CheckResult("packages", "ok", text)]), *_opencv_twice()]


def _failed(name: str, said: str) -> CheckResult:
    text = _("{package} does not load ({reason})").format(
        package=DISTRIBUTIONS[name], reason=" ".join(said.split())
    )
    return CheckResult("packages", "fail", text, remedy(name))


def _opencv_twice() -> list[CheckResult]:
    found = opencvs()
    if len(found) < 2:
        return []
    both = " and ".join(f"{name} {version}" for name, version in found.items())
    text = _("{both} share one folder: taking one out breaks the other").format(both=both)
    return [
        CheckResult(
            "packages",
            "warn",
            text,
            _("after taking one out: {remedy}").format(remedy=remedy("cv2")),
        )
    ]


def _loaded(names: tuple[str, ...]) -> Mapping[str, tuple[str | None, str | None]]:
    """Return version and error of each package, as a new process finds them."""
    found: dict[str, tuple[str | None, str | None]] = {}
    while missing := [name for name in names if name not in found]:
        before = len(found)
        for name, version, error in _answers(missing):
            found[name] = (version, error)
        if len(found) == before:
            return found | dict.fromkeys(missing, (None, _("Python does not start")))
    return found


def _answers(names: list[str]) -> list[tuple[str, str | None, str | None]]:
    """Return what the process said until it ended, or was ended.

    Not until its output ends: a package may start a process that outlives it and keeps that open.
    """
    command = [sys.executable, "-c", _SCRIPT, *names]
    lines: list[str] = []
    try:
        process = subprocess.Popen(  # noqa: S603  # our own Python, and names of our own
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    except OSError:
        return []
    assert process.stdout is not None  # noqa: S101  # asked for
    reader = threading.Thread(target=_collect, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    reader.join(LAST_WORDS_S)
    return [json.loads(line) for line in list(lines) if line.startswith("[")]


def _collect(said: TextIO, lines: list[str]) -> None:
    with said:
        for line in said:
            lines.append(line)  # noqa: PERF402  # one by one: the last may never come


def _installed(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTIONS[name])
    except PackageNotFoundError:
        return ""
