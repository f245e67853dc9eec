"""One split over all sources: nobody and no picture is on two sides."""

from pathlib import Path

from training.datasets.annotations import TO_BE_FOUND, HandLabel, LabelledPicture
from training.datasets.split import Census, Split

HAND = HandLabel((0.1, 0.1, 0.2, 0.2), "palm", None, 0.0)


def _picture(name: str, user: str, split: str = "", boxes: str = "official") -> LabelledPicture:
    return LabelledPicture(
        Path("x"), f"palm/{name}.jpg", "hagrid", split, "palm", boxes, (HAND,), user
    )


def _sides(*told: tuple[str, LabelledPicture]) -> list[str]:
    census = Census()
    for source, picture in told:
        census.add(source, picture)
    split = Split.decide(census)
    return [split.side(source, picture) for source, picture in told]


def test_v1_follows_the_official_split_of_another_source() -> None:
    """People and pictures that 2.0 keeps for validation are not trained on by way of v1."""
    v2 = [
        ("v2", _picture(f"a{n}", f"user{n}", "val" if n % 4 == 0 else "train")) for n in range(40)
    ]
    v1 = [("v1", _picture(f"b{n}", f"user{n}")) for n in range(40)]
    unknown = [("v1", _picture(f"a{n}", "")) for n in range(40)]
    expected = ["val" if n % 4 == 0 else "train" for n in range(40)]
    assert _sides(*v2, *v1, *unknown) == expected * 3
    assert _sides(*v1, *unknown, *v2) == expected * 3


def test_two_official_splits_do_not_contradict_each_other() -> None:
    """A person whom the first source validates on is not trained on by the second."""
    first = ("v2", _picture("a", "anna", "val"))
    second = ("v2-1M", _picture("b", "anna", "train"))
    same = ("v2-1M", _picture("a", "", "train"))
    assert _sides(first, second, same) == ["val"] * 3


def test_a_source_may_show_one_person_on_both_sides() -> None:
    """What one source says of its own pictures stays as it says."""
    told = [("zip", _picture(f"p{n}", "someone", ("train", "val")[n % 2])) for n in range(6)]
    assert _sides(*told) == ["train", "val"] * 3


def test_the_names_of_photos_are_no_ids() -> None:
    """IMG_1 of one phone is not IMG_1 of another."""
    one = ("zip", _picture("IMG_1", "", "val"))
    other = ("own", _picture("IMG_1", "", "train", TO_BE_FOUND))
    assert _sides(one, other) == ["val", "train"]
