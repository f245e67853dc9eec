"""Which language this system speaks to the person."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress

from vcam.core.texts import ENGLISH, LANGUAGES

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which they count; `LANGUAGE` goes before them, as gettext has it."""


def system_language(variables: Mapping[str, str] = os.environ) -> str:
    """Return the first language of this system that we have; English where there is none."""
    for wanted in _wanted(variables):
        code = wanted.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")[0]
        if code.lower() in LANGUAGES:
            return code.lower()
    return ENGLISH


def _wanted(variables: Mapping[str, str]) -> Iterator[str]:
    """Yield names of languages such as `de_AT.UTF-8`, the most wanted first."""
    locale = next((variables[name] for name in VARIABLES if variables.get(name)), "")
    if locale.partition(".")[0] in ("C", "POSIX"):  # gettext's own rule: no translation then
        return
    yield from filter(None, variables.get("LANGUAGE", "").split(":"))
    if locale:
        yield locale
    elif sys.platform == "win32":
        yield from _windows_languages()
    elif sys.platform == "darwin":
        yield from _mac_languages()


def _windows_languages() -> Iterator[str]:
    """Yield the language of Windows' own menus, such as `de_DE`."""
    import ctypes
    import locale

    number = 0
    if sys.platform == "win32":
        with suppress(AttributeError, OSError):
            number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    yield locale.windows_locale.get(number, "")


def _mac_languages() -> Iterator[str]:
    """Yield the languages of System Settings, such as `de-DE`, in the person's order."""
    with suppress(ImportError, AttributeError):
        from Foundation import NSLocale

        yield from map(str, NSLocale.preferredLanguages())
