"""Names are the same however their accents are stored: é is one letter, or e and an accent.

Keyboards write the one form; files and titles that come from a Mac often hold the other.
"""

import unicodedata
from collections.abc import Iterable


def composed(text: str) -> str:
    """Return the text with each letter and its accents as one, as far as Unicode has one."""
    return unicodedata.normalize("NFC", text)


def known_as(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that is spelt with the same letters, or else `name` itself."""
    wanted = composed(name)
    return next((each for each in names if composed(each) == wanted), name)
