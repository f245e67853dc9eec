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


START_MS = 60_000
"""A program and a browser that begin while other tests run may take half of this."""


def opened(browser: Any, address: str) -> Iterator[Any]:
    """Give the opened panel; errors of its script and foreign requests fail when it is closed."""
    page = browser.new_page()
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    home = address.partition("#")[0]
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda asked: None if _is_ours(asked.url, home) else wrong.append(asked.url))
    page.goto(address, timeout=START_MS)
    page.wait_for_selector("#doing:not(:empty)", timeout=START_MS)
    yield page
    page.close()
    assert wrong == []


def _is_ours(url: str, home: str) -> bool:
    return url.startswith((home, "blob:", "data:"))
