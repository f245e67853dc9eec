"""The page as people use it, in headless Chromium, with the demo clip as the camera."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.browser import opened
from tests.rigs.panel import FIRE, Panelled, Served, panelled_by
from vcam.core.outcome import Outcome, failed
from vcam.errors import ConfigError
from vcam.settings import load_settings

TEXT = """# written by hand
profile = "system" # the usual one
"""
PAGES = ("live", "gestures", "settings", "setup", "practise", "teach")
DRAWN = "Number(document.querySelector('canvas')?.dataset.drawn)"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WCAG = {"runOnly": {"type": "tag", "values": LEVELS}}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
IN_CLIP = ("stop", "palm", "like", "peace", "fist", "one", "ok", "rock", "two_up", "call")
"""What the demo clip shows, one after the other."""
WHOLE = {
    "live": "[data-row=cpu]",
    "gestures": ".spare",
    "settings": "[data-key=login]:enabled",
    "setup": ".tile img",
    "practise": ".results li",
    "teach": "main h2",
}
"""By page, what stands there once all of it does."""


@pytest.fixture
def panelled(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Panelled]:
    """Return the running program; pictures go into the test's own folder."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with panelled_by(tmp_path, TEXT) as running:
        yield running


@pytest.fixture
def page(browser: Any, panelled: Panelled) -> Iterator[Any]:
    """Return the opened panel; errors of its script and foreign requests fail the test."""
    yield from opened(browser, panelled.address)


@pytest.fixture
def quick_page(browser: Any, served: Served) -> Iterator[Any]:
    """Return the panel of a fake program, which is there at once: for what is the page's alone."""
    served.places.settings.write_text(TEXT)
    yield from opened(browser, served.address)


def _until(page: Any, expression: str, seconds: float = 15) -> None:
    """Wait for a condition; the page's own policy forbids Playwright's way, which is `eval`."""
    end = time.perf_counter() + seconds
    while not page.evaluate(expression):
        assert time.perf_counter() < end, expression
        page.wait_for_timeout(50)


def test_the_live_page(page: Any, panelled: Panelled) -> None:
    """The picture moves, what fires is listed, a mistake is marked, and pause holds."""
    _until(page, f"{DRAWN} > 5")
    page.get_by_label("What the call sees").check()
    page.wait_for_selector('canvas[aria-label*="as it goes out"]')
    wrong = page.get_by_role("button", name=re.compile("That was wrong: Stop")).first
    wrong.click(timeout=40_000)  # once round the clip, where its beginning was missed
    page.get_by_text("Noted as wrong").wait_for()
    assert load_settings(panelled.settings).gestures.min_scores["stop"] > 0.5
    page.get_by_role("button", name="Pause gestures").click()
    page.get_by_role("status").filter(has_text="Paused: nothing will fire").wait_for()
    page.get_by_role("button", name="Resume gestures").click()
    page.get_by_role("button", name="Pause gestures").wait_for()


def test_a_missed_gesture_is_kept(page: Any, panelled: Panelled, tmp_path: Path) -> None:
    """Switched on, a press keeps the last seconds; before it nothing is on the disk."""
    _until(page, f"{DRAWN} > 5")
    keep = page.get_by_role("button", name="Keep the last 3 seconds")
    assert not keep.is_visible()
    page.get_by_label("Keep the last three seconds in memory").check()
    keep.wait_for()
    assert load_settings(panelled.settings).gestures.remember_missed
    page.wait_for_timeout(1500)
    assert not [*tmp_path.rglob("missed")]
    page.get_by_label("I showed").select_option(label="Open palm")
    keep.click()
    page.get_by_text(re.compile("kept as Open palm in")).wait_for()
    (folder,) = tmp_path.rglob("missed")
    assert 3 <= len([*folder.glob("palm/*/*.jpg")]) <= 16


