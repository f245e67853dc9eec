"""What a person who presses keys keeps: the focus, the picture in sight, and what is so."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from tests.rigs.browser import opened
from tests.rigs.panel import FIRE, Served
from vcam.core.check_result import CheckResult
from vcam.core.outcome import failed
from vcam.settings import load_settings

FOCUSED = "document.activeElement.dataset.key ?? document.activeElement.id"
COVERED = """(() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const above = document.elementFromPoint(x, y);
  if (focused === document.body) return null;
  if (above && (focused.contains(above) || above.contains(focused))) return null;
  return focused.dataset.key ?? focused.outerHTML.slice(0, 80);
})()"""


WRONG_WAY = """(() => {
  const places = (root) => [...root.querySelectorAll("a, button, input")]
    .filter((each) => each.getClientRects().length)
    .map((each) => [each.textContent || each.dataset.key, each.getBoundingClientRect()]);
  const isBack = ([, a], [, b]) => b.left < a.right - 1 && b.top < a.bottom - 1;
  return [...document.querySelectorAll(".top, .gesture")].flatMap((root) => {
    const all = places(root);
    return all.slice(1).filter((each, n) => isBack(all[n], each)).map(([name]) => name);
  });
})()"""
RAW = r"""(() => {
  const copy = document.querySelector("main").cloneNode(true);
  for (const code of copy.querySelectorAll("code")) code.remove();
  const said = [...copy.querySelectorAll("*")].flatMap((each) =>
    ["aria-label", "title"].map((name) => each.getAttribute(name) ?? ""),
  );
  const texts = [...copy.querySelectorAll("*")].flatMap((each) =>
    [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
  );
  const raw = /\b(mic|video|overlay|gestures)\.[a-z]+|\b[a-z0-9]+_[a-z0-9_]+|\x60/;
  return [...said, ...texts].filter((text) => raw.test(text));
})()"""


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """Return the panel of a fake program, opened at its gestures."""
    served.program.thumbnail = lambda device: served.program.image  # type: ignore[method-assign]
    yield from opened(browser, served.server.address + "#gestures")


def _go(page: Any, name: str) -> None:
    page.evaluate(f"location.hash = '{name}'")
    page.wait_for_selector(f'nav a[href="#{name}"][aria-current]')


def test_the_skip_link_stays_on_the_page(page: Any) -> None:
    """It hands the focus to the content of this page, and opens no other."""
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "main"
    assert page.url.endswith("#gestures")
    assert page.locator("nav [aria-current]").inner_text() == "Gestures"
    page.evaluate("location.hash = 'constructor'")  # no page either, though an object has one
    page.wait_for_selector('nav a[href="#live"][aria-current]')


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_image_and_the_focus_stay_in_view(page: Any, width: int) -> None:
    """Whoever tunes the last gesture sees the picture, and no bar covers what has the focus."""
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    last = page.locator("[data-key='bind swipe_down']")
    last.focus()
    box = page.locator(".watch").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200
    if width > 640:  # and gestures can be paused wherever one is
        assert page.locator("#pause").bounding_box()["y"] >= 0
    covered = []
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(20)
        covered.append(page.evaluate(COVERED))
    assert [each for each in covered if each] == []


def test_free_gestures_are_soon_reviewed(page: Any) -> None:
    """In a window as narrow as a phone's each takes a row, and not a card of its own height."""
    page.set_viewport_size({"width": 360, "height": 780})
    heights = [each.bounding_box()["height"] for each in page.locator(".spare").all()]
    assert len(heights) >= 18
    assert max(heights) <= 140
    assert page.evaluate("document.documentElement.scrollHeight") <= 2400


@pytest.mark.parametrize("width", [360, 768, 960, 1280])
def test_tab_goes_in_the_order_that_is_seen(page: Any, width: int) -> None:
    """What comes next lies to the right or below, in the bar and on every card."""
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".spare").first.wait_for()
    page.wait_for_timeout(50)  # the bar has heard of its width
    back = page.evaluate(WRONG_WAY)
    assert back == []
    menu, pause = page.locator("nav").bounding_box(), page.locator("#pause").bounding_box()
    assert (menu["y"] < pause["y"] + pause["height"]) == (width > 960)


def test_no_names_of_the_file_stand_on_a_page(page: Any, served: Served) -> None:
    """What people read calls actions, settings and gestures by their names in words."""
    for key, value in (("gestures.arm", "two_up"), ("gestures.guards.talking", True)):
        served.order("setting", key=key, value=value)
    served.order("threshold", gesture="two_up", score=0.8)
    found = {}
    for name in ("live", "gestures", "settings", "setup", "practise", "teach"):
        _go(page, name)
        page.wait_for_selector("main h1, main h2")
        found[name] = page.evaluate(RAW)
    assert {name: raw for name, raw in found.items() if raw} == {}


def test_buttons_that_take_their_time_keep_the_focus(page: Any, served: Served) -> None:
    """Try it and Look again are where they were once they have answered."""
    page.locator("[data-key='try stop any']").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Done: Mute the microphone").wait_for()
    page.wait_for_timeout(100)
    assert page.evaluate(FOCUSED) == "try stop any"
    _go(page, "setup")
    step = page.locator("[data-step=doctor]")
    step.locator("summary").first.click()
    again = step.get_by_role("button", name="Look again")
    step.get_by_text("It is dark.").wait_for()
    again.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.textContent") == "Look again"


