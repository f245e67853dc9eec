"""The Teach page as people use it, in headless Chromium, with the demo clip as the camera."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.browser import opened
from tests.rigs.panel import Panelled, panelled_by
from vcam.settings import load_settings


@pytest.fixture
def page(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the opened page; pictures go into the test's own folder."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with panelled_by(tmp_path, 'profile = "system"\n') as panelled:
        yield from opened(browser, panelled.address + "#teach")


@pytest.fixture
def learned_page(browser: Any, learned: Panelled) -> Iterator[Any]:
    """Return the page of that program."""
    yield from opened(browser, learned.address + "#teach")


def test_collecting_images(page: Any, tmp_path: Path) -> None:
    """Five pictures are taken after a countdown, looked at, one deleted, and then all."""
    page.get_by_label("Pictures for training").check()
    page.get_by_role("combobox", name="Gesture", exact=True).select_option(label="Rock")
    page.get_by_role("combobox", name="How many pictures").select_option("5")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("Rock in 2").wait_for()
    page.get_by_role("status").filter(has_text="Paused: nothing will fire").wait_for()
    page.get_by_text("5 pictures taken.").wait_for()
    page.get_by_role("button", name="Pause gestures").wait_for()
    assert len(list(tmp_path.rglob("rock/right/*.jpg"))) == 5
    page.get_by_role("button", name="Delete picture 2 of Rock").click()
    page.get_by_text("4 pictures").wait_for()
    assert len(list(tmp_path.rglob("rock/right/*.jpg"))) == 4
    page.get_by_role("button", name="Delete all pictures of Rock").click()
    assert len(list(tmp_path.rglob("rock/right/*.jpg"))) == 4
    page.get_by_role("button", name="Really delete 4 of Rock?").click()
    page.get_by_text("Nothing yet.").wait_for()
    assert not list(tmp_path.rglob("*.jpg"))


def test_a_pose_that_is_known_is_not_learnt(page: Any, tmp_path: Path) -> None:
    """The clip shows known gestures: both recordings are made, and what is wrong is said."""
    name = page.get_by_label("Its name, such as vulcan")
    name.fill("palm")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("palm is a gesture of HaGRID's already").wait_for()
    name.fill("vulcan")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("Show vulcan in 2").wait_for()
    page.clock.install()  # from here on pictures are taken as fast as they are saved
    usual = page.get_by_text(re.compile(r"Now hands as usual: (9|1\d) of"))
    for _ in range(600):
        page.clock.run_for(250)
        if usual.count():
            break
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Learn vulcan again from these pictures").click()
    page.locator(".result .note").filter(has_text="vulcan").wait_for()
    assert len(list(tmp_path.rglob("vulcan/*.jpg"))) == 40
    page.get_by_text("None yet.").wait_for()


def test_a_gesture_of_one_s_own(learned_page: Any, learned: Panelled) -> None:
    """Learnt from what was collected, it has a card, is bound at once, and is kept while bound."""
    page = learned_page
    page.get_by_role("button", name="Learn mine again from these pictures").click()
    page.get_by_text(re.compile(r"mine is learnt from \d+ pictures")).wait_for()
    page.locator(".result").get_by_role("button", name="Bind mine").click()
    page.get_by_label("Action").select_option(label="Blur the picture")
    page.get_by_role("button", name="Save").click()
    page.locator("dialog").wait_for(state="detached")
    assert [b.gesture for b in load_settings(learned.settings).bindings] == ["mine"]
    page.wait_for_selector("[data-gesture=mine] img.photo")
    assert learned.comes(lambda state: any(f["action"] == "video.blur" for f in state["fired"]), 40)
    page.goto(learned.address + "#teach")
    page.get_by_role("button", name="Forget mine").click()
    page.locator("#toast").filter(has_text="bound in profile mine").wait_for()


def test_leaving_ends_the_pause(learned_page: Any, learned: Panelled) -> None:
    """Gestures are paused while pictures are taken, and not when the tab is closed meanwhile."""
    learned_page.get_by_label("Its name, such as vulcan").fill("vulcan")
    learned_page.get_by_role("button", name="Start").click()
    assert learned.comes(lambda state: state["paused"])
    learned_page.goto("about:blank")
    assert learned.comes(lambda state: not state["paused"])
