"""How every command's help and errors look."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from vcam.core.texts import _, marked

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction["OneSentenceParser"]  # it has no public name
else:
    Subparsers = object

UNKNOWN: Final = "unrecognized arguments: "
"""How argparse begins what it says of options that it does not know."""
CLASSIFIER_HELP: Final = marked(
    "another two-head .onnx model, as `python -m training export` writes them"
)


class OneSentenceParser(argparse.ArgumentParser):
    """Says what is wrong in one sentence on stderr, without the whole usage, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and exit with 2."""
        self.exit(2, f"{self.prog}: {self._said(message)}\n")

    def parse_known_args(  # type: ignore[override]  # its overloads say the same
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and let a command itself say which of its options it does not know."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown and self._subparsers is None:
            self.error(UNKNOWN + " ".join(unknown))
        return found, unknown

    def _said(self, message: str) -> str:
        text = _("{problem}; see `{program} --help`")
        return text.format(problem=message + self._hint(message), program=self.prog)

    def _hint(self, message: str) -> str:
        """Return which command or option was likely meant, where one is unknown."""
        if message.startswith(UNKNOWN):
            wrong = message.removeprefix(UNKNOWN).split()[0].partition("=")[0]
            return _meant(wrong, list(self._option_string_actions))
        _before, marker, rest = message.partition("invalid choice: ")
        if not marker:
            return ""
        wrong, _from, choices = rest.partition(" (choose from ")
        allowed = [choice.strip(" ')") for choice in choices.split(",")]
        return _meant(wrong.strip("'"), allowed)


def _meant(wrong: str, allowed: Sequence[str]) -> str:
    close = get_close_matches(wrong, allowed, n=1)
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
