"""Take the README's pictures of the control panel, playing the demo clip.

`python docs/make_panel_pictures.py docs` needs Playwright and a Chromium on the PATH.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright

from vcam.system.image_files import read_image, write_image

WIDTH, HEIGHT = 1280, 800
MOMENTS: Final = {
    "live": "document.querySelector('.holding')?.textContent.startsWith('One finger')"
    " && document.querySelector('.meter .fill')?.style.getPropertyValue('--share') > 0.55",
    "gestures": "document.querySelector('[data-gesture=fist] .ring')?"
    ".style.getPropertyValue('--share') > 0.55",
    "settings": "document.querySelectorAll('.groups h2').length > 3",
    "teach": "/: (9|1.) of/.test(document.querySelector('.count')?.textContent)",
}
"""When to take each picture: a hold is well on its way."""
LONGEST_MS: Final = 60_000
SETTINGS: Final = '[profiles.zoom]\nbindings = [\n  { gesture = "stop", action = "mic.mute" },\n  \
{ gesture = "palm", action = "mic.unmute", hold_ms = 800 },\n  { gesture = "mute", action = \
"key:alt+a", hold_ms = 800 },\n  { gesture = "one", action = "key:alt+y", hold_ms = 1000 },\n  \
{ gesture = "fist", action = "hold:space" },\n  { gesture = "rock", action = "reaction:🎉" },\n]\n'


def take(page: Page, address: str, name: str, scheme: str, folder: Path) -> None:
    """Save one page as WebP."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{address}#{name}")
    if name == "teach":
        page.get_by_label("Its name, such as vulcan").fill("vulcan")
        page.get_by_role("button", name="Start").click()
    for _ in range(LONGEST_MS // 40):
        if page.evaluate(MOMENTS[name]):
            break
        page.wait_for_timeout(40)
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / "page.png"
        page.screenshot(path=raw)
        target = folder / f"panel-{name}.webp"
        write_image(target, np.asarray(read_image(raw)), [cv2.IMWRITE_WEBP_QUALITY, 85])


def main(folder: Path) -> None:
    """Start the program, take the pictures, end it."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch) / "settings.toml"
        settings.write_text(f'profile = "zoom"\n{SETTINGS}', encoding="utf-8")
        command = [sys.executable, "-u", "-m", "vcam", "panel", "--camera", "demo"]
        command += ["--output", "null", "--dry-run", "--no-browser", "--config", str(settings)]
        folders = {"XDG_STATE_HOME": scratch, "XDG_CONFIG_HOME": scratch}
        program = subprocess.Popen(  # noqa: S603 (fixed words)
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **folders}
        )
        try:
            address = (program.stdout.readline() if program.stdout else "").split()[-1]
            with sync_playwright() as playwright:
                path = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
                take(page, address, "live", "light", folder)
                take(page, address, "gestures", "dark", folder)
                take(page, address, "settings", "dark", folder)
                take(page, address, "teach", "light", folder)
                browser.close()
        finally:
            program.terminate()
            program.wait(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
