"""The tray of a Linux desktop: a StatusNotifierItem with its menu, over D-Bus.

KDE, Xfce, Cinnamon, MATE, LXQt, Ubuntu's GNOME and the bars of Wayland show such an item; plain
GNOME has no tray. The item's picture is named with the folder that holds it, as libappindicator
does it. The menu is a com.canonical.dbusmenu.
"""

import os
from collections.abc import Callable
from typing import Any, Final

from vcam.tray.appearance import ICONS, NAME, Appearance, Order

ITEM_PATH: Final = "/StatusNotifierItem"
MENU_PATH: Final = "/StatusNotifierItem/Menu"
ITEM: Final = "org.kde.StatusNotifierItem"
MENU: Final = "com.canonical.dbusmenu"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
INTROSPECTABLE: Final = "org.freedesktop.DBus.Introspectable"
UNKNOWN: Final = "org.freedesktop.DBus.Error.UnknownMethod"

Answer = tuple[str, tuple[Any, ...]]
"""A D-Bus signature, and values for it. A variant is such a pair, too."""
CHANGES: Final[tuple[tuple[str, str, str, Answer], ...]] = (
    (ITEM_PATH, ITEM, "NewIcon", ("", ())),
    (ITEM_PATH, ITEM, "NewTitle", ("", ())),
    (ITEM_PATH, ITEM, "NewToolTip", ("", ())),
)
"""The signals that let the desktop ask for picture and words again."""


class StatusNotifier:
    """Answers what a desktop asks of the item and its menu; knows no connection."""

    def __init__(self, shown: Appearance, choose: Callable[[Order], None]) -> None:
        """`choose` hears what the person orders."""
        self._shown, self._choose = shown, choose
        self._revision = 1

    def show(self, shown: Appearance) -> list[tuple[str, str, str, Answer]]:
        """Change over to another appearance; return the signals that tell of it: path, interface,
        name and content."""
        self._shown = shown
        self._revision += 1
        layout = (MENU_PATH, MENU, "LayoutUpdated", ("ui", (self._revision, 0)))
        return [*CHANGES, layout]

    def answer(self, path: str, interface: str, method: str, words: tuple[Any, ...]) -> Answer:
        """Carry out one call and return its answer. Raises KeyError for what there is not."""
        if interface == PROPERTIES:
            return self._read(path, method, words)
        if interface == INTROSPECTABLE:
            return "s", (INTROSPECTION[path],)
        if (path, interface) == (MENU_PATH, MENU):
            return self._menu(method, words)
        if (path, interface) != (ITEM_PATH, ITEM):
            raise KeyError(interface)
        if method in {"Activate", "SecondaryActivate", "XAyatanaSecondaryActivate"}:
            self._choose("panel")
        elif method not in {"ContextMenu", "Scroll", "ProvideXdgActivationToken"}:
            raise KeyError(method)
        return "", ()

    def _read(self, path: str, method: str, words: tuple[Any, ...]) -> Answer:
        owners = {ITEM_PATH: self._item_properties, MENU_PATH: _menu_properties}
        values = owners[path]()
        if method == "GetAll":
            return "a{sv}", (values,)
        if method == "Get":
            return "v", (values[words[1]],)
        raise KeyError(method)

    def _item_properties(self) -> dict[str, tuple[str, Any]]:
        shown = self._shown
        return {
            "Category": ("s", "ApplicationStatus"),
            "Id": ("s", "vcam"),
            "Title": ("s", shown.title),
            "Status": ("s", "Active"),
            "WindowId": ("i", 0),
            "IconName": ("s", shown.icon_name),
            "IconThemePath": ("s", str(ICONS)),
            "IconPixmap": ("a(iiay)", []),
            "OverlayIconName": ("s", ""),
            "AttentionIconName": ("s", ""),
            "ToolTip": ("(sa(iiay)ss)", (shown.icon_name, [], NAME, shown.entries[0].label)),
            "ItemIsMenu": ("b", False),
            "Menu": ("o", MENU_PATH),
        }

    def _menu(self, method: str, words: tuple[Any, ...]) -> Answer:
        answers: dict[str, Callable[[], Answer]] = {
            "GetLayout": lambda: ("u(ia{sv}av)", (self._revision, self._layout(words[0]))),
            "GetGroupProperties": lambda: ("a(ia{sv})", (self._entries(words[0]),)),
            "GetProperty": lambda: ("v", (self._entry(words[0])[words[1]],)),
            "Event": lambda: self._events("", (), [words]),
            "EventGroup": lambda: self._events("ai", ([],), words[0]),
            "AboutToShow": lambda: ("b", (False,)),
            "AboutToShowGroup": lambda: ("aiai", ([], [])),
        }
        return answers[method]()

    def _entries(self, numbers: list[int]) -> list[tuple[int, dict[str, tuple[str, Any]]]]:
        """Return these lines of the menu; none named: all."""
        every = range(len(self._shown.entries) + 1)
        return [(number, self._entry(number)) for number in numbers or every]

    def _events(self, kind: str, answer: tuple[Any, ...], events: list[Any]) -> Answer:
        for event in events:
            self._event(event)
        return kind, answer

    def _layout(self, parent: int) -> tuple[int, dict[str, tuple[str, Any]], list[Any]]:
        numbers = range(1, len(self._shown.entries) + 1) if parent == 0 else ()
        nothing: list[Any] = []
        lines = [("(ia{sv}av)", (number, self._entry(number), nothing)) for number in numbers]
        return parent, self._entry(parent), lines

    def _entry(self, number: int) -> dict[str, tuple[str, Any]]:
        if number == 0:
            return {"children-display": ("s", "submenu")}
        if not 0 < number <= len(self._shown.entries):  # of a menu that has changed
            return {}
        entry = self._shown.entries[number - 1]
        label = entry.label.replace("_", "__")  # one underscore marks a letter to press
        return {
            "label": ("s", label),
            "enabled": ("b", entry.order is not None),
            "visible": ("b", True),
        }

    def _event(self, words: tuple[Any, ...]) -> None:
        number, kind = words[0], words[1]
        if kind != "clicked" or not 0 < number <= len(self._shown.entries):
            return
        order = self._shown.entries[number - 1].order
        if order is not None:
            self._choose(order)