def test_the_focus_moves_to_what_is_left(page: Any, served: Served) -> None:
    """After a picture was deleted it is on the next one; after all of them, on bringing back."""
    for _ in range(3):
        served.order("take", gesture="rock", hand="left")
    # A picture that is deleted while it is asked for is none of this test's.
    page.route("**/collected-picture*", lambda route: route.fulfill(content_type="image/jpeg"))
    _go(page, "teach")
    page.get_by_role("button", name="Delete picture 3 of Rock").focus()
    page.keyboard.press("Enter")
    page.get_by_text("2 pictures").wait_for()
    label = (
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )
    assert page.evaluate(label) == "Delete picture 2 of Rock"
    page.get_by_role("button", name="Delete all pictures of Rock").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing yet.").wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate(label) == "Bring back the last deleted picture"


def test_who_cancels_wants_no_key_pressed(page: Any, served: Served) -> None:
    """A trial that still counts down ends with its dialog."""
    page.get_by_role("button", name="Bind Rock").click()
    page.get_by_label("Action").select_option(label="Press keys…")
    page.get_by_label("Keys", exact=True).fill("ctrl+f9")
    page.get_by_role("button", name="Try it", exact=True).click()
    page.locator("dialog .said").filter(has_text="in 2 s").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(2500)
    assert [asked for asked in served.program.asked if asked[0] == "try"] == []


def test_what_a_dialog_says_ends_what_the_page_said(page: Any, served: Served) -> None:
    """A failure of the page does not stand there for ever once a dialog speaks."""
    page.route("**/try", lambda route: route.fulfill(json={"ok": False, "error": "not now"}))
    page.locator("[data-key='try stop any']").click()
    page.locator("#toast.shown").wait_for()
    page.get_by_role("button", name="Bind Rock").click()
    page.get_by_role("button", name="Try it", exact=True).click()
    page.locator("dialog .said").filter(has_text="Not now").wait_for()
    page.locator("#toast.shown").wait_for(state="detached")


def test_what_was_refused_is_shown_as_it_is(page: Any, served: Served) -> None:
    """A switch whose change cannot be written goes back, also while it has the focus."""
    page.route("**/setting", lambda route: route.fulfill(json={"ok": False, "error": "disk full"}))
    _go(page, "live")
    box = page.get_by_label("Let the profile follow the call")
    menu = page.get_by_label("Show the call")
    box.click()
    page.get_by_text("Disk full").wait_for()
    page.wait_for_timeout(300)
    assert box.is_checked()
    menu.select_option("everything")
    page.wait_for_timeout(300)
    assert menu.input_value() == "gestures"


def test_set_up_shows_what_was_chosen_on_live(page: Any) -> None:
    """Both pages have the switch for what the call sees, and say the same."""
    _go(page, "setup")
    _go(page, "live")
    page.get_by_label("Show the call").select_option("reactions")
    page.get_by_text("Saved.").wait_for()
    _go(page, "setup")
    page.wait_for_selector("[name=call_shows][value=reactions]:checked", state="attached")


def test_an_older_answer_does_not_overwrite_a_newer_one(page: Any, served: Served) -> None:
    """Two tables of everything are under way: the one that was asked for last counts."""
    old = served.json("catalogue")
    held: list[Any] = []

    def answer(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/catalogue", answer)
    served.program.now = replace(served.program.now, settings=1)
    for _ in range(50):
        if held:
            break
        page.wait_for_timeout(50)
    served.order("bind", profile="system", gesture="rock", action="video.blur")
    served.program.now = replace(served.program.now, settings=2)
    row = page.locator('[data-gesture="rock"]').get_by_text("Blur the picture")
    row.wait_for()
    held[0].fulfill(body=json.dumps(old), content_type="application/json")
    page.wait_for_timeout(400)
    assert row.count() == 1


def test_what_is_not_known_any_more_is_not_shown(page: Any, served: Served) -> None:
    """Once the program is gone, Live names no microphone, camera or gesture."""
    _go(page, "live")
    microphone = page.locator("[data-row=microphone]")
    microphone.filter(has_text="On").wait_for()
    page.route("**/state", lambda route: route.abort())
    served.server.closing.set()
    page.wait_for_selector("body.gone")
    assert not microphone.is_visible()
    assert not page.locator(".holding").is_visible()


def test_a_search_without_result_says_so(page: Any) -> None:
    """No heading is left over an empty list."""
    page.get_by_label("Search").fill("spock")
    page.get_by_text("No gesture is called that").wait_for()
    assert page.get_by_role("heading", name="Free to bind").count() == 0
    page.get_by_label("Search").fill("rock")
    page.get_by_role("heading", name="Rock").wait_for()
    assert page.get_by_role("heading", name="In use").count() == 0


def test_practise_shows_what_will_be_asked_for(page: Any) -> None:
    """Before the first round no card is empty: it names what is bound."""
    _go(page, "practise")
    page.get_by_role("heading", name="These will be asked for").wait_for()
    assert page.locator(".results li").all_inner_texts() == ["Stop", "Open palm"]
    page.get_by_role("button", name="Start").click()
    page.get_by_role("heading", name="How it went").wait_for()
    page.get_by_role("button", name="Skip this one").focus()
    page.keyboard.press("Enter")
    page.locator(".results .missed").get_by_text("Stop").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Skip this one"


def test_a_line_that_cannot_be_copied_is_selected(page: Any, served: Served) -> None:
    """Where the browser refuses, the line stands ready for the keys that copy."""
    found = CheckResult("keys", "warn", "They cannot be pressed.", "`sudo modprobe uinput`")
    served.program.examine = lambda: [found]  # type: ignore[method-assign]
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error() } }")
    _go(page, "setup")
    page.locator("[data-step=doctor] summary").first.click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("The browser refused to copy.").wait_for()
    assert page.evaluate("String(getSelection())") == "sudo modprobe uinput"


