"""A headless Chromium on the panel, where there is one."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium(*more: str) -> Iterator[Any]:
    """Yield a browser of Playwright's on the Chromium of this machine; skip where one is missing.

    `more` are switches of the command line.
    """
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *more])
        yield browser
        browser.close()
