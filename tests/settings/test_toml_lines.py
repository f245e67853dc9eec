"""Lines of keys in TOML."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from vcam.settings.toml_lines import Key, line_numbers

CASES = [
    pytest.param('a = 1\n# a = 2\n\nb = "# no comment"\n', ("b",), 4, id="comments"),
    pytest.param("[t]\nx = 1\n[t.u]\ny = 2\n", ("t", "u", "y"), 4, id="nested tables"),
    pytest.param("[t]\nx = 1\n[t.u]\ny = 2\n", ("t", "u"), 3, id="header of a table"),
    pytest.param("a.b.c = 1\na.d = 2\n", ("a", "d"), 2, id="dotted keys"),
    pytest.param("\n[ t . 'u v' ]\nx=1\n", ("t", "u v", "x"), 3, id="blanks in headers"),
    pytest.param('"a\\u0062" = 1\n', ("ab",), 1, id="escapes in keys"),
    pytest.param("'a.b' = 1\n\"c\".d = 2\n", ("c", "d"), 2, id="quoted keys"),
    pytest.param("a = [\n 1,\n # 2,\n 3\n]\n", ("a", 1), 4, id="arrays over lines"),
    pytest.param("a = [\n\n { x = 1 },\n { x = 2, y = 3 },\n]\n", ("a", 1, "y"), 4, id="in arrays"),
    pytest.param("a = [[1,\n2],[\n3]]\nb=1\n", ("a", 1, 0), 3, id="arrays in arrays"),
    pytest.param("[[a]]\nx=1\n[[a]]\nx=2\n[a.b]\ny=3\n", ("a", 1, "b", "y"), 6, id="table arrays"),
    pytest.param(
        "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[[a.b]]\nx=1", ("a", 1, "b", 1, "x"), 6, id="deep"
    ),
    pytest.param('a = """\n[b]\nc = 1\\"""\n"""\nd = 2\n', ("d",), 5, id="long basic text"),
    pytest.param("a = '''\nb = 1\n'''\nd = 2\n", ("d",), 4, id="long literal text"),
    pytest.param('a = """x"""""\nb = 1\n', ("b",), 2, id="text that ends in quotes"),
    pytest.param("a = 2020-01-01 10:00:00 # x\nb = 1\n", ("b",), 2, id="dates with a blank"),
    pytest.param("a = \"\"\nb = ''\nc = 1\n", ("c",), 3, id="empty texts"),
    pytest.param("a = { b = [ { c = 1 } ], d = {} }\ne = 1", ("a", "b", 0, "c"), 1, id="inline"),
]


@pytest.mark.parametrize(("text", "key", "line"), CASES)
def test_line(text: str, key: Key, line: int) -> None:
    """Every way to write a key is found on the line where it stands."""
    tomllib.loads(text)
    assert line_numbers(text)[key] == line


def _keys(value: Any, key: Key = ()) -> Iterator[Key]:
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for part, inside in pairs:
        yield (*key, part)
        yield from _keys(inside, (*key, part))


@pytest.mark.parametrize("text", [case.values[0] for case in CASES])
def test_all_keys(text: Any) -> None:
    """The scan finds the same keys as the parser, no more and no fewer."""
    assert set(line_numbers(text)) == set(_keys(tomllib.loads(text)))


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), NAMES, st.floats(0, 1), st.datetimes())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_document(data: dict[str, Any]) -> None:
    """Whatever a TOML writer writes, the scan and the parser agree on its keys."""
    text = tomlkit.dumps(data)
    assert set(line_numbers(text)) == set(_keys(tomllib.loads(text)))