def test_what_helps_stands_once_and_in_set_up(page: Any, served: Served) -> None:
    """Live says in words that no app can show the picture; the line to paste is not said twice."""
    found = CheckResult("virtual camera", "fail", "No driver.", "`sudo apt install it`")
    served.program.examine = lambda: [found]  # type: ignore[method-assign]
    served.program.now = replace(served.program.now, no_output="run `sudo apt install it`")
    _go(page, "live")
    note = page.locator(".notes .note")
    note.filter(has_text="No app can show your picture yet").wait_for()
    assert "sudo" not in note.inner_text()
    note.get_by_role("link", name="Set up").click()
    step = page.locator("[data-step=doctor]")
    step.locator("summary").first.click()
    step.get_by_text("No driver.").wait_for()
    assert step.inner_text().count("sudo apt install it") == 1


def test_a_reason_is_short_and_unfolds(page: Any, served: Served) -> None:
    """What fired says in a few words what went wrong, and the rest when it is asked for."""
    reason = "the microphone cannot be reached (nobody answers): plug one in, and start the sound"
    served.panel.history.note(FIRE)
    served.panel.history.answered(FIRE, failed(reason))
    _go(page, "live")
    row = page.locator(".fired li")
    summary = row.get_by_text("the microphone cannot be reached", exact=True)
    summary.wait_for()
    assert not row.get_by_text(reason).is_visible()
    summary.click()
    row.get_by_text(reason).wait_for()


def _jpeg(bgr: tuple[int, int, int]) -> bytes:
    return cv2.imencode(".jpg", np.full((90, 160, 3), bgr, np.uint8))[1].tobytes()


def test_a_late_image_of_the_other_view_is_dropped(page: Any) -> None:
    """A picture that was asked for before the switch is not drawn under the other name."""
    held: list[Any] = []
    asked: list[str] = []

    def answer(route: Any) -> None:
        view = "call" if "view=call" in route.request.url else "mine"
        asked.append(route.request.url)
        if len([url for url in asked if view in url]) > 1 or view == "mine":
            held.append(route)
        else:
            route.fulfill(body=_jpeg((255, 0, 0)), headers={"X-Number": "3"})

    page.route("**/frame?*", answer)
    _go(page, "live")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(20)
    page.get_by_label("What the call sees").check()
    page.wait_for_selector("canvas[data-view=call][data-drawn='3']")
    assert asked[1].endswith("view=call&after=0")  # each view counts for itself
    with page.expect_response("**/frame?view=mine*"):
        held[0].fulfill(body=_jpeg((0, 0, 255)), headers={"X-Number": "1305"})
    page.wait_for_timeout(300)
    red, _green, blue = page.evaluate(
        "[...document.querySelector('canvas').getContext('2d').getImageData(5, 5, 1, 1).data]"
    )[:3]
    assert blue > 200 > red
    assert page.locator("canvas").get_attribute("data-drawn") == "3"


def test_a_dragged_threshold_stays_where_it_was_put(page: Any, served: Served) -> None:
    """It shows what was saved while the program still has the old one, focused or not."""

    def now(score: float, settings: int) -> None:
        thresholds = {**served.program.now.thresholds, "palm": score}
        served.program.now = replace(served.program.now, thresholds=thresholds, settings=settings)

    slider = page.locator("[data-key='score palm']")
    now(0.66, 0)
    card = page.locator("[data-gesture=palm]")
    card.get_by_text("Needs 66 %").wait_for()
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * (66 - 30) / 69, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (78 - 30) / 69, middle, steps=4)
    page.mouse.up()
    page.get_by_text("Saved.").wait_for()
    saved = round(100 * load_settings(served.places.settings).gestures.min_scores["palm"])
    assert 70 < saved < 86
    now(0.66, 1)  # another change is told of, and all cards are drawn again
    page.wait_for_timeout(700)
    assert slider.input_value() == str(saved)
    assert card.get_by_text(f"Needs {saved} %").is_visible()
    now(saved / 100, 2)
    page.wait_for_timeout(700)
    assert slider.input_value() == str(saved)
