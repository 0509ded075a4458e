"""Which groups and scales of two scans are the same: reorganisations, joined units, answers, and changed questions."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.comparison.between import compare
from app.core.comparison.unit_map import UnitMap, read_map
from app.core.units import FileFaults
from tests.core.released import an_instrument, document, group, num, scored, shared

UP = {"up": scored(num(60, 57.5, 62.5), num(20, 18, 22))}
ORGANISATION = group("org", None, 100, UP)


def tree(*groups: dict[str, Any], scan: str = "new", **more: Any) -> dict[str, Any]:
    return document(scan, [ORGANISATION, *groups], **more)


def team(code: str, parent: str = "org", **more: Any) -> dict[str, Any]:
    return group(code, parent, 20, UP, **more)


def compared(
    old: dict[str, Any], new: dict[str, Any], *pairs: tuple[str, str]
) -> tuple[set[str], dict[str, str]]:
    """Codes that are compared, and those that aren't with their reason; scales left out."""
    found = compare(old, new, units=UnitMap(frozenset(pairs))).to_document()
    apart = {one["group"]: one["reason"] for one in found["not_comparable"] if "scale" not in one}
    return {one["group"] for one in found["differences"]}, apart


def test_the_same_tree_is_compared_group_by_group():
    assert compared(tree(team("a"), team("b")), tree(team("a"), team("b"))) == ({"org", "a", "b"}, {})


def test_only_what_both_publish_is_compared():
    old = tree(team("a"), group("b", "org", 20), group("c", "org", 20))
    new = tree(group("a", "org", 20), team("b"), group("c", "org", 20))
    assert compared(old, new) == (
        {"org"},
        {"a": "withheld-new", "b": "withheld-old", "c": "withheld-both"},
    )


def test_units_that_went_and_came_are_said():
    assert compared(tree(team("a")), tree(team("b"))) == ({"org"}, {"a": "only-old", "b": "only-new"})


def test_a_map_carries_a_renamed_unit():
    assert compared(tree(team("a")), tree(team("b")), ("a", "b")) == ({"org", "b"}, {})


def department(*codes: str) -> list[dict[str, Any]]:
    return [group("dep", "org", 20 * len(codes), UP), *(team(code, "dep") for code in codes)]


def test_a_department_with_another_team_in_it_is_another_department():
    shown, apart = compared(tree(*department("a", "b")), tree(*department("a", "b", "c")))
    assert shown == {"org", "a", "b"}
    assert apart == {"dep": "defined-differently", "c": "only-new"}


def test_two_units_merged_can_only_be_compared_above():
    shown, apart = compared(tree(*department("a", "b")), tree(*department("x")), ("a", "x"), ("b", "x"))
    assert shown == {"org", "dep"}
    assert apart == {"a": "merged", "b": "merged"}


def test_a_unit_that_was_split_can_only_be_compared_above():
    shown, apart = compared(tree(*department("a")), tree(*department("x", "y")), ("a", "x"), ("a", "y"))
    assert shown == {"org", "dep"}
    assert apart == {"a": "split"}


def test_a_code_given_to_another_unit_is_not_taken_for_the_old_one():
    shown, apart = compared(tree(team("a"), team("b")), tree(team("b"), team("c")), ("a", "b"), ("b", "c"))
    assert (shown, apart) == ({"org", "b", "c"}, {})
    shown, apart = compared(tree(team("a"), team("b")), tree(team("b")), ("a", "b"))
    assert shown == {"org", "b"}
    assert apart == {"b": "only-old"}


def test_joined_units_are_found_back_by_what_is_in_them():
    small = [group("a", "org", 8, reason="joined"), group("b", "org", 9, reason="joined")]
    old = tree(*small, group("0", "org", 17, UP, grouping="stratum", units=["a", "b"]))
    again = tree(*small, group("4", "org", 17, UP, grouping="stratum", units=["b", "a"]))
    other = tree(*small, team("c"), group("0", "org", 37, UP, grouping="stratum", units=["a", "b", "c"]))
    assert "4" in compared(old, again)[0]
    assert compared(old, other)[1]["0"] in ("defined-differently", "only-new")
    assert "0" not in compared(old, other)[0]


