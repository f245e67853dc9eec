"""Memory that two processes see: one writes images there, the other shows them."""

import mmap
import os
import sys
import tempfile
from pathlib import Path
from secrets import token_hex
from typing import Final

WINDOWS_NAME: Final = "name:"


class SharedMemory:
    """Made by the process that writes; `address` leads the other one to it.

    It has no name that outlives the two, so nothing is left behind whatever ends them. On Windows
    it is a mapping by a name that nobody can guess, elsewhere an open file that has no name.
    """

    def __init__(self, size: int) -> None:
        """`size` is in bytes."""
        self._file = -1
        if sys.platform == "win32":
            name = f"vcam-{os.getpid()}-{token_hex(16)}"
            self.address = WINDOWS_NAME + name
            self.memory = mmap.mmap(-1, size, tagname=name)
            return
        self._file = _nameless_file()
        os.truncate(self._file, size)
        self.address = str(self._file)
        self.memory = mmap.mmap(self._file, size)

    @property
    def files(self) -> tuple[int, ...]:
        """The open files that the other process has to inherit."""
        return () if self._file < 0 else (self._file,)

    def close(self) -> None:
        """Give it back; the other process keeps its view of it."""
        self.memory.close()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def open_memory(address: str, size: int) -> mmap.mmap:
    """Return the memory of another process, by its `address`."""
    if sys.platform == "win32":
        return mmap.mmap(-1, size, tagname=address.removeprefix(WINDOWS_NAME))
    return mmap.mmap(int(address), size)


def _nameless_file() -> int:
    """Return an open file in memory where the system has such, else on disk, already deleted."""
    if sys.platform == "linux":
        return os.memfd_create("vcam preview")
    file, name = tempfile.mkstemp()
    Path(name).unlink()
    return file
