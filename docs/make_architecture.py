"""Draw `docs/architecture.svg`: the rooms on their floors and the imports between them.

`python docs/make_architecture.py` reads the floors from `pyproject.toml` and the arrows from the
source, so the drawing cannot claim what is not so. Run it again when rooms change.
"""

import tomllib
from pathlib import Path
from typing import Final

import grimp

ROOT: Final = Path(__file__).parents[1]
SAYS: Final = {
    "cli": "one file a command",
    "app": "composes and steers a run",
    "panel": "the page in your browser",
    "tray": "the icon beside the clock",
    "diagnostics": "doctor, benchmark",
    "settings": "read, check, edit, watch",
    "pipeline": "the two paths",
    "integrations": "OBS, MQTT, other programs",
    "actions": "keys, microphone, windows",
    "camera": "frames in",
    "output": "frames out",
    "vision": "detect, classify, track",
    "history": "what fired",
    "overlay": "drawing",
    "gestures": "holds, guards, swipes",
    "system": "paths, files, clock",
    "core": "the shared types",
    "errors": "what a person can cause",
}
GROUND: Final = ("core", "errors", "system")
"""Rooms that any other may import: their arrows would hide the rest."""
BOX_W, BOX_H, GAP_X, GAP_Y, WIDTH = 158, 46, 14, 44, 920
STYLE: Final = """
  .room { fill: #ffffff; stroke: #2f6f4f; stroke-width: 1.5 }
  .name { font: 600 15px system-ui, sans-serif; fill: #17402c }
  .says { font: 11px system-ui, sans-serif; fill: #4d5b54 }
  .arrow { stroke: #7d9a8b; stroke-width: 1.4; fill: none; opacity: .75 }
"""


def floors() -> list[list[str]]:
    """Return the rooms of each floor, the highest first, as import-linter checks them."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    rooms = [[name.strip() for name in layer.split("|")] for layer in layers]
    return [floor for floor in rooms if floor != ["__main__"]]


def arrows(rooms: list[str]) -> list[tuple[str, str]]:
    """Return which room imports which, without the rooms that nearly all import."""
    graph = grimp.build_graph("vcam")
    for room in rooms:
        if graph.find_children(f"vcam.{room}"):
            graph.squash_module(f"vcam.{room}")
    return [
        (room, other)
        for room in rooms
        for other in rooms
        if room != other
        and other not in GROUND
        and graph.direct_import_exists(importer=f"vcam.{room}", imported=f"vcam.{other}")
    ]


def draw() -> str:
    """Return the drawing as SVG."""
    plan = floors()
    places: dict[str, tuple[float, float]] = {}
    for row, floor in enumerate(plan):
        left = (WIDTH - len(floor) * BOX_W - (len(floor) - 1) * GAP_X) / 2
        for column, room in enumerate(floor):
            places[room] = left + column * (BOX_W + GAP_X), 16 + row * (BOX_H + GAP_Y)
    height = 16 + len(plan) * (BOX_H + GAP_Y) - GAP_Y + 16
    lines = [_arrow(places[one], places[other]) for one, other in arrows(list(places))]
    boxes = [_box(room, *place) for room, place in places.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
        f"<title>The rooms of vcam; every arrow is an import and goes down</title>"
        f"<style>{STYLE}</style><rect width='100%' height='100%' fill='#f6f8f7'/>"
        f"{''.join(lines)}{''.join(boxes)}</svg>\n"
    )


def _arrow(one: tuple[float, float], other: tuple[float, float]) -> str:
    x0, y0 = one[0] + BOX_W / 2, one[1] + BOX_H
    x1, y1 = other[0] + BOX_W / 2, other[1]
    bend = (y1 - y0) / 2
    return f'<path class="arrow" d="M{x0},{y0} C{x0},{y0 + bend} {x1},{y1 - bend} {x1},{y1}"/>'


def _box(room: str, x: float, y: float) -> str:
    middle = x + BOX_W / 2
    return (
        f'<rect class="room" x="{x}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="8"/>'
        f'<text class="name" x="{middle}" y="{y + 20}" text-anchor="middle">{room}</text>'
        f'<text class="says" x="{middle}" y="{y + 36}" text-anchor="middle">{SAYS[room]}</text>'
    )


if __name__ == "__main__":
    (ROOT / "docs" / "architecture.svg").write_text(draw(), encoding="utf-8")
