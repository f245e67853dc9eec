"""Which emoji there are pictures of, by sign and by name. Knows no pixels, so it costs nothing.

The pictures are those of Google's Noto Emoji (Apache License 2.0, see the folder `emoji`).
"""

import unicodedata
from difflib import get_close_matches
from typing import Final

from vcam.core.texts import _

GROUPS: Final[dict[str, str]] = {
    "hands": "👍 👎 👏 👋 ✋ 🖐 🖖 👌 ✌ 🤞 🤟 🤘 🤙 ☝ 👆 👇 👈 👉 ✊ 👊 🙌 🙏 💪 🙋",
    "faces": "😀 😄 😁 😂 🤣 😊 😉 😍 🥰 😘 😎 🤩 🥳 🤔 🤨 😮 😲 😅 😴 "
    "😢 😭 😡 🤯 😱 😇 🙃 🤗 🫡 🙄 😬 🤓",
    "hearts": "❤ 🧡 💛 💚 💙 💜 💔 💖",
    "signs": "✅ ❌ ❓ ❗ 💯 ⭐ 🌟 💡 ⏰ ➕ 👀 🗳",
    "party": "🎉 🎊 🎈 🎂 🏆 🥇 🚀 🔥 ✨ ☕ 🍕 🍻 🌈 🌞 🎵 🐱 🐶",
}
"""By what the picker calls them."""
TONES: Final = ("🏻", "🏼", "🏽", "🏾", "🏿")
"""Skin tones, from light to dark."""
WORDS: Final[dict[str, str]] = {
    "like": "👍",
    "thumbs up": "👍",
    "thumbs down": "👎",
    "dislike": "👎",
    "clap": "👏",
    "hand": "✋",
    "heart": "❤",
    "party": "🎉",
    "laugh": "😂",
    "fire": "🔥",
    "ok": "👌",
    "wave": "👋",
}
"""Names that people use, beside those of Unicode."""
SUGGESTED: Final = "👍 ❤ 😂 🎉 👏"

ALL: Final[tuple[str, ...]] = tuple(sign for group in GROUPS.values() for sign in group.split())
"""Every sign without a skin tone, plain: without the selector U+FE0F."""
TONED: Final[tuple[str, ...]] = tuple(GROUPS["hands"].split())
"""Those that come in skin tones, too."""


def plain(text: str) -> str:
    """Return a sign without what only asks for colour: `❤` for `❤️`."""
    return text.replace("\ufe0f", "").strip()


def known_emoji(text: str) -> str | None:
    """Return the sign that `text` is or names and that has a picture; None: there is none."""
    sign = plain(text)
    sign = WORDS.get(sign.lower().replace("_", " "), sign)
    if sign in ALL or (sign[-1:] in TONES and sign[:-1] in TONED):
        return sign
    return _NAMES.get(sign.lower().replace("_", " "))


def suggestion(text: str) -> str:
    """Return a sign to use instead of one without a picture."""
    sign = plain(text)
    if sign[:1] in ALL:
        return sign[:1]
    names = {**_NAMES, **WORDS}
    close = get_close_matches(emoji_name(sign) or sign.lower(), names, n=1, cutoff=0.5)
    return names[close[0]] if close else SUGGESTED


def emoji_name(sign: str) -> str:
    """Return Unicode's name of a sign, such as `thumbs up sign`; empty: it has none."""
    names = (unicodedata.name(part, "") for part in plain(sign) if not part.isascii())
    return next((name.lower() for name in names if name), "")


def emoji_title(sign: str) -> str:
    """Return what a sign is called in the language in force; empty: it has no name."""
    name = emoji_name(sign)
    return _(name) if name else ""


def file_stem(sign: str) -> str:
    """Return the name of a sign's picture, such as `1f44d_1f3fd`."""
    return "_".join(f"{ord(part):x}" for part in plain(sign))


_NAMES: Final = {emoji_name(sign): sign for sign in ALL if emoji_name(sign)}
