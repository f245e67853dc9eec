"""Bring the catalogue of texts up to date: `vcam/locale/LANGUAGE/LC_MESSAGES/vcam.po`.

`python docs/make_catalogue.py` collects every text that is marked in `vcam`, adds what is new to
each language, takes out what is gone, and compiles what the program reads: `vcam.mo`, and
`page.json` for the panel. Run it again when a text or a translation changes, and translate what it
says is empty. docs/translating.md tells more.
"""

import ast
import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Final, NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from vcam.core.texts import ENGLISH, FOLDER, LANGUAGES
from vcam.overlay.emoji_set import ALL, emoji_name

ROOT: Final = Path(__file__).parents[1]
RUNTIME: Final = ROOT / "vcam"
WORDS: Final = RUNTIME / "panel" / "page" / "words.js"
EMOJI: Final = RUNTIME / "overlay" / "emoji_set.py"
PROFILES: Final = RUNTIME / "settings" / "profiles.toml"
MARKS: Final = {"_": (0,), "marked": (0,), "ngettext": (0, 1)}
"""Functions that mark a text, and where it stands among their arguments."""
SETTING: Final = {"setting", "setting_made"}
LOGS: Final[set[str]] = set()
"""What a logger says on the terminal."""
OTHERS: Final = tuple(language for language in LANGUAGES if language != ENGLISH)
LEFT_OUT: Final = tuple(
    b'"' + name
    for name in (
        b"Project-Id-Version",
        b"Report-Msgid-Bugs-To",
        b"POT-Creation-Date",
        b"PO-Revision-Date",
        b"Last-Translator",
        b"Language-Team",
        b"Generated-By",
    )
)
NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
TOKEN: Final = re.compile(r'//[^\n]*|(?P<text>"(?:[^"\\]|\\.)*")|(?P<name>\w+):|(?P<brace>[{}])')
"""What the list of the page's texts is made of; texts are joined by +."""
NUMBERS: Final = range(1000)
"""Enough to meet every plural form of a language."""


class Text(NamedTuple):
    """One text of the program; `many` is its other form where a number decides."""

    one: str
    many: str | None
    file: str


def marked_texts() -> Iterator[Text]:
    """Yield every text that a person may read, in the order of the files."""
    for forms in page_words().values():
        one, many = forms.get("one"), forms["other"]
        yield Text(one or many, many if one else None, _name(WORDS))
    for path in sorted(RUNTIME.rglob("*.py")):
        yield from python_texts(path)
    for shipped in tomllib.loads(PROFILES.read_text("utf-8")).values():
        yield Text(shipped["title"], None, _name(PROFILES))
        for system in shipped.values():
            if isinstance(system, dict):
                yield Text(system["needs"], None, _name(PROFILES))
    yield from (Text(emoji_name(sign), None, _name(EMOJI)) for sign in ALL)


def python_texts(path: Path) -> Iterator[Text]:
    """Yield what is marked in a file. Raises ValueError where a mark holds no plain text."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            for forms in _of_call(node):
                said = [_plain(each, path) for each in forms]
                if said[0]:
                    yield Text(said[0], said[1] if len(said) > 1 else None, _name(path))


def _of_call(call: ast.Call) -> list[list[ast.expr]]:
    """Return the texts of one call, each with its forms."""
    function = call.func
    if isinstance(function, ast.Name) and function.id in MARKS:
        return [[call.args[place] for place in MARKS[function.id]]] if call.args else []
    if isinstance(function, ast.Name) and function.id in SETTING:
        named = [each.value for each in call.keywords if each.arg in ("says", "more")]
        return [[each] for each in (*call.args[2:4], *named)]
    is_log = isinstance(function, ast.Attribute) and ast.unparse(function.value) == "log"
    return [[call.args[0]]] if is_log and function.attr in LOGS else []


def _plain(node: ast.expr, path: Path) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        return ""  # marked where it was written down
    raise ValueError(f"{path}, line {node.lineno}: what is marked must be one plain text")


def page_words() -> dict[str, dict[str, str]]:
    """Return the texts of the panel's page by key; one form, `other`, or also that for `one`."""
    script = WORDS.read_text("utf-8")
    script = script.partition("words = {")[2].partition("\n};")[0]
    found: dict[str, dict[str, str]] = {}
    key, form, within = "", "", False
    for token in TOKEN.finditer(script):
        if token["name"]:
            key, form = (key, token["name"]) if within else (token["name"], "other")
        elif token["text"]:
            forms = found.setdefault(key, {})
            forms[form] = forms.get(form, "") + json.loads(token["text"])
        elif token["brace"]:
            within = token["brace"] == "{"
    return found


@cache
def template() -> Catalog:
    """Return all texts, each with the files that it stands in."""
    made = Catalog(fuzzy=False)
    for text in marked_texts():
        forms = text.one if text.many is None else (text.one, text.many)
        made.add(forms, locations=[(text.file, 0)])
    for message in made:
        message.locations = sorted(set(message.locations))
    return made


def updated(language: str) -> Catalog:
    """Return a language's texts with what is new, empty, and without what is gone."""
    path = source(language)
    known = Catalog(Locale(language), fuzzy=False)
    if path.is_file():
        known = read_po(io.BytesIO(path.read_bytes()), locale=language)
    known.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    known.creation_date = known.revision_date = NO_DATE  # the same sources give the same files
    return known


def source(language: str) -> Path:
    """Return the place of a language's texts as translators write them."""
    return FOLDER / language / "LC_MESSAGES" / "vcam.po"


def files(language: str) -> dict[Path, bytes]:
    """Return the files of a language as they have to be."""
    catalog = updated(language)
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=100, ignore_obsolete=True, include_lineno=False)
    write_mo(mo, catalog)
    place = source(language)
    page = json.dumps(page_texts(catalog), ensure_ascii=False, indent=0) + "\n"
    return {
        place: _plain_header(po.getvalue()),
        place.with_suffix(".mo"): mo.getvalue(),
        place.with_name("page.json"): page.encode(),
    }


def page_texts(catalog: Catalog) -> dict[str, object]:
    """Return the translated texts of the page by key."""
    made: dict[str, object] = {}
    for key, forms in page_words().items():
        found = catalog.get(forms.get("one", forms["other"]))
        if found and "one" not in forms:
            made[key] = found.string
        elif found and all(found.string) and len(found.string) == catalog.num_plurals:
            made[key] = {form: found.string[place] for form, place in _forms(catalog).items()}
    return {key: texts for key, texts in made.items() if texts}


def _forms(catalog: Catalog) -> dict[str, int]:
    """Return for each form that browsers know, such as `one`, its place in the catalogue."""
    place = c2py(catalog.plural_expr)
    return {catalog.locale.plural_form(number): place(number) for number in reversed(NUMBERS)}


def empty(catalog: Catalog) -> list[Message]:
    """Return what is not translated, or only by guess."""
    return [
        message
        for message in catalog
        if message.id and (message.fuzzy or not (message.string and all(message.string)))
    ]


def _plain_header(po: bytes) -> bytes:
    """Leave out of the header what nobody fills in, or what changes without a change of texts."""
    lines = po.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(LEFT_OUT))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    for each in OTHERS:
        for path, content in files(each).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for message in empty(updated(each)):
            sys.stderr.write(f"{each}: not translated: {message.id!r}\n")
