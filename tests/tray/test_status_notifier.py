"""What a desktop gets when it asks for the item and its menu."""

import pytest

from vcam.tray.appearance import ICONS, Order, TrayState, appearance
from vcam.tray.status_notifier import ITEM, ITEM_PATH, MENU, MENU_PATH, PROPERTIES, StatusNotifier


@pytest.fixture
def chosen() -> list[Order]:
    """Return what the person has ordered."""
    return []


@pytest.fixture
def item(chosen: list[Order]) -> StatusNotifier:
    """Return the item of a program that recognises."""
    return StatusNotifier(appearance(TrayState("recognising")), chosen.append)


def test_the_item_says_what_it_is(item: StatusNotifier) -> None:
    """Picture, title and menu, one by one and all at once."""
    kind, (values,) = item.answer(ITEM_PATH, PROPERTIES, "GetAll", (ITEM,))
    assert kind == "a{sv}"
    assert values["IconName"] == ("s", "vcam-recognising")
    assert values["IconThemePath"] == ("s", str(ICONS))
    assert values["Menu"] == ("o", MENU_PATH)
    asked = item.answer(ITEM_PATH, PROPERTIES, "Get", (ITEM, "Title"))
    assert asked == ("v", (("s", "Gesture Cam: recognising gestures"),))


def test_a_click_opens_the_panel(item: StatusNotifier, chosen: list[Order]) -> None:
    """The left button opens the panel; turning the wheel does nothing."""
    item.answer(ITEM_PATH, ITEM, "Activate", (0, 0))
    item.answer(ITEM_PATH, ITEM, "Scroll", (1, "vertical"))
    assert chosen == ["panel"]


def test_the_menu_is_laid_out(item: StatusNotifier) -> None:
    """Four lines, of which the first cannot be chosen; a change gets a new number."""
    kind, (first, (_, _, lines)) = item.answer(MENU_PATH, MENU, "GetLayout", (0, -1, []))
    assert kind == "u(ia{sv}av)"
    labels = [line[1][1]["label"][1] for line in lines]
    assert labels == ["Recognising gestures", "Open panel", "Pause", "Quit"]
    assert [line[1][1]["enabled"][1] for line in lines] == [False, True, True, True]
    signals = item.show(appearance(TrayState("paused")))
    assert {name for _, _, name, _ in signals} >= {"NewIcon", "LayoutUpdated"}
    _, (second, (_, _, lines)) = item.answer(MENU_PATH, MENU, "GetLayout", (0, -1, []))
    assert second == first + 1
    assert lines[2][1][1]["label"] == ("s", "Resume")


def test_what_is_chosen_is_heard(item: StatusNotifier, chosen: list[Order]) -> None:
    """A click on a line counts; hovering, the line that only says something, and old lines not."""
    for number, kind in ((3, "clicked"), (3, "hovered"), (1, "clicked"), (77, "clicked")):
        item.answer(MENU_PATH, MENU, "Event", (number, kind, ("s", ""), 0))
    item.answer(MENU_PATH, MENU, "EventGroup", ([(4, "clicked", ("s", ""), 0)],))
    assert chosen == ["pause", "quit"]


def test_what_is_not_there_is_refused(item: StatusNotifier) -> None:
    """Unknown methods and properties raise, and are answered with an error."""
    for path, interface, method, words in (
        (ITEM_PATH, ITEM, "Explode", ()),
        (MENU_PATH, MENU, "Explode", ()),
        (ITEM_PATH, PROPERTIES, "Get", (ITEM, "Nothing")),
        (ITEM_PATH, PROPERTIES, "Set", (ITEM, "Title", ("s", "x"))),
    ):
        with pytest.raises(KeyError):
            item.answer(path, interface, method, words)
