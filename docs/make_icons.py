"""Draw the program's icons: for the tray, the menus of the three systems, and their packages.

`python docs/make_icons.py` needs Pillow, Playwright and a Chromium on the PATH.
"""

import io
import re
import shutil
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
SVG: Final = ROOT / "vcam" / "panel" / "page" / "icon.svg"
TRAY: Final = ROOT / "vcam" / "tray" / "icons"
TRAY_SIDE: Final = 48
"""Trays show 16 to 48 pixels."""
GREEN, GREY, RED, AMBER = "#0a7a4e", "#5d6b64", "#b3213f", "#8a5a00"
BADGE: Final = '<circle cx="23.300" cy="23.300" r="8.200" fill="{ground}" stroke="#fff"/>{sign}'
BARS: Final = '<path d="M21.500 20v7M25.500 20v7" stroke="#fff" stroke-width="2.400"/>'
SLASHED: Final = (
    '<g fill="none" stroke="#fff" stroke-width="1.600" stroke-linecap="round">'
    '<rect x="22" y="18.300" width="3" height="6" rx="1.500" fill="#fff"/>'
    '<path d="M20 23.200a3.500 3.500 0 0 0 7 0M23.500 26.700v1.800M19.200 18.800l8.600 9.400"/></g>'
)
MARK: Final = (
    '<path d="M23.500 18.800v5.200M23.500 27.500v.1" stroke="#fff" stroke-width="2.400" '
    'stroke-linecap="round"/>'
)
STATES: Final = {
    "recognising": (GREEN, ""),
    "paused": (GREY, BADGE.format(ground=GREY, sign=BARS)),
    "muted": (GREEN, BADGE.format(ground=RED, sign=SLASHED)),
    "waiting": (GREY, BADGE.format(ground=AMBER, sign=MARK)),
}


def drawn(page: Page, svg: str, side: int) -> Image.Image:
    """Return an SVG as RGBA of that side in pixels."""
    sized = svg.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
    page.set_viewport_size({"width": side, "height": side})
    page.set_content(f'<body style="margin:0;background:transparent">{sized}')
    shot = page.screenshot(omit_background=True)
    return Image.open(io.BytesIO(shot)).convert("RGBA")


def in_state(svg: str, ground: str, badge: str) -> str:
    """Return the icon on another ground, with a badge in its corner."""
    return re.sub("</svg>$", f"{badge}</svg>", svg.strip().replace(GREEN, ground, 1))


def main() -> None:
    """Write all of them."""
    chromium = shutil.which("chromium") or sys.exit("there is no chromium on the PATH")
    svg = SVG.read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium).new_page()
        TRAY.mkdir(exist_ok=True)
        for state, (ground, badge) in STATES.items():
            image = drawn(page, in_state(svg, ground, badge), TRAY_SIDE)
            image.save(TRAY / f"vcam-{state}.png", optimize=True)
        large = drawn(page, svg, 1024)
        small = [drawn(page, svg, side) for side in (16, 20, 24, 32, 48, 64, 256)]
    packaging = ROOT / "packaging"
    sizes = [image.size for image in small]
    small[-1].save(packaging / "windows" / "vcam.ico", sizes=sizes, append_images=small[:-1])
    large.save(packaging / "macos" / "vcam.icns")


if __name__ == "__main__":
    main()
