"""Names of classes as other tools write them, made into ours."""

import re

from training.errors import TrainingError

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def class_name(name: object) -> str:
    """Return a class's name in snake case. Raises `TrainingError` when it cannot be one."""
    found = re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")
    if not NAME.fullmatch(found):
        raise TrainingError(f"The class {name!r} cannot name a gesture: rename it there.")
    return found
