"""The catalogue of texts: all that is marked is in it, translated whole and rightly."""

import ast
import gettext
import io
import re
import runpy
import string
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import vcam.errors
from vcam.core.texts import ENGLISH, LANGUAGES, compiled

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "vcam" / "panel" / "page"
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
MADE: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "make_catalogue.py"))
PERCENT = re.compile(r"%[-0-9.]*[sdrfgx]")
CODE = re.compile(r"`[^`]+`")
WORD = re.compile(r"[a-z]{2,} [a-z]{2,}|^[A-Z][a-z]{2,}")
"""What people read: two words, or one that begins as a sentence does."""
LITERAL = re.compile(r'//[^\n]*|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
NAME = "Gesture Cam"
NO_TEXT = re.compile(
    r"""(?:class|import|from)\s*[:(=]?\s*$      # classes and files
    |(?:querySelector(?:All)?|closest|matches|getElementById)\(\s*$
    |case\s*$|===\s*$|!==\s*$|\[\s*$            # keys of the keyboard
    |taken\ \?\s*$|about\(\s*$|"code",\s*\{\},\s*$|headers:\s*\{\s*$
    |"data-key":\s*$|key\s*=\s*$|Content-Type":\s*$|method:\s*$|accept:\s*$""",
    re.VERBOSE,
)
"""What stands before a literal that nobody reads."""


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_is_current(language: str) -> None:
    """Its files are what `docs/make_catalogue.py` makes of the sources and the translations."""
    files = MADE["files"](language)
    for path, content in files.items():
        if path.suffix != ".mo":
            assert path.read_bytes() == content, "run python docs/make_catalogue.py"
    with compiled(language).open("rb") as file:
        held = gettext.GNUTranslations(file)
    made = gettext.GNUTranslations(io.BytesIO(files[compiled(language)]))
    for text in MADE["marked_texts"]():
        assert held.gettext(text.one) == made.gettext(text.one), "run python docs/make_catalogue.py"


@pytest.mark.parametrize("language", OTHERS)
def test_everything_is_translated(language: str) -> None:
    """No text is left empty, and none is only guessed."""
    assert [message.id for message in MADE["empty"](MADE["updated"](language))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_hold_what_the_texts_hold(language: str) -> None:
    """Places for values, code in backquotes, and blanks at the ends are those of the English."""
    wrong = []
    for message in MADE["updated"](language):
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        shown = [message.string] if isinstance(message.string, str) else list(message.string)
        if forms[0]:
            wrong += [each for each in shown if _frame(each) not in map(_frame, forms)]
    assert wrong == []


def test_texts_are_filled_with_what_they_name() -> None:
    """`_("{n} of {all}").format(…)` gives `n` and `all`: another name would be a `KeyError`."""
    wrong = []
    for path in sorted((ROOT / "vcam").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    ast.Attribute(
                        ast.Call(ast.Name("_" | "ngettext"), [ast.Constant(str(text)), *_]),
                        "format",
                    ),
                    [],
                    given,
                ):
                    named = {re.split(r"[!:]", field)[0] for field in _fields(text)}
                    if named != {each.arg for each in given}:
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {text}")
    assert wrong == []


def _frame(text: str) -> tuple[Any, ...]:
    """Return what a translation must not change."""
    ends = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    code = Counter(CODE.findall(text))
    return tuple(PERCENT.findall(text)), frozenset(_fields(text)), frozenset(code.items()), ends


def _fields(text: str) -> list[str]:
    """Return the values that a text takes, with how they are shown."""
    try:
        found = list(string.Formatter().parse(text))
    except ValueError:  # a text without values may hold any bracket
        return []
    return [f"{name}!{how}:{form}" for _, name, form, how in found if name is not None]


def test_the_page_says_nothing_by_itself() -> None:
    """Texts of the panel's scripts and of its HTML come from the catalogue."""
    found = []
    for path in sorted(PAGE.glob("*.js")):
        script = path.read_text("utf-8")
        for literal in LITERAL.finditer(script):
            text = re.sub(r"\$\{[^}]*\}", "", literal[1] or literal[2] or "")
            before = script[max(0, literal.start() - 60) : literal.start()]
            if (
                path.name != "words.js"
                and WORD.search(text)
                and text != NAME
                and not NO_TEXT.search(before)
            ):
                found.append(f"{path.name}: {text}")
    html = (PAGE / "index.html").read_text("utf-8")
    visible = re.sub(r"<[^>]*>", " ", html.replace("<title>Gesture Cam</title>", ""))
    found += re.findall(r"[A-Za-z]{2,}[^{}\n]*", visible.replace("{no_script}", ""))
    assert found == []


def test_every_key_of_the_page_has_a_text() -> None:
    """What the page's scripts ask for by a whole key stands in `words.js`."""
    words = MADE["page_words"]()
    asked = {
        key
        for path in PAGE.glob("*.js")
        for key in re.findall(r'\bsay\("(\w+)"', path.read_text("utf-8"))
    }
    html = (PAGE / "index.html").read_text("utf-8")
    asked |= set(re.findall(r'data-(?:say|label)="(\w+)"', html))
    assert asked - set(words) == set()
    assert len(words) > 300


DONE = (
    "actions",
    "app",
    "camera",
    "cli",
    "diagnostics",
    "gestures",
    "history",
    "integrations",
    "output",
    "overlay",
    "panel",
    "pipeline",
    "settings",
    "system",
    "tray",
    "vision",
)
"""Rooms whose every error is in the catalogue."""
TO_PROGRAMS = ("stream/reported_state.py", "stream/service.py")
"""Errors that are answers to another program on the event stream, which reads English."""
NAMES = {name for name in vars(vcam.errors) if name.endswith("Error")}


@pytest.mark.parametrize("room", DONE)
def test_errors_come_from_the_catalogue(room: str) -> None:
    """No error that a person reads is raised with a sentence of its own."""
    bare = [
        f"{path.name}, line {node.lineno}"
        for path in sorted((ROOT / "vcam" / room).rglob("*.py"))
        if not path.as_posix().endswith(TO_PROGRAMS)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args
        if ast.unparse(node.exc.func) in NAMES
        if isinstance(node.exc.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert bare == []
