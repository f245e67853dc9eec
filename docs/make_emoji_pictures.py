"""Draw the pictures of `vcam/overlay/emoji` from Noto Emoji, as the npm registry has it.

npm pack @iconify-json/noto && tar xzf iconify-json-noto-*.tgz
python docs/make_emoji_pictures.py package
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import sync_playwright

from vcam.overlay.emoji_set import ALL, TONED, TONES, file_stem

SIDE = 256
QUALITY = 88
TARGET = Path(__file__).parents[1] / "vcam" / "overlay" / "emoji"


def svg(package: dict[str, Any], icon: str) -> str:
    """Return one icon as an SVG document."""
    found = package["icons"]
    while icon not in found:
        icon = package["aliases"][icon]["parent"]
    body, side = found[icon]["body"], package.get("width", 128)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{SIDE}" height="{SIDE}" viewBox="0 0 {side} {side}">{body}</svg>'
    )


def main(folder: Path) -> None:
    """Draw all of them with Chromium, and write them as WebP with transparency."""
    package = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    names = json.loads((folder / "chars.json").read_text(encoding="utf-8"))
    signs = [*ALL, *(sign + tone for sign in TONED for tone in TONES)]
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": SIDE, "height": SIDE})
        for sign in signs:
            icon = names.get(file_stem(sign).replace("_", "-"))
            if icon is None:
                sys.exit(f"{sign} {file_stem(sign)} is not in the package")
            data = base64.b64encode(svg(package, icon).encode()).decode()
            page.set_content(
                '<body style="margin:0;background:transparent">'
                f'<img style="display:block" src="data:image/svg+xml;base64,{data}">'
            )
            page.wait_for_function("document.images[0].complete")
            shot = np.frombuffer(page.screenshot(omit_background=True), np.uint8)
            image = cv2.imdecode(shot, cv2.IMREAD_UNCHANGED)
            if image is None:
                sys.exit(f"{sign} was not drawn")
            file = TARGET / f"{file_stem(sign)}.webp"
            _, data = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
            file.write_bytes(data.tobytes())
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
