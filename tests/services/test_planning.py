from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import draft as drafts
from app.core.access import NotAllowed, Role, at_command_line
from app.core.instrument import InstrumentFaults
from app.core.lifecycle import State
from app.core.plan import OPEN_LINK, BadPlan
from app.core.refusal import Refused
from app.core.strata import TooFewInvited
from app.core.units import FileFaults
from app.services import planning
from app.storage.office.frozen import Frozen
from app.storage.office.organisations import Organisation
from tests.services.planned import INSTRUMENT, NOW, UNITS, Office, an_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as found:
        yield found


def create(office: Office, **changes: object) -> str:
    given = {"name": "First scan", "kind": "baseline", "instrument": INSTRUMENT, "units": UNITS, **changes}
    return planning.create_scan(office.store, **given, by=office.coordinator, now=NOW)  # type: ignore[arg-type]


def draft(office: Office) -> str:
    made = planning.start(office.store, name="First", kind="baseline", by=office.coordinator, now=NOW)
    planning.set_instrument(office.store, scan=made, text=INSTRUMENT, by=office.coordinator, now=NOW)
    planning.set_units(office.store, scan=made, text=UNITS, by=office.coordinator, now=NOW)
    return made


def test_a_scan_made_at_once_has_a_whole_plan(office: Office) -> None:
    row = office.scan(create(office, groupings=["tenure", "unit"], min_group=8))
    plan = row.settings
    assert plan is not None
    assert len(row.id) == 10
    assert set(row.id) <= set("abcdefghijklmnopqrstuvwxyz23456789")
    assert [stratum.cells for stratum in plan.strata] == [("org", "south"), ("north",), ("house",)] or len(
        plan.strata
    ) == 3
    assert plan.groupings == ("unit", "tenure")
    assert (row.state, row.plan_digest) == (State.DRAFT, plan.digest)
    assert office.acts() == ["create-scan"]


def test_the_command_line_makes_smaller_strata_than_the_pages_propose(office: Office) -> None:
    at_once = office.scan(create(office)).settings
    in_steps = office.scan(draft(office)).settings
    assert at_once is not None
    assert in_steps is not None
    assert min(stratum.invited for stratum in at_once.strata) >= 8
    assert min(stratum.invited for stratum in in_steps.strata) >= 16
    assert len(in_steps.strata) < len(at_once.strata)


