"""How every command's help and errors look."""

import argparse
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from vcam.core.texts import _, marked

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction["OneSentenceParser"]  # it has no public name
else:
    Subparsers = object

CLASSIFIER_HELP: Final = marked(
    "another two-head .onnx model, as `python -m training export` writes them"
)


class OneSentenceParser(argparse.ArgumentParser):
    """Says what is wrong in one sentence on stderr, without the whole usage, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and exit with 2."""
        self.exit(2, f"{self.prog}: {self._said(message)}\n")

    def _said(self, message: str) -> str:
        text = _("{problem}; see `{program} --help`")
        return text.format(problem=message + self._hint(message), program=self.prog)

    def _hint(self, message: str) -> str:
        """Return which command was likely meant, when the message is about an unknown one."""
        _before, marker, rest = message.partition("invalid choice: ")
        if not marker:
            return ""
        wrong, _from, choices = rest.partition(" (choose from ")
        allowed = [choice.strip(" ')") for choice in choices.split(",")]
        close = get_close_matches(wrong.strip("'"), allowed, n=1)
        return _(" - did you mean {command}?").format(command=close[0]) if close else ""


def add_command(subparsers: Subparsers, name: str, text: str, examples: str) -> OneSentenceParser:
    """Add a command: one line for the list of commands, and examples below its own help."""
    return subparsers.add_parser(
        name,
        help=text,
        description=text[:1].upper() + text[1:] + ".",
        epilog=_(examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
