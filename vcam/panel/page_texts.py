"""The texts of the page in the language in force."""

import json
from dataclasses import asdict
from importlib.resources.abc import Traversable
from typing import Any

from vcam.core.check_result import CheckResult
from vcam.core.texts import FOLDER, _, language


def page_texts() -> dict[str, Any]:
    """Return the language and its texts by the keys of `page/words.js`; English stands there."""
    path = FOLDER / language() / "LC_MESSAGES" / "page.json"
    texts = json.loads(path.read_bytes()) if path.is_file() else {}
    return {"language": language(), "texts": texts}


def page_file(file: Traversable) -> bytes:
    """Return a file of the page; HTML with what it says before, or without, its script."""
    data = file.read_bytes()
    if not file.name.endswith(".html"):
        return data
    no_script = _("This page needs JavaScript, which comes from this program alone.")
    return data.replace(b"{no_script}", no_script.encode()).replace(
        b"{language}", language().encode()
    )


def finding_table(found: CheckResult) -> dict[str, Any]:
    """Return what the doctor found as plain data; `name` is English, `title` for people."""
    return {**asdict(found), "title": found.title, "command": found.command}
