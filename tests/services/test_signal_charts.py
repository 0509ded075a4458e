"""Pictures of signals: the same numbers give the same bytes, labels don't stand over each other, a child draws them."""

from __future__ import annotations

import itertools
from typing import Any
from xml.etree import ElementTree

import pytest

from app.render import child, signal_charts
from app.render.signal_charts import Box, Field

NAMES = (
    "er gebeurt niets mee",
    "bang om te melden",
    "buitensluiten",
    "vertrouwen in de vertrouwenspersoon",
    "roddelen",
    "werkdruk",
)


def a_point(place: int, name: str, x: float, y: float) -> dict[str, Any]:
    return {
        "label": name,
        "x": x,
        "x_low": x - 4,
        "x_high": x + 4,
        "y": y,
        "y_low": y / 2,
        "y_high": y * 2 + 0.8,
        "sure": place % 2 == 0,
    }


QUADRANT: dict[str, Any] = {
    "points": [a_point(place, name, x, y) for place, (name, x, y) in enumerate(
        zip(NAMES, (19, 6, -19, -19, 5, -1), (2.6, 0, 2.6, 0, 0, 0.8), strict=True))],
    "threshold": 1.0,
    "regions": ["op één plek", "bevestigd", "rustig", "onuitgesproken"],
    "x_words": ["rustig", "drempel", "zorg"],
    "y_words": "Melders per 100",
    "foot": "Strepen: hoe zeker.",
}  # fmt: skip
RANKS: dict[str, Any] = {
    "heads": ["de scan", "signalen"],
    "rows": [
        {"left": name, "right": name, "left_at": place, "right_at": 5 - place, "strong": place == 0}
        for place, name in enumerate(NAMES)
    ],
}
THEMES: dict[str, Any] = {
    "heads": ["2026 Q1", "2026 Q2"],
    "note": "Melders",
    "rows": [{"label": name, "counts": [place, 0]} for place, name in enumerate(NAMES)],
}
ALL = {"signal-quadrant": QUADRANT, "signal-ranks": RANKS, "signal-themes": THEMES}


@pytest.mark.parametrize("kind", ALL)
def test_every_picture_is_sound_and_the_same_each_time(kind: str) -> None:
    draw = getattr(signal_charts, kind.removeprefix("signal-"))
    for narrow in (False, True):
        payload = {**ALL[kind], "narrow": narrow}
        assert ElementTree.fromstring(draw(payload)).tag.endswith("svg")
        assert draw(payload) == draw(payload)


def test_labels_stand_on_no_other_label_and_on_no_dot() -> None:
    field = Field(Box(0, 0, 7, 4), (-25, 25), (0, 5))
    taken: list[Box] = []
    spots = [field.place(point["x"], point["y"]) for point in QUADRANT["points"]]
    taken += [Box(x - 0.08, y - 0.08, x + 0.08, y + 0.08) for x, y in spots]
    _, axes = signal_charts.canvas(7, 4)
    for name, spot in zip(NAMES, spots, strict=True):
        signal_charts._label(axes, field, name, spot, taken)
    labels = taken[len(spots) :]
    assert not [pair for pair in itertools.combinations(labels, 2) if pair[0].meets(pair[1])]
    assert not [label for label in labels for dot in taken[: len(spots)] if label.meets(dot)]


def test_a_child_draws_the_same_picture_and_says_nothing_of_what_fails() -> None:
    payload = {**RANKS, "narrow": False}
    assert child.svg("signal-ranks", payload) == signal_charts.ranks(payload)
    with pytest.raises(child.NotMade) as failure:
        child.svg("signal-ranks", {"rows": "roddelen"})
    assert "roddelen" not in str(failure.value)
    with pytest.raises(KeyError):
        child.svg("sheets", {})
