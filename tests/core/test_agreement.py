"""The sharing agreement, decisions and the agenda of a consultation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import decision
from app.core.agreement import Agreement, Side, Signature, Terms, check_signature, check_terms
from app.core.consultation import NEWS, POINTS, Point, agenda, check_rewrite
from app.core.decision import State
from app.core.refusal import Refused

DAY = date(2026, 11, 23)
TERMS = Terms("themes in words", "names")
DRAFT = Agreement(1, TERMS, "Vera", DAY)
VERA, MARJAN = Signature(Side.ADVISER, "Vera", 1, DAY), Signature(Side.MANAGEMENT, "Marjan", 2, DAY)


@given(st.integers(-5, 60), st.integers(-5, 60), st.integers(-5, 60))
def test_no_agreement_goes_below_the_floors(signals: int, words: int, weeks: int) -> None:
    terms = replace(TERMS, signal_min=signals, words_min=words, answer_weeks=weeks)
    try:
        check_terms(terms)
    except Refused:
        assert not (5 <= signals <= 50 and 3 <= words <= min(20, signals) and 1 <= weeks <= 26)
    else:
        assert signals >= 5 and 3 <= words <= signals and weeks >= 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"shares": " "}, "shares"), ({"keeps": ""}, "keeps"), ({"rhythm": "daily"}, "rhythm"), ({"words_min": 6}, "words_min")],
)  # fmt: skip
def test_terms_that_say_nothing_are_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        check_terms(replace(TERMS, **change))
    assert refused.value.reason == reason


def test_it_holds_when_two_accounts_have_signed() -> None:
    assert not DRAFT.holds and DRAFT.since is None
    check_signature(DRAFT, VERA, 1)
    half = replace(DRAFT, signatures=(VERA,))
    assert not half.holds
    for wrong, reason in ((VERA, "signed-already"), (replace(MARJAN, account=1), "own-account")):
        with pytest.raises(Refused) as refused:
            check_signature(half, wrong, 1)
        assert refused.value.reason == reason
    check_signature(half, MARJAN, 1)
    assert replace(half, signatures=(VERA, replace(MARJAN, on=DAY + timedelta(3)))).since == DAY + timedelta(
        3
    )
    with pytest.raises(Refused) as refused:
        check_signature(half, MARJAN, 2)
    assert refused.value.reason == "not-newest"


@given(st.sampled_from(State), st.integers(-400, 400))
def test_a_decision_is_late_from_the_day_after_until_it_is_over(state: State, days: int) -> None:
    late = decision.is_late(state, DAY, DAY + timedelta(days))
    assert late == (days > 0 and state not in (State.DONE, State.STOPPED))


def test_what_is_over_stays_over_and_stopping_needs_a_reason() -> None:
    for before in (State.DONE, State.STOPPED):
        for after in State:
            with pytest.raises(Refused, match="already"):
                decision.check_change(before, after, "why")
    with pytest.raises(Refused, match="why"):
        decision.check_change(State.DECIDED, State.STOPPED, " ")
    decision.check_change(State.UNDER_WAY, State.DONE, "")


POINT = st.builds(Point, st.sampled_from(POINTS), st.text(max_size=5), st.one_of(st.none(), st.dates()))


@given(st.lists(POINT), st.one_of(st.none(), st.dates()))
def test_an_agenda_leaves_out_old_news_and_nothing_that_stands_open(
    points: list[Point], since: date | None
) -> None:
    made = agenda(points, since=since)
    left_out = [point for point in points if point not in made]
    assert set(made) <= set(points)
    assert all(point.kind in NEWS and since and point.on and point.on < since for point in left_out)
    order = [POINTS.index(point.kind) for point in made]
    assert order == sorted(order)


@given(st.booleans(), st.sampled_from(Side), st.sampled_from(Side), st.integers(1, 3), st.integers(1, 3))
def test_nobody_changes_a_note_of_another_or_of_the_other_side(
    closed: bool, side: Side, writer_side: Side, account: int, writer: int
) -> None:
    facts = {"closed": closed, "side": side, "writer_side": writer_side, "account": account, "writer": writer}
    if not closed and account == writer and side is writer_side:
        check_rewrite(**facts)
        return
    with pytest.raises(Refused) as refused:
        check_rewrite(**facts)
    assert refused.value.reason == ("closed" if closed else "not-yours")
