"""Every text that a person reads, in the language that person chose.

`_("No hand is seen")` gives the text in the language in force; what comes from data is filled in
afterwards, `_("{n} of {all}").format(n=2, all=5)`, so that translators see whole sentences. The
English sentence is the key of the catalogue in `vcam/locale`, and what is shown where a language
lacks it. `python docs/make_catalogue.py` collects what is marked here and in the panel's page.

What other programs read (events, `--json`, names in settings) stays English: `in_english`.
"""

import gettext
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final[dict[str, str]] = {"en": "English", "de": "Deutsch", "fr": "Français"}
"""What there is, each by its own name. Another one is a folder in `vcam/locale` and a line here."""
ENGLISH: Final = "en"
FOLDER: Final = Path(__file__).parents[1] / "locale"


class Text(str):
    """A text in the language in force that also knows its English."""

    english: str

    def __new__(cls, shown: str, english: str | None = None) -> "Text":
        """`english` may be left out where both are the same."""
        made = super().__new__(cls, shown)
        made.english = shown if english is None else english
        return made

    def __str__(self) -> str:
        """Stay what it is, so that an error does not lose the English of what it says."""
        return self

    def format(self, *args: Any, **values: Any) -> "Text":
        """Fill in values in both languages; a value that is such a text too in its own two."""
        english = self.english.format(
            *(_in_english(value) for value in args),
            **{name: _in_english(value) for name, value in values.items()},
        )
        return Text(super().format(*args, **values), english)

    def capitalized(self) -> "Text":
        """Return it with a capital at its beginning."""
        return Text(self[:1].upper() + self[1:], self.english[:1].upper() + self.english[1:])


class _Catalogue:
    """The language in force and its texts; replaced as a whole, so threads need no lock."""

    def __init__(self, language: str) -> None:
        """Read the texts of a language, or none where it has none."""
        self.language = language
        self.texts = gettext.NullTranslations()
        path = compiled(language)
        if path.is_file():
            with path.open("rb") as file:
                self.texts = gettext.GNUTranslations(file)


def compiled(language: str) -> Path:
    """Return the place of a language's texts as programs read them; English has none."""
    return FOLDER / language / "LC_MESSAGES" / "vcam.mo"


_in_force = _Catalogue(ENGLISH)


def use_language(language: str) -> None:
    """Show texts in one of `LANGUAGES` from now on; in English where there is no such one."""
    global _in_force  # noqa: PLW0603 - one program speaks one language
    if language != _in_force.language:
        _in_force = _Catalogue(language if language in LANGUAGES else ENGLISH)


def language() -> str:
    """Return the language in force, one of `LANGUAGES`."""
    return _in_force.language


def _(english: str) -> Text:
    """Return a text in the language in force."""
    return Text(_in_force.texts.gettext(english), english)


def ngettext(one: str, many: str, n: int) -> Text:
    """Return the form of a text that goes with a number, which is still to be filled in."""
    return Text(_in_force.texts.ngettext(one, many, n), one if n == 1 else many)


def marked(english: str) -> str:
    """Return the text as it is: one of the catalogue, which is looked up when it is shown."""
    return english


def joined(separator: str, texts: "list[str] | tuple[str, ...]") -> Text:
    """Return texts in a row, in both languages."""
    return Text(separator.join(texts), separator.join(in_english(text) for text in texts))


def in_english(text: object) -> str:
    """Return what a text or an error says in English, as far as it is known."""
    said = str(text)
    return said.english if isinstance(said, Text) else said


def _in_english(value: Any) -> Any:
    """Return the same of a value to fill in; what is no text of ours stays what it is."""
    if isinstance(value, Text):
        return value.english
    if isinstance(value, BaseException) and isinstance(str(value), Text):
        return in_english(value)
    return value