def answer(label: str, **more: Any) -> dict[str, Any]:
    return group("1", None, 0, UP, grouping="tenure", name={"nl": label, "en": label + " in English"}, **more)


def test_an_answer_is_the_same_group_while_its_label_is():
    assert "1" in compared(tree(answer("kort")), tree(answer("kort")))[0]
    assert compared(tree(answer("kort")), tree(answer("korter")))[1] == {"1": "defined-differently"}


def test_a_crossing_is_the_same_when_what_it_crosses_is():
    def crossing(unit: str) -> dict[str, Any]:
        return group(f"{unit}*1", unit, 0, UP, grouping="unit*tenure", of=[["unit", unit], ["tenure", "1"]])

    old = tree(team("a"), answer("kort"), crossing("a"))
    assert "b*1" in compared(old, tree(team("b"), answer("kort"), crossing("b")), ("a", "b"))[0]
    assert compared(old, tree(team("a"), answer("lang"), crossing("a")))[1]["a*1"] == "defined-differently"
    assert compared(old, tree(team("a"), answer("kort")))[1] == {"a*1": "only-old"}


def reasons(instrument: dict[str, Any]) -> dict[str, str]:
    """What is said of each scale when the questionnaire became this one."""
    everything = {**UP, "down": UP["up"], "seen": shared(num(10), num(100))}
    old = document("old", [group("org", None, 100, everything)])
    new = document("new", [group("org", None, 100, everything)], instrument=instrument)
    return {one["scale"]: one["reason"] for one in compare(old, new).to_document()["not_comparable"]}


def changed(key: str, place: int, **changes: Any) -> dict[str, Any]:
    instrument = an_instrument()
    instrument[key][place] = {**instrument[key][place], **changes}
    return instrument


def test_the_same_questions_in_another_version_are_compared():
    assert reasons(an_instrument(version=2)) == {}
    assert reasons(an_instrument(id="other")) == {}


@pytest.mark.parametrize(
    ("instrument", "said"),
    [
        (changed("scales", 0, items=["up1"]), {"up": "scale-changed"}),
        (changed("scales", 2, kind="mean"), {"seen": "scale-changed"}),
        (changed("scales", 1, id="elsewhere"), {"down": "scale-changed", "elsewhere": "scale-changed"}),
        (changed("items", 2, reversed=False), {"down": "scale-changed"}),
        ({**changed("scales", 1, id="x"), "id": "other"}, {"down": "other-instrument", "x": "other-instrument"}),
    ],
)  # fmt: skip
def test_a_scale_that_asks_something_else_is_said(instrument, said):
    assert reasons(instrument) == said


def test_other_answers_to_choose_from_make_another_scale():
    options = {"agree": {**an_instrument()["options"]["agree"], "codes": [1, 2, 3, 4]}}
    assert set(reasons(an_instrument(options=options)).values()) == {"scale-changed"}


def test_a_scale_that_one_of_both_doesnt_show_is_said():
    both = {**UP, "down": UP["up"]}
    found = compare(tree(group("a", "org", 20, both)), tree(group("a", "org", 20, UP))).to_document()
    assert {"grouping": "unit", "group": "a", "scale": "down", "reason": "not-shown-new"} in found[
        "not_comparable"
    ]


def test_a_map_names_every_bad_row_by_its_line():
    with pytest.raises(FileFaults) as caught:
        read_map("old,new\na,b\nzz,b\na,yy\n\na,b\n", old={"a"}, new={"b"})
    assert [(fault.line, fault.reason) for fault in caught.value.faults] == [
        (3, "map-old"), (4, "map-new"), (6, "map-again"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"), [("", "map-header"), ("from;to\na;b\n", "map-header"), ("old;new\n", "map-empty")]
)
def test_a_map_without_its_columns_or_rows_says_so(text, reason):
    with pytest.raises(FileFaults) as caught:
        read_map(text, old={"a"}, new={"b"})
    assert [fault.reason for fault in caught.value.faults] == [reason]


def test_a_map_reads_what_spreadsheets_save():
    assert read_map("\ufeffOld;New\na;b\n", old={"a"}, new={"b"}).pairs == {("a", "b")}