def test_the_command_line_may_plan(office: Office) -> None:
    by = at_command_line(office.organisation)
    given = {"name": "N", "kind": "baseline", "instrument": INSTRUMENT, "units": UNITS}
    assert planning.create_scan(office.store, **given, by=by, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"units": "code,parent,name,headcount\norg,,De Linde,x\n"}, FileFaults),
        ({"units": "code,parent,name,headcount\norg,,De Linde,7\n"}, TooFewInvited),
        ({"instrument": "id = 3"}, InstrumentFaults),
        ({"groupings": ["unit", "shoe-size"]}, BadPlan),
        ({"min_group": 4}, BadPlan),
        ({"way": "telepathy"}, BadPlan),
        ({"kind": "census"}, BadPlan),
        ({"name": "  "}, BadPlan),
        ({"kind": "follow-up"}, Refused),
    ],
)
def test_nothing_is_made_of_something_wrong(
    office: Office, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        create(office, **changes)
    assert office.acts() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_a_coordinator_plans(office: Office, role: Role) -> None:
    by = office.actor(role)
    scan = draft(office)
    acts = [
        lambda: planning.start(office.store, name="N", kind="baseline", by=by, now=NOW),
        lambda: planning.set_units(office.store, scan=scan, text=UNITS, by=by, now=NOW),
        lambda: planning.set_instrument(office.store, scan=scan, text=INSTRUMENT, by=by, now=NOW),
        lambda: planning.choose(
            office.store, scan=scan, groupings=["unit"], min_group=9, way="slips", by=by, now=NOW
        ),
        lambda: planning.join(office.store, scan=scan, strata=[0, 1], by=by, now=NOW),
        lambda: planning.reset_strata(office.store, scan=scan, by=by, now=NOW),
        lambda: planning.rename(office.store, scan=scan, name="N", kind="pulse", by=by, now=NOW),
        lambda: planning.discard(office.store, scan=scan, by=by, now=NOW),
    ]
    before = office.scan(scan).plan_digest
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert office.scan(scan).plan_digest == before


def test_a_scan_of_another_organisation_does_not_exist(office: Office) -> None:
    scan = draft(office)
    with office.store.office() as session:
        other = Organisation(slug="other", name="Other", settings_json="{}")
        session.add(other)
        session.flush()
        elsewhere = other.id
    by = Office(office.app, office.store, elsewhere).coordinator
    with pytest.raises(Refused) as caught:
        planning.set_units(office.store, scan=scan, text=UNITS, by=by, now=NOW)
    assert caught.value.reason == "no-scan"


def test_bad_rows_leave_the_units_as_they_were(office: Office) -> None:
    scan = draft(office)
    before = office.scan(scan).draft
    with pytest.raises(FileFaults):
        planning.set_units(
            office.store, scan=scan, text=UNITS + "x,gone,X,3\n", by=office.coordinator, now=NOW
        )
    assert office.scan(scan).draft == before


def test_strata_are_joined_by_hand_and_proposed_again(office: Office) -> None:
    scan = draft(office)
    proposed = office.scan(scan).plan_digest
    planning.join(office.store, scan=scan, strata=[0, 1], by=office.coordinator, now=NOW)
    plan = office.scan(scan).settings
    assert plan is not None
    assert len(plan.strata) == len(drafts.proposal(plan.tree, 8)) - 1
    planning.reset_strata(office.store, scan=scan, by=office.coordinator, now=NOW)
    assert office.scan(scan).plan_digest == proposed


@pytest.mark.parametrize("strata", [[], [0], [0, 99]])
def test_joining_needs_two_strata_that_exist(office: Office, strata: list[int]) -> None:
    scan = draft(office)
    with pytest.raises(BadPlan):
        planning.join(office.store, scan=scan, strata=strata, by=office.coordinator, now=NOW)


def test_a_chosen_stratum_under_the_smallest_group_is_refused_by_name(office: Office) -> None:
    scan = draft(office)
    parts = [["org"], ["north", "south"], ["house"]]
    with pytest.raises(TooFewInvited, match=r"De Linde \(rest\).* has 3 people"):
        planning.choose_strata(office.store, scan=scan, parts=parts, by=office.coordinator, now=NOW)


def test_a_larger_smallest_group_is_refused_when_a_hand_made_stratum_is_too_small(office: Office) -> None:
    scan = draft(office)
    parts = [["north"], ["org", "south"], ["house"]]
    planning.choose_strata(office.store, scan=scan, parts=parts, by=office.coordinator, now=NOW)
    with pytest.raises(TooFewInvited):
        planning.choose(
            office.store,
            scan=scan,
            groupings=["unit"],
            min_group=19,
            way="slips",
            by=office.coordinator,
            now=NOW,
        )


def test_an_open_link_is_one_stratum_without_background_groupings(office: Office) -> None:
    scan = draft(office)
    planning.choose(
        office.store,
        scan=scan,
        groupings=["unit", "tenure"],
        min_group=8,
        way=OPEN_LINK,
        by=office.coordinator,
        now=NOW,
    )
    plan = office.scan(scan).settings
    assert plan is not None
    assert [stratum.invited for stratum in plan.strata] == [60]
    assert plan.groupings == ("unit",)


def test_a_questionnaire_without_a_chosen_background_drops_that_grouping(office: Office) -> None:
    scan = draft(office)
    planning.choose(
        office.store,
        scan=scan,
        groupings=["unit", "tenure"],
        min_group=8,
        way="slips",
        by=office.coordinator,
        now=NOW,
    )
    without = INSTRUMENT[: INSTRUMENT.index('[[items]]\nid = "tenure"')]
    without = without.replace('[options.tenure]\ncodes = [1, 2]\nlabels.en = ["shorter", "longer"]\n', "")
    planning.set_instrument(office.store, scan=scan, text=without, by=office.coordinator, now=NOW)
    plan = office.scan(scan).settings
    assert plan is not None
    assert plan.groupings == ("unit",)


def test_a_follow_up_starts_from_the_scan_it_follows(office: Office) -> None:
    first = create(office, groupings=["unit", "tenure"], min_group=9)
    with pytest.raises(Refused, match="opened before"):
        planning.start(
            office.store, name="2", kind="follow-up", previous=first, by=office.coordinator, now=NOW
        )
    planning.open_scan(office.store, scan=first, checklist_confirmed=True, by=office.coordinator, now=NOW)
    second = planning.start(
        office.store, name="2", kind="follow-up", previous=first, by=office.coordinator, now=NOW
    )
    assert office.scan(second).previous_id == first
    assert office.scan(second).plan_digest == office.scan(first).plan_digest
    third = create(office, kind="follow-up", name="3")
    assert office.scan(third).previous_id == first


def test_a_draft_can_be_removed_and_an_opened_scan_can_not(office: Office) -> None:
    scan, opened = draft(office), create(office)
    planning.discard(office.store, scan=scan, by=office.coordinator, now=NOW)
    with pytest.raises(AssertionError):
        office.scan(scan)
    planning.open_scan(office.store, scan=opened, checklist_confirmed=True, by=office.coordinator, now=NOW)
    with pytest.raises(Frozen):
        planning.discard(office.store, scan=opened, by=office.coordinator, now=NOW)
    assert office.acts()[-2:] == ["discard-scan", "open-scan"]


def test_every_change_is_in_the_audit_log(office: Office) -> None:
    scan = draft(office)
    planning.join(office.store, scan=scan, strata=[0, 1], by=office.coordinator, now=NOW)
    planning.reset_strata(office.store, scan=scan, by=office.coordinator, now=NOW)
    planning.rename(office.store, scan=scan, name="N", kind="pulse", by=office.coordinator, now=NOW)
    assert office.acts() == [
        "create-scan", "set-instrument", "set-units", "join-strata", "reset-strata", "rename-scan"
    ]  # fmt: skip
