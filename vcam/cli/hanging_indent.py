"""Text that goes on below itself, for lines that are longer than the terminal is wide."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def hanging(mark: "Text", text: "Text", console: "Console") -> Iterator["Text"]:
    """Yield lines no wider than the terminal: `mark` and the text, what goes on indented below it.

    A table would do the same, and fill every line with blanks that are copied along.
    """
    indent = " " * mark.cell_len
    for number, line in enumerate(text.wrap(console, max(20, console.width - len(indent)))):
        line.rstrip()
        yield (mark.blank_copy(indent) if number else mark) + line
