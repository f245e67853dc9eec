"""What `vcam doctor --fix` may write, after it was shown."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from vcam.core.texts import _
from vcam.errors import VcamError
from vcam.system.atomic_write import write_atomic

READABLE: Final = 0o644


class Offer(Protocol):
    """Something that is missing on this computer and can be written."""

    @property
    def path(self) -> Path:
        """Where it goes: a file, or on Windows a value of the registry."""

    @property
    def content(self) -> str:
        """What is written there."""

    @property
    def why(self) -> str:
        """One sentence: what works once it is there."""

    @property
    def now(self) -> str | None:
        """The command that puts it in force without a restart."""

    @property
    def taken(self) -> bool:
        """Whether something of this name is there, which says something else."""

    @property
    def allowed(self) -> bool:
        """Whether this user may write it."""

    def write(self) -> None:
        """Write it, whole or not at all, and read it back. Raises `VcamError`."""


@dataclass(frozen=True, slots=True)
class SystemFile:
    """A file that is missing, and what it is good for."""

    path: Path
    content: str
    why: str
    """One sentence: what works once it is there."""
    now: str | None = None
    """The command that puts it in force without a restart."""

    @property
    def taken(self) -> bool:
        """Whether a file of this name is there, which says something else."""
        return self.path.exists()

    @property
    def allowed(self) -> bool:
        """Whether this user may write it."""
        folder = self.path.parent
        while not folder.exists():
            folder = folder.parent
        return os.access(folder, os.W_OK | os.X_OK)

    def write(self) -> None:
        """Write it, whole or not at all, and read it back. Raises `VcamError`."""
        if self.taken:
            raise VcamError(
                _("{path} is there already, and files that are there stay").format(path=self.path)
            )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path, self.content.encode(), mode=READABLE)
            self.path.chmod(READABLE)  # whatever the umask says: services read it
            same = self.path.read_text(encoding="utf-8") == self.content
        except OSError as error:
            raise VcamError(
                _("{path} cannot be written: {reason}").format(
                    path=self.path, reason=error.strerror or error
                )
            ) from None
        if not same:
            raise VcamError(
                _("{path} does not hold what was written; look at it").format(path=self.path)
            )

    def remove(self) -> None:
        """Take it away again; it need not be there. Raises `VcamError`."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise VcamError(
                _("{path} cannot be removed: {reason}").format(
                    path=self.path, reason=error.strerror or error
                )
            ) from None
