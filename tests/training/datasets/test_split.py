"""One split over all sources: nobody and no picture is on two sides."""

from pathlib import Path

import pytest

from training.datasets.annotations import TO_BE_FOUND, HandLabel, LabelledImage
from training.datasets.split import Census, Fold, Split
from training.errors import TrainingError

HAND = HandLabel((0.1, 0.1, 0.2, 0.2), "palm", None, 0.0)


def _image(name: str, user: str, split: str = "", boxes: str = "official") -> LabelledImage:
    return LabelledImage(
        Path("x"), f"palm/{name}.jpg", "hagrid", split, "palm", boxes, (HAND,), user
    )


def _sides(*reported: tuple[str, LabelledImage]) -> list[str]:
    census = Census()
    for source, image in reported:
        census.add(source, image)
    split = Split.decide(census)
    return [split.side(source, image) for source, image in reported]


def test_v1_follows_the_official_split_of_another_source() -> None:
    """People and pictures that 2.0 keeps for validation are not trained on by way of v1."""
    v2 = [("v2", _image(f"a{n}", f"user{n}", "val" if n % 4 == 0 else "train")) for n in range(40)]
    v1 = [("v1", _image(f"b{n}", f"user{n}")) for n in range(40)]
    unknown = [("v1", _image(f"a{n}", "")) for n in range(40)]
    expected = ["val" if n % 4 == 0 else "train" for n in range(40)]
    assert _sides(*v2, *v1, *unknown) == expected * 3
    assert _sides(*v1, *unknown, *v2) == expected * 3


def test_two_official_splits_do_not_contradict_each_other() -> None:
    """A person whom the first source validates on is not trained on by the second."""
    first = ("v2", _image("a", "anna", "val"))
    second = ("v2-1M", _image("b", "anna", "train"))
    same = ("v2-1M", _image("a", "", "train"))
    assert _sides(first, second, same) == ["val"] * 3


def test_a_source_may_show_one_person_on_both_sides() -> None:
    """What one source says of its own pictures stays as it says."""
    reported = [("zip", _image(f"p{n}", "someone", ("train", "val")[n % 2])) for n in range(6)]
    assert _sides(*reported) == ["train", "val"] * 3


def test_the_names_of_photos_are_no_ids() -> None:
    """IMG_1 of one phone is not IMG_1 of another."""
    one = ("zip", _image("IMG_1", "", "val"))
    other = ("own", _image("IMG_1", "", "train", TO_BE_FOUND))
    assert _sides(one, other) == ["val", "train"]


def test_each_person_validates_in_one_fold() -> None:
    """Of five folds each has other people, and all together everybody, alike in number."""
    reported = [("own", _image(f"a{n}", f"user{n % 12}")) for n in range(60)]
    census = Census()
    for source, image in reported:
        census.add(source, image)
    folds = [Split.decide(census, Fold(number, 5)).val_users for number in range(1, 6)]
    assert sorted(user for fold in folds for user in fold) == sorted(census.users)
    assert {len(fold) for fold in folds} == {2, 3}
    split = Split.decide(census, Fold(2, 5))
    sides = {image.user: split.side(source, image) for source, image in reported}
    assert {user for user, side in sides.items() if side == "val"} == folds[1]


@pytest.mark.parametrize("text", ["0/5", "6/5", "2", "a/b", "1/1", "-1/3", ""])
def test_a_fold_that_is_none(text: str) -> None:
    """What cannot be a fold is refused in a sentence."""
    with pytest.raises(TrainingError, match="say 1/5"):
        Fold.parse(text)


def test_more_folds_than_people() -> None:
    """Three people cannot be split in five ways."""
    with pytest.raises(TrainingError, match="5 people at least, and 3"):
        Fold(1, 5).users(["a", "b", "c", "a"])