def test_binding_by_keyboard_alone(quick_page: Any, served: Served) -> None:
    """With keys only: open a card, choose keys, record a chord, save; the file keeps comments."""
    page = quick_page
    page.goto(served.address + "#gestures")
    page.get_by_role("button", name="Bind Thumb up").focus()
    page.keyboard.press("Enter")
    menu = page.get_by_label("Action")
    menu.wait_for()
    assert page.evaluate("document.activeElement.id") == "action"
    menu.select_option(label="Press keys…")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Press them")).wait_for()
    page.keyboard.press("Control+Shift+F9")
    assert page.get_by_label("Keys", exact=True).input_value() == "ctrl+shift+f9"
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Press Ctrl+Shift+F9", exact=True).wait_for()
    bound = {b.gesture: b.action for b in load_settings(served.places.settings).bindings}
    assert bound == {"stop": "mic.mute", "palm": "mic.unmute", "like": "key:ctrl+shift+f9"}
    assert served.places.settings.read_text().startswith(TEXT)
    page.get_by_text("Press Ctrl+Shift+F9", exact=True).wait_for()
    page.wait_for_function("document.activeElement.tagName === 'BUTTON'")
    page.get_by_role("button", name="Undo last change").click()
    page.get_by_text("Press Ctrl+Shift+F9", exact=True).wait_for(state="detached")
    assert served.places.settings.read_text() == TEXT
    _until(page, "document.activeElement.id === 'main'")  # not the top, as nothing is left to undo


def test_right_modifiers_the_numpad_and_mouse_buttons_are_recorded(
    quick_page: Any, served: Served
) -> None:
    """Each is a key of its own; a right modifier that goes with another key is none."""
    page = quick_page
    page.goto(served.address + "#gestures")
    page.get_by_role("button", name="Bind Thumb up").click()
    page.get_by_label("Action").select_option(label="Press keys…")
    field, record = page.get_by_label("Keys", exact=True), page.locator("button.record")

    def recorded(act: Callable[[], None]) -> str:
        record.click()
        act()
        page.locator('button.record[aria-pressed="false"]').wait_for()
        return str(field.input_value())

    keys = page.keyboard
    assert recorded(lambda: keys.press("ControlRight")) == "right_ctrl"
    assert recorded(lambda: keys.press("AltRight")) == "right_alt"
    assert recorded(lambda: keys.press("ControlRight+m")) == "ctrl+m"
    assert recorded(lambda: keys.press("Numpad5")) == "numpad_5"
    assert recorded(lambda: keys.press("NumpadAdd")) == "numpad_plus"
    assert recorded(lambda: record.click(button="middle")) == "mouse_middle"
    assert (
        recorded(lambda: record.click(button="right", modifiers=["Control"])) == "ctrl+mouse_right"
    )
    page.get_by_role("button", name="Save").click()
    page.locator("dialog").wait_for(state="detached")
    bound = {b.gesture: b.action for b in load_settings(served.places.settings).bindings}
    assert bound["like"] == "key:ctrl+mouse_right"


def test_an_app_s_keys_are_bound_to_its_window(quick_page: Any, served: Served) -> None:
    """Keys of an app are ticked to go to its window alone; two hands are not offered swipes."""
    page = quick_page
    page.goto(served.address + "#gestures")
    page.get_by_role("button", name="Bind Thumb up").click()
    menu = page.get_by_label("Action")
    menu.wait_for()
    hands = page.locator("dialog select").nth(1).locator("option").all_text_contents()
    assert "both hands at once" in hands
    tick = page.get_by_role("checkbox")
    assert not tick.is_visible()
    meet = page.locator("#action optgroup[label='Google Meet'] option").first
    menu.select_option(meet.get_attribute("value"))
    assert tick.is_checked()
    page.get_by_role("button", name="Save").click()
    page.locator("dialog").wait_for(state="detached")
    bound = next(b for b in load_settings(served.places.settings).bindings if b.gesture == "like")
    assert "google meet" in bound.focus
    page.get_by_role("button", name="Bind Swipe left").click()
    menu.wait_for()
    hands = page.locator("dialog select").nth(1).locator("option").all_text_contents()
    assert "both hands at once" not in hands


def test_a_wrong_chord_is_reported_in_the_dialog(quick_page: Any, served: Served) -> None:
    """Keys that do not exist are refused where the person looks, and nothing is written."""
    page = quick_page
    page.goto(served.address + "#gestures")
    page.get_by_role("button", name="Bind Rock").click()
    page.get_by_label("Action").select_option(label="Press keys…")
    page.get_by_label("Keys", exact=True).fill("ctrl+blah")
    page.get_by_role("button", name="Save").click()
    page.locator("dialog .said").filter(has_text='unknown key "blah"').wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("dialog", state="detached")
    assert served.places.settings.read_text() == TEXT


