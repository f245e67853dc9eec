"""Actions of other programs on the page: offered, written, shown."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.rigs.browser import opened
from tests.rigs.panel import Served
from vcam.settings import load_settings

TEXT = """profile = "studio"
[obs]
host = "localhost"
[plugins]
allow = ["lamp", "lost"]
[profiles.studio]
bindings = [ { gesture = "stop", action = "obs.scene:Break" } ]
"""


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """Return the page of a program that may speak to OBS and to a lamp."""
    served.places.settings.write_text(TEXT)
    served.program.now = replace(
        served.program.now,
        profile="studio",
        links={"obs": "scene Talk, recording", "lamp": "lamp is on"},
    )
    yield from opened(browser, f"{served.server.address}#gestures")


def _bind(page: Any, gesture: str, option: str, argument: str) -> None:
    page.locator(f'[data-key="bind {gesture}"]').click()
    page.locator("#action").select_option(label=option)
    field = page.get_by_label(re.compile("^(Which one|What lamp shall do)$"))
    page.get_by_text(re.compile("^Such as (Talk|on)")).wait_for()
    field.fill(argument)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").first.wait_for()


def test_obs_is_offered_with_its_own_names(page: Any, served: Served) -> None:
    """The menu has what OBS can do, the field its scenes, and the card says it in words."""
    page.get_by_text("Switch OBS to the scene Break").first.wait_for()
    _bind(page, "palm", "Switch OBS to the scene …", "Talk")
    bindings = load_settings(served.places.settings).bindings
    assert {each.gesture: each.action for each in bindings}["palm"] == "obs.scene:Talk"
    page.get_by_text("Switch OBS to the scene Talk").first.wait_for()


def test_a_plugin_of_others_is_asked_what_it_can(page: Any, served: Served) -> None:
    """Its verbs are asked for when it is chosen; one that cannot be loaded says why."""
    _bind(page, "like", "Action of lamp…", "paint:red")
    bindings = load_settings(served.places.settings).bindings
    assert {each.gesture: each.action for each in bindings}["like"] == "lamp.paint:red"
    page.get_by_text("lamp: paint red").first.wait_for()
    page.locator('[data-key="bind fist"]').click()
    page.locator("#action").select_option(label="Action of lost…")
    page.get_by_text("the plug-in lost is not installed").wait_for()


def test_what_is_bound_is_shown_for_a_change(page: Any) -> None:
    """A binding that is opened again has its menu and its argument as they were written."""
    page.get_by_role("button", name=re.compile("^Change Stop.*: Switch OBS")).first.click()
    assert page.locator("#action").input_value() == "obs.scene:"
    assert page.get_by_label("Which one").input_value() == "Break"
    page.locator("#action").select_option(label="Start recording in OBS")
    page.get_by_label("Which one").wait_for(state="hidden")


def test_the_states_are_on_the_live_page(page: Any) -> None:
    """What other programs say of themselves stands beside camera and microphone."""
    page.goto(page.url.partition("#")[0] + "#live")
    for name, state in (("OBS", "scene Talk, recording"), ("lamp", "lamp is on")):
        row = page.locator("dl > div").filter(has=page.locator("dt", has_text=name))
        row.filter(has_text=state).wait_for()
