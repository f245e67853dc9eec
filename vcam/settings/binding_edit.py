"""The ways to change the bindings of a profile in a TOML text; see `toml_edit`."""

from collections.abc import Iterator
from functools import partial
from typing import Any, TypeAlias

import tomlkit
from tomlkit.items import AoT

from vcam.core.binding import Binding
from vcam.settings.dump import binding_toml, profile_lines
from vcam.settings.source import Source
from vcam.settings.toml_edit import Edit, append, dotted_key

Bindings: TypeAlias = tuple[Binding, ...]


def has_profile(text: str, name: str) -> bool:
    """Tell whether a text has a profile of its own by this name, with bindings."""
    return "bindings" in _tables(text).get(name, {})


def _tables(text: str) -> dict[str, Any]:
    tables: dict[str, Any] = Source.parse(text, "").data.get("profiles", {})
    return tables


def ways_to_bind(text: str, name: str, binding: Binding, new: Bindings) -> Iterator[Edit]:
    """Yield the ways to put a binding, one of `new`, into a profile that then holds `new`."""
    if has_profile(text, name):
        yield partial(_bound_in_place, text, name, new.index(binding), binding)
    elif name in _tables(text):  # it says only when it is used
        yield partial(_given_bindings, text, name, new)
    else:
        yield partial(append, text, profile_lines(name, new))
        yield partial(_profile_in_place, text, name, new)
        yield partial(_profile_at_top, text, name, new)


def ways_to_remove(text: str, name: str, spot: int, left: Bindings) -> list[Edit]:
    """Return the ways to take the binding at `spot` out of a profile, which leaves `left`."""
    if has_profile(text, name):
        return [partial(_removed_in_place, text, name, spot)]
    if name in _tables(text):
        return [partial(_given_bindings, text, name, left)]
    return [
        partial(append, text, profile_lines(name, left)),
        partial(_profile_in_place, text, name, left),
        partial(_profile_at_top, text, name, left),
    ]


def _bound_in_place(text: str, name: str, spot: int, binding: Binding) -> str:
    document: Any = tomlkit.parse(text)
    bindings = document["profiles"][name]["bindings"]
    in_tables = isinstance(bindings, AoT)
    if not in_tables and "\n" not in bindings.as_string():
        bindings.multiline(multiline=True)
    if spot == len(bindings):
        bindings.append(_item(binding, in_tables=in_tables))
    elif in_tables:
        _change_table(bindings[spot], binding)
    else:
        bindings[spot] = _item(binding, in_tables=False)
    return tomlkit.dumps(document)


def _profile_in_place(text: str, name: str, bindings: Bindings) -> str:
    document: Any = tomlkit.parse(text)
    items = tomlkit.array()
    items.extend(_item(binding, in_tables=False) for binding in bindings)
    table = tomlkit.inline_table()
    table["bindings"] = items
    document["profiles"][name] = table
    return tomlkit.dumps(document)


def _given_bindings(text: str, name: str, bindings: Bindings) -> str:
    document: Any = tomlkit.parse(text)
    items = tomlkit.array()
    items.extend(_item(binding, in_tables=False) for binding in bindings)
    document["profiles"][name]["bindings"] = items.multiline(multiline=True)
    return tomlkit.dumps(document)


def _profile_at_top(text: str, name: str, bindings: Bindings) -> str:
    items = ", ".join(binding_toml(binding) for binding in bindings)
    return f"{dotted_key(('profiles', name, 'bindings'))} = [{items}]\n{text}"


def _removed_in_place(text: str, name: str, spot: int) -> str:
    document: Any = tomlkit.parse(text)
    del document["profiles"][name]["bindings"][spot]
    return tomlkit.dumps(document)


def _item(binding: Binding, *, in_tables: bool) -> Any:  # tomlkit's tables have no one type
    inline: Any = tomlkit.parse(f"binding = {binding_toml(binding)}")["binding"]
    if not in_tables:
        return inline
    table = tomlkit.table()
    table.update(inline.unwrap())
    return table


def _change_table(table: Any, binding: Binding) -> None:  # tomlkit's tables have no one type
    table.update({"action": binding.action})
    table.pop("hold_ms", None)
    if binding.hold_ms is not None:
        table["hold_ms"] = binding.hold_ms
    table.pop("focus", None)
    if binding.focus:
        table["focus"] = list(binding.focus)
