"""The field's words: names that this project once had of its own do not come back.

A name is read word by word (`MIN_LOOKS` is *min*, *looks*). Words that mean two things, such as
*rate*, *plan* and *average*, cannot be counted and are left to who reads. Nothing in Python is a
picture: an array is an image, one with a time is a frame, and pictures are what people see, so the
panel's page may show some.
"""

import io
import re
import tokenize
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
ROOMS = ("vcam", "training", "benchmarks", "examples", "docs", "packaging", "tests")
OLD = {
    "training": {"school"},
    "detection": {"finds", "* find"},
    "inference, frame, view": {"look", "looks", "looked"},
    "refine": {"closely"},
    "confidence": {"sure", "surely", "sureness", "surer", "surest"},
    "min": {"least"},
    "max": {"most"},
    "train": {"taught"},
    "validation": {"held back"},
    "evaluate": {"judge", "judges", "judged"},
    "distributed": {"world"},
    "run_log": {"journal"},
    "augmentation": {"spoil", "spoiler"},
    "sampler": {"draws"},
    "copy_paste": {"pastes"},
    "import_onnx": {"thaw", "thaws", "thawed"},
    "hard_negatives": {"mine", "mined"},
    "baseline": {"peer", "peers"},
    "types": {"noun", "nouns"},
    "interface": {"seam", "seams"},
    "again": {"anew"},
    "expensive": {"dear"},
    "reported": {"told"},
    "continues": {"goes on"},
    "fix": {"mend", "mends", "mended"},
    "inhibitor": {"brake", "brakes"},
    "custom_gestures": {"own"},
    "score_fusion": {"trust"},
    "frame_quality": {"sight"},
    "rotated_views": {"turned look", "turned looks"},
    "refire_lock": {"spent"},
    "image, frame": {"picture", "pictures"},
}
SEEN = "image, frame"
"""What the panel's page shows people are pictures."""
KEPT = {
    "turned_looks": "a setting that people have in their files",
    "find_score": "a setting that people have in their files",
    "least": "a key of the fires that are remembered on disk",
    "told": "a key of the state that the panel streams",
    "sight": "a key of the state that the panel streams",
    "find": "a key of model cards",
    "get_world_size": "PyTorch's",
    "most_common": "Python's",
    "read_picture": "the public API",
    "one_hand_a_picture": "a key of what a training writes down",
    "picture_frame": "one that hangs on a wall",
    "picture_in_picture": "what people call it",
    "make_picture": "for the documents",
    "make_call_pictures": "for the documents",
    "make_emoji_pictures": "for the documents",
    "make_gesture_pictures": "for the documents",
    "make_panel_pictures": "for the documents",
    "at_least_float32": "a comparison, not a bound",
    "_at_most": "a comparison, not a bound",
}

KEYS = {
    "vcam/cli/last.py": ("picture", "stands in a message"),
    "vcam/cli/learn.py": ("pictures", "stands in a message"),
    "vcam/gestures/guards/settings.py": ("picture", "a setting that people have in their files"),
    "vcam/pipeline/recognition.py": ("picture", "that setting"),
    "tests/pipeline/test_recognition.py": ("picture", "that setting"),
    "tests/panel/test_commands.py": ("picture", "a key of what the page sends"),
    "tests/panel/test_settings_page.py": ("picture", "a key of what the page sends"),
    "training/train/optim.py": ("pictures", "`--pictures`, a key of what a training writes down"),
    "training/train/recipes.py": ("pictures", "that option"),
    "training/train/detector.py": ("pictures", "that option"),
    "training/train/classifier_options.py": ("pictures", "that option"),
}
"""Names that are what files, messages and options call something: where, and why."""


SAID = {
    "again": r"anew",
    "fix": r"mend(?:s|ed|ing)?",
    "confident": r"surer|surest|sureness|how sure|(?:less|not|most) sure",
    "continues": r"goes on",
    "evaluate": r"judg(?:e|es|ed|ing)",
    "import_onnx": r"thaw(?:s|ed)?",
    "damaged, degraded": r"spoilt|spoils",
    "interface, types": r"seams?",
    "inhibitor": r"brakes?",
    "training": r"school",
}
"""Words that mean nothing else, so that they are seen in documents and messages, too."""


