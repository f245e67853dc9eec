"""How `vcam last --missed` asks the running program to keep the last seconds.

By two small files in the folder of missed gestures, which only its owner can read: the command
writes `asked.json`, and whichever program remembers takes it away and answers in `answer.json`.
"""

import contextlib
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from vcam.core.texts import _
from vcam.errors import ConfigError, OutputError, VcamError
from vcam.system.atomic_write import write_private
from vcam.system.json_files import MALFORMED, parse_json, read_json, read_regular

ASKED, ANSWER = "asked.json", "answer.json"
FRESH_S: Final = 5.0
"""An older request is of a command that has gone: nothing is kept for it."""
WAIT_S: Final = 3.0
"""How long the command waits for an answer."""


def ask_to_keep(folder: Path, gesture: str) -> str:
    """Ask the running program to keep the last seconds as pictures of a gesture.

    Returns the sentence that it says. Raises `ConfigError` when no program answers or it refuses.
    """
    token = secrets.token_hex(8)
    content = {"gesture": gesture, "token": token, "when": time.time()}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / ASKED, json.dumps(content).encode())
    except OSError as error:
        raise OutputError(
            _(
                "The pictures cannot be kept in {folder} ({reason}): see the folder's rights."
            ).format(folder=folder, reason=error.strerror)
        ) from None
    try:
        found = _wait_for(folder, token)
    finally:
        (folder / ASKED).unlink(missing_ok=True)
        (folder / ANSWER).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # it stays where pictures lie in it
            folder.rmdir()
    if found is None:
        raise ConfigError(
            _(
                "No running program remembers the last seconds: start vcam panel or vcam run "
                "with remember_missed = true, and show the gesture again."
            )
        )
    if "error" in found:
        raise ConfigError(str(found["error"]))
    return str(found.get("said", ""))


def take_request(folder: Path) -> dict[str, Any] | None:
    """Take a request away and return it; None where there is none, or none that is fresh."""
    asked, claimed = folder / ASKED, folder / f"{ASKED}.taken"
    if not asked.exists():
        return None
    try:
        asked.replace(claimed)  # of two programs, one gets it
        sent = read_regular(claimed)
        claimed.unlink()
        content = parse_json(sent)
        fresh = abs(time.time() - float(content["when"])) < FRESH_S
        names = isinstance(content["gesture"], str) and isinstance(content["token"], str)
    except MALFORMED:
        return None
    return dict(content) if fresh and names else None


def answer(folder: Path, asked: dict[str, Any], keep: Callable[[str], str]) -> None:
    """Do what was asked and write down what came of it. Raises OSError."""
    try:
        content = {"said": keep(asked["gesture"])}
    except VcamError as error:
        content = {"error": str(error)}
    write_private(folder / ANSWER, json.dumps({**content, "token": asked["token"]}).encode())


def _wait_for(folder: Path, token: str) -> dict[str, Any] | None:
    end = time.perf_counter() + WAIT_S
    while time.perf_counter() < end:
        with contextlib.suppress(OSError, ValueError):
            content = read_json(folder / ANSWER)
            if isinstance(content, dict) and content.get("token") == token:
                return content
        time.sleep(0.05)
    return None
