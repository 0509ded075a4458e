import pytest

from app.core.access import (
    ACTS,
    NOT_AT_COMMAND_LINE,
    Actor,
    NotAllowed,
    Role,
    at_command_line,
    can,
    check,
    roles_from,
)


def somebody(*roles: Role) -> Actor:
    return Actor("somebody", 1, frozenset(roles), account=1)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", Role)
def test_can_and_check_never_disagree(act: str, role: Role) -> None:
    actor = somebody(role)
    if can(act, actor):
        check(act, actor)
    else:
        with pytest.raises(NotAllowed) as caught:
            check(act, actor)
        assert caught.value.needs == ACTS[act]
        assert role not in caught.value.needs


def test_nobody_without_a_role_can_do_anything() -> None:
    assert not any(can(act, somebody()) for act in ACTS)


def test_only_the_works_council_confirms_and_the_command_line_can_not() -> None:
    assert ACTS["confirm-scan"] == {Role.WORKS_COUNCIL}
    assert not can("confirm-scan", at_command_line(1))
    assert all(can(act, at_command_line(1)) for act in ACTS if act not in NOT_AT_COMMAND_LINE)


def test_the_command_line_does_nothing_of_advisers() -> None:
    """But for a lost link: each that is replaced is counted in public, whoever did it."""
    assert {act for act in ACTS if ACTS[act] == {Role.ADVISER}} - {"replace-link"} <= NOT_AT_COMMAND_LINE


def test_an_administrator_runs_no_scan_and_reads_no_result() -> None:
    admin = somebody(Role.ADMINISTRATOR)
    scan_acts = [act for act in ACTS if act.endswith("-scan")]
    assert len(scan_acts) > 5
    assert not any(can(act, admin) for act in [*scan_acts, "see-scans", "read-results", "print-slips"])


def test_a_manager_reads_what_was_released_and_answers_advice() -> None:
    assert {act for act in ACTS if can(act, somebody(Role.MANAGER))} == {
        "read-results",
        "read-reports",
        "read-advice",
        "answer-advice",
        "hold-consultation",
        "agree-sharing",
        "post-update",
        "approve-update",
        "read-drafts",
        "see-measures",
        "make-team-talk",
        "record-decision",
    }


def test_signals_and_comments_are_for_advisers_alone() -> None:
    for act in ("keep-signals", "review-comments", "release-report", "give-advice"):
        assert ACTS[act] == {Role.ADVISER}


def test_a_coordinator_prints_slips_only_where_the_organisation_chose_so() -> None:
    assert not can("print-slips", somebody(Role.COORDINATOR))
    assert can("print-slips-by-choice", somebody(Role.COORDINATOR))


def test_two_roles_can_do_what_either_can() -> None:
    both = somebody(Role.MANAGER, Role.WORKS_COUNCIL)
    assert can("confirm-scan", both)
    assert can("read-results", both)


def test_roles_are_read_from_their_names() -> None:
    assert roles_from(["adviser", "works-council"]) == {Role.ADVISER, Role.WORKS_COUNCIL}
    with pytest.raises(ValueError):
        roles_from(["boss"])
