import pytest

from app.core.lifecycle import TRANSITIONS, State, WrongState, after, is_frozen, may

LIFE = ["complete", "open", "seal", "release", "archive"]


def test_a_scan_goes_from_draft_to_archived() -> None:
    state = State.DRAFT
    for act in LIFE:
        state = after(act, state)
    assert state is State.ARCHIVED


def test_only_a_scan_that_was_never_opened_can_go_back() -> None:
    order = list(State)
    backwards = [
        (start, end)
        for starts, end in TRANSITIONS.values()
        for start in starts
        if order.index(end) <= order.index(start)
    ]
    assert backwards == [(State.READY, State.DRAFT)]


@pytest.mark.parametrize("act", TRANSITIONS)
@pytest.mark.parametrize("state", State)
def test_may_and_after_never_disagree(act: str, state: State) -> None:
    if may(act, state):
        assert after(act, state) in State
    else:
        with pytest.raises(WrongState) as caught:
            after(act, state)
        assert (caught.value.act, caught.value.state) == (act, state)


def test_settings_are_frozen_from_opening_on() -> None:
    assert [state for state in State if not is_frozen(state)] == [State.DRAFT, State.READY]


def test_a_sealed_scan_can_be_archived_without_a_release() -> None:
    assert after("archive", State.SEALED) is State.ARCHIVED


def test_an_act_without_a_transition_still_says_something_sensible() -> None:
    assert "extend" in str(WrongState("extend", State.DRAFT))