def words(name: str) -> list[str]:
    """Return the words of a name in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]


@cache
def old_word(name: str) -> str | None:
    """Return what a name should say instead of one of its words; None where all are good.

    A phrase of several words counts anywhere in a name, a star stands for any word before, and
    `own` only where it is the whole name: a thing of its own is plain English.
    """
    if name in KEPT:
        return None
    said = words(name)
    for new, phrases in OLD.items():
        for phrase in phrases:
            wanted = phrase.split()
            if wanted == ["own"] and len(said) > 1:
                continue
            for start in range(len(said) - len(wanted) + 1):
                here = said[start : start + len(wanted)]
                if all(asked in ("*", word) for asked, word in zip(wanted, here, strict=True)):
                    return new
    return None


def named_in(code: str) -> Set[str]:
    """Return the names in Python."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


@cache
def names_in(path: Path) -> Set[str]:
    """Return the file's name and the names in it; of the panel's page, what it declares."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        names = {path.stem, *re.findall(r"\b(?:const|let|function)\s+(\w+)", text)}
        return {name for name in names if old_word(name) != SEEN}
    return ({path.stem} | named_in(text)) - set(KEYS.get(path.relative_to(ROOT).as_posix(), ())[:1])


def files(room: str) -> Iterator[Path]:
    """Yield the files of a room that hold code."""
    yield from sorted([*(ROOT / room).rglob("*.py"), *(ROOT / room).rglob("*.js")])


@pytest.mark.parametrize("room", ROOMS)
def test_names_use_the_fields_words(room: str) -> None:
    """No name in code, and no file, says one of the old words."""
    found = [
        f"{path.relative_to(ROOT)}: {name}: write {new}"
        for path in files(room)
        for name in sorted(names_in(path))
        if (new := old_word(name))
    ]
    assert not found, "\n".join(found)


def texts() -> Iterator[tuple[str, str]]:
    """Yield the documents, but for what they tell of the past, and every message of the program."""
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]):
        if path.name != "CHANGELOG.md":
            yield path.name, path.read_text(encoding="utf-8")
    for room in ("models", "training", "examples"):
        yield f"{room}/README.md", (ROOT / room / "README.md").read_text(encoding="utf-8")
    catalogue = ROOT / "vcam" / "locale" / "de" / "LC_MESSAGES" / "vcam.po"
    for message in read_po(io.BytesIO(catalogue.read_bytes())):
        for said in [message.id] if isinstance(message.id, str) else message.id:
            yield "the catalogue", said


def test_documents_and_messages_use_them() -> None:
    """What a person reads says none of the old words that can be told from plain English."""
    found = [
        f"{where}: {old[0]}: write {new}"
        for where, text in texts()
        for new, phrase in SAID.items()
        for old in re.finditer(rf"\b(?:{phrase})\b", text, re.IGNORECASE)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("MIN_LOOKS", "inference, frame, view"),
        ("ConfidentOfPalms", None),
        ("SureOfPalms", "confidence"),
        ("test_it_goes_on_after_that", "continues"),
        ("doubtful_find", "detection"),
        ("find_devices", None),
        ("held_keys", None),
        ("_own", "custom_gestures"),
        ("own_display", None),
        ("find_score", None),
        ("LabelledPicture", "image, frame"),
        ("picture", "image, frame"),
        ("MAX_PICTURES", "image, frame"),
        ("_picture_of", "image, frame"),
        ("read_picture", None),
    ],
)
def test_an_old_word_is_seen(name: str, new: str | None) -> None:
    """Words are found in capitals, in camel case and in the middle; what only resembles stays."""
    assert old_word(name) == new


def test_what_is_kept_is_still_there() -> None:
    """Every exception is used, so that none outlives what it is for."""
    others = (path for room in ROOMS for path in files(room) if path.name != Path(__file__).name)
    assert set(KEPT) <= set[str]().union(*map(names_in, others))
    named = {place: named_in((ROOT / place).read_text(encoding="utf-8")) for place in KEYS}
    assert [place for place, (name, _) in KEYS.items() if name not in named[place]] == []
