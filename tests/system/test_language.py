"""Which language the system speaks."""

import sys
from pathlib import Path

import pytest

from vcam.core.texts import ENGLISH, language, use_language
from vcam.settings import load_settings
from vcam.settings.language import language_in, speak
from vcam.system.language import system_language


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LANG": "de_DE", "LC_MESSAGES": "fr_FR", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "nl:de:en"}, "de"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "pl_PL.UTF-8"}, "en"),
        ({"LANGUAGE": "fr"}, "fr"),
    ],
)
def test_the_environment_decides(variables: dict[str, str], expected: str) -> None:
    """As gettext reads it: LANGUAGE, LC_ALL, LC_MESSAGES, LANG; nothing in the C locale."""
    assert system_language(variables) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a language beside it")
def test_without_a_word_it_is_english() -> None:
    """A service without an environment speaks English."""
    assert system_language({}) == "en"


def test_the_settings_go_first(tmp_path: Path) -> None:
    """`language` is read before all else, a broken file is passed over, and a bad one refused."""
    path = tmp_path / "settings.toml"
    assert language_in(path) == "auto"
    path.write_text('language = "de"\n')
    assert language_in(path) == "de"
    assert load_settings(path).language == "de"
    path.write_text('language = "de')
    assert language_in(path) == "auto"
    try:
        speak("fr")
        assert language() == "fr"
        speak("auto")  # tests run with LANGUAGE=en
        assert language() == "en"
    finally:
        use_language(ENGLISH)
