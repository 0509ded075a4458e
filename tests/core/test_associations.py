"""What goes together with the outcome scale: order, strength and absence."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.associations import MODERATE, STRONG, UNCLEAR, WEAK, associations, groups_with
from app.core.release import Release


def exact(value: float) -> dict[str, float]:
    return {"value": value, "low": value, "high": value}


def found(r: float, half: float = 0.1) -> dict[str, Any]:
    return {"r": exact(r), "interval": [exact(r - half), exact(r + half)], "n": exact(140)}


def a_release(**published: Any) -> Release:
    scales = [{"id": scale} for scale in ("outcome", "a", "b", "met")]
    groups = [{"status": "published", **published}, {"status": "published"}, {"status": "withheld"}]
    return Release({"instrument": {"outcome": "outcome", "scales": scales}, "groups": groups})


def test_the_strongest_comes_first_of_either_sign_and_never_the_outcome_itself():
    release = a_release(associations={"a": found(0.4), "met": found(-0.6), "outcome": found(1, 0)})
    assert [one.scale for one in associations(release, release.groups[0])] == ["met", "a"]
    assert groups_with(release) == release.groups[:1]


@pytest.mark.parametrize("published", [{}, {"associations": {}}])
def test_a_group_without_any_has_none(published: dict[str, Any]) -> None:
    release = a_release(**published)
    assert associations(release, release.groups[0]) == ()
    assert groups_with(release) == ()


@pytest.mark.parametrize(
    ("r", "half", "strength"),
    [(0.5, 0.1, STRONG), (-0.5, 0.1, STRONG), (0.3, 0.1, MODERATE), (0.29, 0.1, WEAK), (0.6, 0.6, UNCLEAR)],
)
def test_an_interval_that_holds_nothing_at_all_is_unclear(r: float, half: float, strength: str) -> None:
    release = a_release(associations={"a": found(r, half)})
    assert associations(release, release.groups[0])[0].strength == strength


@pytest.mark.parametrize(
    ("one", "other", "close"), [(0.6, 0.4, True), (0.6, 0.39, False), (0.6, -0.5, True), (-0.6, 0.3, False)]
)
def test_two_whose_intervals_meet_are_not_told_apart(one: float, other: float, close: bool) -> None:
    release = a_release(associations={"a": found(one), "b": found(other)})
    first, second = associations(release, release.groups[0])
    assert first.overlaps(second) is second.overlaps(first) is close
