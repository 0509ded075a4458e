"""What to work on: the open rule, worked by hand, and what must always hold of its ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.priorities import (
    REACH,
    RISK,
    SEVERITY,
    STRENGTH,
    Span,
    lowest,
    middle_line,
    not_told_apart,
    ordered,
    priorities,
    unfavourable,
)
from app.core.release import Release

Figures = Mapping[str, tuple[float, float, float]]


def num(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def exact(value: float) -> dict[str, float]:
    return num(value, value, value)


def figure(scale: str, ends: tuple[float, float, float]) -> dict[str, Any]:
    return {"share" if scale.startswith("met") else "score": num(*ends)}


def a_group(code: str, n: float, figures: Figures, parent: str | None = "org", **more: Any) -> dict[str, Any]:
    return {
        "grouping": "unit", "group": code, "parent": parent, "name": code, "status": "published", "reason": None,
        "n": num(n, n - 2, n + 2), "scales": {scale: figure(scale, ends) for scale, ends in figures.items()},
        "items": {}, "absent": {}, **more,
    }  # fmt: skip


def a_release(*groups: dict[str, Any]) -> Release:
    kinds = {scale: "incidence" if scale.startswith("met") else "mean" for scale in groups[0]["scales"]}
    scales = [{"id": scale, "kind": kind, "title": {"en": scale}} for scale, kind in kinds.items()]
    return Release({"instrument": {"scales": scales}, "groups": list(groups)})


def whole(**scores: float) -> dict[str, Any]:
    return a_group("org", 100, {scale: (at, at, at) for scale, at in scores.items()}, None)


def at(one: float) -> tuple[float, float, float]:
    return (one, one, one)


def test_the_rule_worked_by_hand():
    """Unfavourable: safety 60, respect 20, leaders 40, met 3 x 20 = 60; the line is at 50."""
    release = a_release(
        whole(safety=40, respect=80, leaders=60, met=20),
        a_group("a", 30, {"safety": at(30), "met": at(10)}),
        a_group("b", 10, {"safety": at(55), "met": at(30)}),
    )
    assert middle_line(release) == Span(0.5, 0.5, 0.5)
    first, second = priorities(release, RISK)
    assert (first.scale, second.scale) == ("safety", "met")
    assert first.factors[SEVERITY].middle == pytest.approx(0.6)
    assert first.factors[REACH].middle == 0.75  # the 30 of group a, of 40
    assert first.factors[REACH].low == 28 / (28 + 12)
    assert second.factors[REACH].middle == 0.25
    assert first.weight.middle == pytest.approx(0.45)
    keep = priorities(release, STRENGTH)
    assert [one.scale for one in keep] == ["respect", "leaders"]
    assert keep[0].factors[SEVERITY].middle == pytest.approx(0.8)


@pytest.mark.parametrize(("share", "score"), [(0, 100), (10, 70), (20, 40), (50, 0)])
def test_what_one_in_five_met_weighs_as_a_score_of_forty(share: float, score: float) -> None:
    met, safety = {"id": "met", "kind": "incidence"}, {"id": "safety", "kind": "mean"}
    assert unfavourable(met, exact(share)).middle == pytest.approx(unfavourable(safety, exact(score)).middle)


def test_without_groups_a_subject_counts_as_widespread_and_says_so():
    (risk,) = priorities(a_release(whole(safety=40, respect=80)), RISK)
    assert risk.groups == 0
    assert risk.factors[REACH] == Span(1, 1, 1)


@pytest.mark.parametrize("scores", [{}, {"safety": 40.0}])
def test_there_is_no_order_of_fewer_than_two_subjects(scores: dict[str, float]) -> None:
    assert priorities(a_release(whole(**scores)), RISK) == ()


def test_reach_looks_at_the_lowest_groups_that_have_a_figure():
    release = a_release(
        whole(safety=40, respect=80, met=10),
        a_group("dep", 60, {"safety": at(40), "met": at(10)}),
        a_group("a", 20, {"safety": at(20)}, "dep"),
        a_group("b", 20, {}, "dep", status="withheld"),
        a_group("0", 12, {"safety": at(45)}, "dep", grouping="stratum"),
        a_group("0", 40, {"safety": at(45)}, None, grouping="tenure"),
    )
    assert [(one.grouping, one.code) for one in lowest(release, "safety")] == [
        ("unit", "a"),
        ("stratum", "0"),
    ]
    assert [one.code for one in lowest(release, "met")] == ["dep"]


def test_chance_counts_in_how_severe_a_subject_is():
    organisation = whole(safety=40, respect=80)
    organisation["scales"]["safety"]["interval"] = [exact(34), exact(46)]
    (risk,) = priorities(a_release(organisation), RISK)
    assert (risk.weight.low, risk.weight.high) == pytest.approx((0.54, 0.66))


def test_weights_that_overlap_are_not_told_apart():
    organisation = whole(a=40, b=42, c=90, d=95, e=10, f=93)
    for scale, half in {"a": 3, "b": 3, "e": 3}.items():
        score = organisation["scales"][scale]["score"]["value"]
        organisation["scales"][scale]["interval"] = [exact(score - half), exact(score + half)]
    first, second, third = priorities(a_release(organisation), RISK)
    assert [first.scale, second.scale, third.scale] == ["e", "a", "b"]
    assert not_told_apart(first, [first, second, third]) == ()
    assert not_told_apart(second, [first, second, third]) == (third,)


def test_a_factor_from_elsewhere_multiplies():
    first, second = priorities(a_release(whole(a=20, b=40, c=80, d=90)), RISK)
    again = ordered([first.with_factor("support", Span(0.25, 0, 0.5)), second])
    assert [one.scale for one in again] == ["b", "a"]
    assert again[1].weight == Span(pytest.approx(0.2), 0, pytest.approx(0.4))


BANDS = st.tuples(*[st.integers(0, 100)] * 3).map(lambda ends: (sorted(ends)[1], min(ends), max(ends)))
SCALES = ("a", "b", "c", "met")
GROUPS = st.dictionaries(st.sampled_from(SCALES), BANDS)


@given(st.fixed_dictionaries(dict.fromkeys(SCALES, BANDS)), st.lists(GROUPS, max_size=4), st.data())
def test_the_true_weight_lies_between_its_ends(
    top: Figures, parts: list[Figures], data: st.DataObject
) -> None:
    """Whatever the true figures are within what is published, their weight lies within the weight's ends."""
    published = [a_group("org", 200, top, None), *(a_group(f"t{i}", 20, one) for i, one in enumerate(parts))]

    def truth(group: dict[str, Any]) -> dict[str, Any]:
        n = data.draw(st.integers(group["n"]["low"], group["n"]["high"]))
        scales = {}
        for scale, one in group["scales"].items():
            ((key, figure),) = one.items()
            scales[scale] = {key: exact(data.draw(st.integers(figure["low"], figure["high"])))}
        return {**group, "n": exact(n), "scales": scales}

    release = a_release(*published)
    true = a_release(*[truth(group) for group in published])
    for kind in (RISK, STRENGTH):
        real = {one.scale: one.weight.middle for one in priorities(true, kind)}
        for one in priorities(release, kind):
            assert 0 <= one.weight.low <= one.weight.middle <= one.weight.high <= 1
            if one.scale in real:
                assert one.weight.low - 1e-9 <= real[one.scale] <= one.weight.high + 1e-9
