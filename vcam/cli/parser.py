"""How every command's help and errors look."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from vcam.core.texts import _, marked, ngettext

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction["OneSentenceParser"]  # it has no public name
else:
    Subparsers = object

UNKNOWN: Final = marked("unrecognized arguments: %s")
"""What argparse says of options that it does not know."""
CHOICE: Final = marked("invalid choice: %(value)r (choose from %(choices)s)")
"""What it says of a command, or a value, that is none of those it knows."""
OF_ARGPARSE: Final = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("show this help message and exit"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("the following arguments are required: %s"),
    marked("one of the arguments %s is required"),
    marked("not allowed with argument %s"),
    marked("expected one argument"),
    marked("expected at least one argument"),
    marked("invalid %(type)s value: %(value)r"),
    marked("ignored explicit argument %r"),
)
"""The rest of its words that a person can meet here, word for word."""
# It asks gettext for them, in a domain of its own that nobody translates; ours is asked instead.
vars(argparse).update(_=_, ngettext=ngettext)

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
            self.error(_(UNKNOWN) % " ".join(unknown))
        return found, unknown

    def _said(self, message: str) -> str:
        text = _("{problem}; see `{program} --help`")
        return text.format(problem=message + self._hint(message), program=self.prog)

    def _hint(self, message: str) -> str:
        """Return which command or option was likely meant, where one is unknown."""
        begins = _(UNKNOWN).partition("%s")[0]
        if message.startswith(begins):
            wrong = message.removeprefix(begins).split()[0].partition("=")[0]
            return _meant(wrong, list(self._option_string_actions))
        begins, _value, then = _(CHOICE).partition("%(value)r")
        _before, found, rest = message.partition(begins)
        if not found:
            return ""
        wrong, _between, choices = rest.partition(then.partition("%(choices)s")[0])
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