def test_it_fires_what_was_bound(page: Any, panelled: Panelled) -> None:
    """A card that was bound on the page fires in the picture and is listed; trying it works too."""
    page.goto(panelled.address + "#gestures")
    page.get_by_role("button", name="Bind Thumb up").click()
    page.get_by_label("Action").select_option(label="Blur the picture")
    page.get_by_role("button", name="Save").click()
    card = page.locator('[data-gesture="like"]')
    card.get_by_role("button", name="Try it: Blur the picture").click()
    page.get_by_text("Done: Blur the picture").wait_for()
    assert panelled.comes(lambda state: state["video"] == "blur")
    page.wait_for_selector('[data-gesture="like"].firing', timeout=40_000)
    page.goto(panelled.address + "#live")
    page.locator(".fired").get_by_text("Blur the picture").first.wait_for()


def test_bars_move_and_thresholds_are_dragged(page: Any, panelled: Panelled) -> None:
    """The bar of a gesture that is shown rises, and its threshold is set from the keyboard."""
    page.goto(panelled.address + "#gestures")
    share = "Number(getComputedStyle(each.querySelector('.fill')).getPropertyValue('--share'))"
    seen = "[...document.querySelectorAll('.gesture.seen')].filter((each) => each.dataset.gesture)"
    _until(page, f"{seen}.some((each) => {share} > 0.6)", 40)
    slider = page.get_by_label("Least score for Peace, in percent")
    slider.focus()
    page.keyboard.press("End")
    page.get_by_text("Needs 99 %").wait_for()
    assert panelled.comes(lambda state: state["thresholds"]["peace"] == 0.99)


def test_edits_by_hand_show_up(page: Any, panelled: Panelled) -> None:
    """What somebody writes into the file meanwhile is shown, and so is a mistake in it."""
    page.goto(panelled.address + "#gestures")
    page.get_by_role("heading", name="Rock").wait_for()
    text = '[profiles.system]\nbindings = [ { gesture = "rock", action = "video.blank" } ]\n'
    panelled.settings.write_text(TEXT + text)
    page.locator('[data-gesture="rock"]').get_by_text("Show “be right back”").wait_for()
    panelled.settings.write_text(TEXT + text.replace("video.blank", "video.blnk"))
    page.get_by_role("alert").filter(has_text="line 4").wait_for()


def test_the_first_start(page: Any, panelled: Panelled) -> None:
    """One thing at a time: a picture, a gesture that fires, what the call sees, the app."""
    page.goto(panelled.address + "#setup")
    step = {
        name: page.locator(f"[data-step={name}]")
        for name in ("camera", "try", "call", "app", "select", "doctor")
    }
    step["camera"].get_by_text("✓ A picture comes").wait_for()
    assert page.locator("details[data-step][open]").count() == 1
    step["try"].locator(".mark").filter(has_text=re.compile("✓ .* fired")).wait_for(timeout=60_000)
    page.wait_for_selector("[data-step=call][open]")
    page.get_by_label("Only reactions and mute").check()
    page.wait_for_selector("[data-step=app][open]")
    assert load_settings(panelled.settings).overlay.call_shows == "reactions"
    page.get_by_role("button", name="Discord").click()
    page.locator(".path").get_by_text("Voice & Video").wait_for()
    assert "✓" not in step["app"].inner_text()
    step["doctor"].locator("summary").first.click()
    step["doctor"].locator(".remedy").first.wait_for()
    step["camera"].locator("summary").first.click()
    page.locator(".tile[aria-pressed=true] img").wait_for()
    now = "document.querySelector('.tile[aria-pressed=true] img').src"
    before = page.evaluate(now)
    _until(page, f"{now} !== {before!r}")  # the camera in use keeps moving
    assert load_settings(panelled.settings).profile == "discord"


