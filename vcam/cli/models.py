"""`vcam models`: which models there are, and whether they are whole."""

import argparse
import json
from typing import TYPE_CHECKING, Any, Final

from vcam.cli.parser import Subparsers, add_command
from vcam.core.texts import _, marked

if TYPE_CHECKING:
    from vcam.errors import ModelError
    from vcam.vision.models.card import ModelCard

EXAMPLES: Final = marked("""\
examples:
  vcam models
  vcam models --json
""")


def add_parser(subparsers: Subparsers) -> None:
    """Add `models`."""
    parser = add_command(
        subparsers, "models", _("list the models and check that they are whole"), EXAMPLES
    )
    parser.add_argument("--json", action="store_true", help=_("the cards, as one JSON list"))


def run(args: argparse.Namespace) -> int:
    """Print the cards; exit 2 when a model is damaged."""
    from vcam.errors import ModelError
    from vcam.vision.models.bundled import verified_cards

    cards = list(verified_cards())
    if args.json:
        print(json.dumps([_as_json(name, card) for name, card in cards], indent=2))
    else:
        _print_table(cards)
    return 2 if any(isinstance(card, ModelError) for _, card in cards) else 0


def _as_json(name: str, card: "ModelCard | ModelError") -> dict[str, Any]:
    if isinstance(card, Exception):
        return {"name": name, "ok": False, "error": str(card)}
    return {"name": name, "ok": True, **card.content}


def _print_table(cards: "list[tuple[str, ModelCard | ModelError]]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("model", "does", "takes", "weights", "state")
    licences: dict[str, list[str]] = {}
    for name, card in cards:
        if isinstance(card, Exception):
            table.add_row(name, "", "", "", f"[red]{card}[/red]")
            continue
        takes = f"{card.width}x{card.height} {card.content['input']['dtype']} RGB"
        weights = f"{card.content['parameters']:,}"
        table.add_row(name, card.task, takes, weights, "[green]whole[/green]")
        licences.setdefault(card.content["licence"], []).append(name)
    console = Console(highlight=False)
    console.print(table)
    for licence, names in licences.items():
        text = _("Licence of {models}: {licence}").format(models=", ".join(names), licence=licence)
        console.print(text, markup=False, soft_wrap=True)