def own_name() -> str:
    """Return the name under which the item is on the bus."""
    return f"{ITEM}-{os.getpid()}-1"


def _menu_properties() -> dict[str, tuple[str, Any]]:
    return {
        "Version": ("u", 3),
        "TextDirection": ("s", "ltr"),
        "Status": ("s", "normal"),
        "IconThemePath": ("as", []),
    }


_ITEM_XML: Final = """\
<node>
  <interface name="org.kde.StatusNotifierItem">
    <property name="Category" type="s" access="read"/>
    <property name="Id" type="s" access="read"/>
    <property name="Title" type="s" access="read"/>
    <property name="Status" type="s" access="read"/>
    <property name="WindowId" type="i" access="read"/>
    <property name="IconName" type="s" access="read"/>
    <property name="IconThemePath" type="s" access="read"/>
    <property name="IconPixmap" type="a(iiay)" access="read"/>
    <property name="OverlayIconName" type="s" access="read"/>
    <property name="AttentionIconName" type="s" access="read"/>
    <property name="ToolTip" type="(sa(iiay)ss)" access="read"/>
    <property name="ItemIsMenu" type="b" access="read"/>
    <property name="Menu" type="o" access="read"/>
    <method name="Activate"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
    <signal name="NewIcon"/>
    <signal name="NewTitle"/>
    <signal name="NewToolTip"/>
  </interface>
</node>
"""
_MENU_XML: Final = """\
<node>
  <interface name="com.canonical.dbusmenu">
    <property name="Version" type="u" access="read"/>
    <property name="Status" type="s" access="read"/>
    <method name="GetLayout">
      <arg type="i" direction="in"/><arg type="i" direction="in"/><arg type="as" direction="in"/>
      <arg type="u" direction="out"/><arg type="(ia{sv}av)" direction="out"/>
    </method>
    <method name="Event">
      <arg type="i" direction="in"/><arg type="s" direction="in"/>
      <arg type="v" direction="in"/><arg type="u" direction="in"/>
    </method>
    <method name="AboutToShow">
      <arg type="i" direction="in"/><arg type="b" direction="out"/>
    </method>
    <signal name="LayoutUpdated"><arg type="u"/><arg type="i"/></signal>
  </interface>
</node>
"""
INTROSPECTION: Final = {ITEM_PATH: _ITEM_XML, MENU_PATH: _MENU_XML}
