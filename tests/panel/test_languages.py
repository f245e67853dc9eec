"""The panel in every language: whole, accessible, and changed while it is open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.panel.test_page import PAGES, WCAG, WHOLE
from tests.rigs.browser import opened
from tests.rigs.panel import Panelled, panelled_by
from vcam.core.texts import ENGLISH, use_language

OTHERS = {
    "de": ("Gesten pausieren", "Einstellungen", "Sprache des Programms"),
    "fr": ("Suspendre les gestes", "Réglages", "Langue du programme"),
}


@pytest.fixture(params=OTHERS)
def panelled(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Panelled]:
    """Return the running program in a language of the settings."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with panelled_by(tmp_path, f'language = "{request.param}"\n') as running:
        yield running
    use_language(ENGLISH)


@pytest.fixture
def page(browser: Any, panelled: Panelled) -> Iterator[Any]:
    """Return the opened panel."""
    yield from opened(browser, panelled.address)


def test_every_page_is_accessible_and_fits(page: Any, panelled: Panelled) -> None:
    """Longer words break no rule of WCAG 2.2 AA and never run over a window 360 pixels wide."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    language = panelled.app._live.settings.language
    page.get_by_role("button", name=OTHERS[language][0]).wait_for()
    assert page.evaluate("document.documentElement.lang") == language
    page.emulate_media(reduced_motion="reduce")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for name in PAGES:
            page.goto(panelled.address + f"#{name}")
            page.locator(WHOLE[name]).first.wait_for(state="attached")
            if width == 360:  # where longer words have the least room
                found = axe.run(page, options=WCAG).response["violations"]
                assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], name
            widest = page.evaluate("document.documentElement.scrollWidth")
            assert widest <= width, (name, width)


def test_another_language_is_there_at_once(page: Any, panelled: Panelled) -> None:
    """Chosen on the page itself, by a menu that keeps the focus, and it is back with the other."""
    language = panelled.app._live.settings.language
    _, title, label = OTHERS[language]
    page.goto(panelled.address + "#settings")
    page.get_by_role("heading", name=title, exact=True).wait_for()
    menu = page.get_by_label(label)
    menu.focus()
    menu.select_option("en")
    page.get_by_role("heading", name="Settings", exact=True).wait_for()
    assert page.evaluate("document.activeElement.dataset.key") == "language"
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_label("Language of the program").select_option(language)
    page.get_by_role("heading", name=title, exact=True).wait_for()
    assert f'language = "{language}"' in panelled.settings.read_text()


def test_the_bar_stays_one_line_while_paused(page: Any, panelled: Panelled) -> None:
    """In a window of 1280 pixels the button that pauses stays beside the menu, all of it."""
    page.set_viewport_size({"width": 1280, "height": 800})
    button = page.get_by_role("button", name=OTHERS[panelled.app._live.settings.language][0])
    for pressed in ("false", "true"):
        page.wait_for_selector(f'.pause[data-paused="{pressed}"]')
        menu, pause = page.locator("nav").bounding_box(), page.locator(".pause").bounding_box()
        assert pause["y"] < menu["y"] + menu["height"]
        assert pause["height"] < 50
        if pressed == "false":
            button.click()
