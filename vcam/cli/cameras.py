"""`vcam cameras`: which cameras there are."""

import argparse
from dataclasses import asdict
from typing import Final

from vcam.cli.console import print_json
from vcam.cli.parser import Subparsers, add_command
from vcam.core.texts import _, marked

EXAMPLES: Final = marked("""\
examples:
  vcam cameras
  vcam run --camera 1              use the camera with index 1
""")


def add_parser(subparsers: Subparsers) -> None:
    """Add `cameras`."""
    parser = add_command(subparsers, "cameras", _("list the cameras of this machine"), EXAMPLES)
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(args: argparse.Namespace) -> int:
    """Print the list; an empty one is no error."""
    from vcam.camera.listing import list_cameras

    rows = [asdict(camera) for camera in list_cameras()]
    if args.json:
        print_json({"cameras": rows})
    elif not rows:
        print(
            _("no camera found; `vcam demo` needs none, and `vcam doctor` says what may be wrong")
        )
    else:
        _print_table(rows)
    return 0


def _print_table(rows: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    names = [row["name"] for row in rows]
    if len(set(names)) == len(names) and "unique_id" in columns:
        columns.remove("unique_id")  # long, and needed only to tell cameras of one name apart
    table = Table(*columns)
    for row in rows:
        values = (row[name] for name in columns)
        table.add_row(*(Text("" if value is None else str(value)) for value in values))
    Console().print(table)