def test_the_first_gesture_may_fail(
    page: Any, panelled: Panelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gesture that fired and whose action failed gets no tick, and the reason stands there."""

    def fail(*_: object) -> Outcome:
        return failed("the microphone is gone")

    monkeypatch.setattr(panelled.app._worker._performer, "perform", fail)
    page.goto(panelled.address + "#setup")
    mark = page.locator("[data-step=try] .mark")
    mark.filter(has_text="fired, but its action failed").wait_for(timeout=40_000)
    assert "✓" not in mark.inner_text()
    page.locator("[data-step=try] summary").first.click()
    page.locator("[data-step=try]").get_by_text("failed: the microphone is gone").wait_for()


def test_a_threshold_stays_where_it_was_put(page: Any, panelled: Panelled) -> None:
    """Key by key the score goes up by one, and what is shown is what was saved, all the time."""
    page.goto(panelled.address + "#gestures")
    slider = page.get_by_label("Least score for Fist, in percent")
    slider.focus()
    first = int(slider.input_value())
    for step in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        for _ in range(8):
            assert int(slider.input_value()) == first + step
            page.wait_for_timeout(120)
    scores = load_settings(panelled.settings).gestures.min_scores
    assert scores["fist"] == pytest.approx((first + 3) / 100)
    page.get_by_text(f"Needs {first + 3} %").first.wait_for()


def test_each_view_shows_its_own_image(page: Any, panelled: Panelled) -> None:
    """Switched over while a request is under way, the other view moves at once and continues."""
    _until(page, f"{DRAWN} > 3")
    for view, label in (("call", "What the call sees"), ("mine", "You, as in a mirror")) * 2:
        page.get_by_label(label).check()
        _until(page, f"document.querySelector('canvas')?.dataset.view === '{view}'", 4)
        before = page.evaluate(DRAWN)
        _until(page, f"{DRAWN} > {before} + 3", 4)


def test_what_failed_is_said_to_have_failed(page: Any, panelled: Panelled) -> None:
    """Where an action fails, neither Try it nor What fired say that it was done."""
    panelled.settings.write_text(
        'profile = "mine"\n[profiles.mine]\n'
        "bindings = [\n"
        + "".join(f'{{ gesture = "{each}", action = "profile:gone" }},\n' for each in IN_CLIP)
        + "]\n[profiles.gone]\nbindings = []\n"
    )
    page.goto(panelled.address + "#gestures")
    page.locator('[data-gesture="stop"]').get_by_text("gone").wait_for()

    def refuse(name: str) -> None:
        raise ConfigError("The profile cannot be read.")

    panelled.app._state._use_profile = refuse
    page.locator('[data-gesture="stop"]').get_by_role("button", name="Try it").click()
    page.locator(".toast.bad").filter(has_text="The profile cannot be read.").wait_for()
    page.goto(panelled.address + "#live")
    page.locator(".fired .outcome.failed").first.wait_for(timeout=40_000)
    assert "✓" not in page.locator(".fired").inner_text()


def test_back_closes_the_dialog_and_focus_is_kept(quick_page: Any, served: Served) -> None:
    """No dialog lies over another page, and a removed binding leaves the focus on its card."""
    page = quick_page
    page.goto(served.address + "#live")
    page.goto(served.address + "#gestures")
    page.get_by_role("button", name="Bind Thumb up").click()
    page.locator("dialog[open]").wait_for()
    page.go_back()
    page.locator("dialog").wait_for(state="detached")
    page.goto(served.address + "#gestures")
    page.locator('[data-gesture="stop"]').get_by_role("button", name="Remove").click()
    page.get_by_text("Removed.").wait_for()
    page.wait_for_timeout(700)
    assert page.evaluate("document.activeElement.dataset.key") == "bind stop"


def test_a_reaction_is_chosen_from_images(quick_page: Any, served: Served) -> None:
    """The picker offers signs by name and skin tones, and what is saved is that very sign."""
    page = quick_page
    page.goto(served.address + "#gestures")
    page.get_by_role("button", name="Bind Rock").click()
    page.get_by_label("Action").select_option(label="Let an emoji float up…")
    page.get_by_label("clapping hands sign").check()
    page.get_by_label("Medium dark").check()
    page.get_by_role("button", name="Save").click()
    page.locator("dialog").wait_for(state="detached")
    bound = {b.gesture: b.action for b in load_settings(served.places.settings).bindings}
    assert bound["rock"] == "reaction:👏🏾"


def test_settings_and_what_the_call_sees(quick_page: Any, served: Served) -> None:
    """A switch on Live and a control on Settings reach the file; undo says what it takes back."""
    page = quick_page
    page.get_by_label("Show the call").select_option("reactions")
    page.get_by_text("Saved.").wait_for()
    assert load_settings(served.places.settings).overlay.call_shows == "reactions"
    page.goto(served.address + "#settings")
    page.get_by_label("Gesture that must come first").select_option("ok")
    undo = page.get_by_role("button", name="Undo last change: Gesture that must come first: OK")
    undo.wait_for()
    assert load_settings(served.places.settings).gestures.arm == "ok"
    undo.click()
    page.get_by_text("Undone: Gesture that must come first: OK").wait_for()
    assert load_settings(served.places.settings).gestures.arm is None


def test_start_at_login_shows_what_the_system_says(
    page: Any, panelled: Panelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The box writes the entry and takes it away, and after a reload it shows what is there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = tmp_path / "config/autostart/vcam.desktop"
    page.goto(panelled.address + "#settings")
    box = page.get_by_label("Start Gesture Cam when I log in")
    box.check()
    page.get_by_text("Saved.").wait_for()
    assert "panel --no-browser" in entry.read_text()
    page.reload()
    _until(page, "document.querySelector('[data-key=login]')?.checked")
    box.uncheck()
    _until(page, "!document.querySelector('[data-key=login]').checked")
    page.get_by_text("Saved.").wait_for()
    assert not entry.exists()


def test_a_program_that_died_is_not_called_well(browser: Any, panelled: Panelled) -> None:
    """After the end, Set up does not say that nothing is missing, and the picture is dimmed."""
    page = browser.new_page()
    page.goto(panelled.address + "#setup")
    _until(page, f"{DRAWN} > 2")
    doctor = page.locator("[data-step=doctor]")
    doctor.locator("summary").first.click()
    doctor.locator(".badge").first.wait_for(timeout=30_000)
    for name in ("doctor", "frame*", "state"):
        page.route(f"**/{name}", lambda route: route.abort())
    doctor.get_by_role("button", name="Look again").click()
    page.get_by_text("The check did not answer.").wait_for()
    assert page.get_by_text("Nothing is missing.").count() == 0
    page.wait_for_selector("canvas.stale, .gone canvas", state="attached")
    page.close()


@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", WCAG), ("dark", CONTRAST)], ids=["light", "dark"]
)
def test_everyone_can_use_it(
    browser: Any, served: Served, scheme: str, rules: dict[str, Any]
) -> None:
    """axe-core finds no breach of WCAG 2.2 AA at any width, and nothing is wider than the window.

    The schemes differ in colours alone, so the dark one is asked for contrast.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    served.program.thumbnail = lambda device: served.program.image  # type: ignore[method-assign]
    served.panel.history.note(FIRE)
    served.panel.history.answered(FIRE, failed("nobody answers: plug a microphone in"))
    # The policy of the page keeps foreign scripts out, axe too, so it is lifted for this alone.
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    found: list[str] = []
    for name in PAGES:
        page.goto(f"{served.address}#{name}")
        page.locator(WHOLE[name]).first.wait_for(state="attached")
        for width in (1280, 768, 360, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{name} is wider than {width}")
            if width != 768:
                found += _violations(axe.Axe().run(page, options=rules), f"{name} at {width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.address}#gestures")
    page.get_by_role("button", name="Bind Fist").click()
    page.get_by_label("Action").select_option(label="Press keys…")
    found += _violations(axe.Axe().run(page, options=rules), "dialog")
    context.close()
    assert found == []


def _violations(results: Any, where: str) -> list[str]:
    return [
        f"{where}: {each['id']} {each['nodes'][0]['html'][:120]}"
        for each in results.response["violations"]
    ]


def test_practice_says_how_it_went(page: Any, panelled: Panelled) -> None:
    """Gestures are asked for one by one, nothing is done meanwhile, and what suits is offered."""
    panelled.settings.write_text(
        TEXT + "[profiles.system]\nbindings = [\n"
        '  { gesture = "fist", action = "video.blank" },\n'
        '  { gesture = "rock", action = "video.blur" },\n]\n'
    )
    page.goto(panelled.address + "#practise")
    page.locator(".results li").get_by_text("Fist").wait_for()  # the edit is known
    page.get_by_role("button", name="Start").click()
    page.get_by_role("heading", name="Show: Fist").wait_for()
    panelled.app._state.set_video("freeze")  # what any of the two would change
    page.get_by_text(re.compile("✓ Fist: .* % sure")).wait_for(timeout=40_000)
    page.get_by_role("heading", name="Show: Rock").wait_for()
    assert panelled.state()["video"] == "freeze"
    page.get_by_role("button", name="Skip this one").click()
    page.get_by_text("1 of 2 fired.").wait_for()
    page.get_by_role("heading", name="What would suit you").wait_for()
    assert panelled.comes(lambda state: "PRACTICE" not in state["badges"])


def test_a_hidden_tab_costs_nothing(page: Any, panelled: Panelled) -> None:
    """A page that shows no picture asks for none."""
    _until(page, f"{DRAWN} > 2")
    page.goto(panelled.address + "#settings")
    page.wait_for_timeout(1500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(800)
    assert [url for url in asked if "frame" in url] == []
