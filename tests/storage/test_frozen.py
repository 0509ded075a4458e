"""From opening on nothing can change the plan of a scan: not a row, not a bulk statement, not SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.access import Role
from app.core.lifecycle import State
from app.core.plan import from_json
from app.services import launching, planning
from app.storage.office import releases, scans, signal_reports
from app.storage.office.frozen import Frozen
from app.storage.office.releases import Release
from app.storage.office.scans import Scan
from app.storage.office.signal_reports import SignalReport
from app.storage.office.updates import Remark, Update, UpdateVersion
from tests import posted
from tests.factories import an_account, an_organisation
from tests.services.journeys import NOW, an_open_scan
from tests.storage.stores import BACKENDS, an_app


def set_plan(session: Session, scan: str) -> None:
    row = scans.get(session, scan)
    assert row is not None
    row.plan = row.plan.replace('"min_group":8', '"min_group":5')


def set_digest(session: Session, scan: str) -> None:
    row = scans.get(session, scan)
    assert row is not None
    row.plan_digest = "0" * 64


def go_back(session: Session, scan: str) -> None:
    row = scans.get(session, scan)
    assert row is not None
    row.state = State.DRAFT.value


def go_back_and_change(session: Session, scan: str) -> None:
    go_back(session, scan)
    set_plan(session, scan)


def remove(session: Session, scan: str) -> None:
    session.delete(scans.get(session, scan))


def in_bulk(session: Session, scan: str) -> None:
    session.execute(update(Scan).where(Scan.id == scan).values(plan="{}"))


def remove_in_bulk(session: Session, scan: str) -> None:
    session.execute(delete(Scan).where(Scan.id == scan))


def in_sql(session: Session, scan: str) -> None:
    session.execute(text("UPDATE scan SET plan = '{}' WHERE id = :scan"), {"scan": scan})


def state_in_sql(session: Session, scan: str) -> None:
    session.execute(text("UPDATE scan SET state = 'draft' WHERE id = :scan"), {"scan": scan})


def remove_in_sql(session: Session, scan: str) -> None:
    session.execute(text("DELETE FROM scan WHERE id = :scan"), {"scan": scan})


TRIES = (
    set_plan,
    set_digest,
    go_back,
    go_back_and_change,
    remove,
    in_bulk,
    remove_in_bulk,
    in_sql,
    state_in_sql,
    remove_in_sql,
)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_plan_of_an_open_scan_stays(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        place = an_open_scan(app)
        with place.store.reading() as session:
            before = scans.get(session, place.scan)
        assert before is not None
        for attempt in TRIES:
            check_refused(place.store.office, attempt, place.scan)
        with place.store.reading() as session:
            after = scans.get(session, place.scan)
        assert after is not None
        assert (after.plan, after.plan_digest, after.state) == (
            before.plan,
            before.plan_digest,
            State.OPEN.value,
        )


def check_refused(office: Callable, attempt: Callable[[Session, str], None], scan: str) -> None:  # type: ignore[type-arg]
    with pytest.raises((Frozen, DBAPIError)), office() as session:
        attempt(session, scan)


def test_dates_can_still_be_extended(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        with place.store.office() as session:
            row = scans.get(session, place.scan)
            assert row is not None and row.closes_on is not None
            row.closes_on = row.closes_on.replace(year=2027)


def test_a_draft_can_be_changed(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        with place.store.reading() as session:
            row = scans.get(session, place.scan)
        assert row is not None
        scan = planning.create_scan(
            place.store, name="Next", kind="pulse", instrument=from_json(row.plan).instrument,
            units="code,parent,name,headcount\norg,,All,40\n", by=place.command_line, now=NOW,
        )  # fmt: skip
        planning.choose(
            place.store,
            scan=scan,
            groupings=("unit",),
            min_group=10,
            way="slips",
            by=place.command_line,
            now=NOW,
        )
        launching.open_scan(place.store, scan=scan, checklist_confirmed=True, by=place.command_line, now=NOW)
        with place.store.reading() as session:
            opened = scans.get(session, scan)
        assert opened is not None and opened.settings is not None and opened.settings.min_group == 10


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_release_stays_as_it_is(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        place = an_open_scan(app)
        with place.store.office() as session:
            session.add(
                Release(scan_id=place.scan, edition=1, digest="d" * 64, document="{}", released_at=NOW)
            )

        def change(session: Session, scan: str) -> None:
            row = releases.latest(session, scan)
            assert row is not None
            row.document = "{1}"

        def drop(session: Session, scan: str) -> None:
            session.delete(releases.latest(session, scan))

        def bulk(session: Session, scan: str) -> None:
            session.execute(update(Release).values(document="{2}"))

        def sql(session: Session, scan: str) -> None:
            session.execute(text("UPDATE release SET document = '{3}'"))

        for attempt in (change, drop, bulk, sql):
            check_refused(place.store.office, attempt, place.scan)


BOARD_SQL = (
    "UPDATE board_update_version SET content_json = '{}' WHERE version = 1",
    "UPDATE board_update_version SET published_at = NULL WHERE version = 1",
    "DELETE FROM board_update_version WHERE version = 1",
    "UPDATE board_remark SET text = 'niets aan de hand'",
    "DELETE FROM board_remark",
    "UPDATE board_update SET version = 0",
    "DELETE FROM board_update",
)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_the_board_said_stays_also_for_sql(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        place = an_open_scan(app)
        by = an_account(place.store, place.organisation, Role.COORDINATOR)
        update = posted.publish(place.store, by, NOW)
        with place.store.office() as session:
            session.add(Remark(update_id=update, text="Ik zie er weinig van", language="nl", on=NOW.date()))
            session.add(
                UpdateVersion(
                    update_id=update, version=2, content_json=posted.content("Anders").to_json(),
                    by_role="coordinator",
                )
            )  # fmt: skip

        def version(session: Session, number: int) -> UpdateVersion:
            return session.query(UpdateVersion).filter_by(update_id=update, version=number).one()

        def change(session: Session, _scan: str) -> None:
            version(session, 1).content_json = "{}"

        def drop(session: Session, _scan: str) -> None:
            session.delete(version(session, 1))

        tries = [lambda session, _, sql=sql: session.execute(text(sql)) for sql in BOARD_SQL]
        for attempt in (change, drop, *tries):
            check_refused(place.store.office, attempt, place.scan)
        # A draft is still free, and a withdrawn update stays withdrawn.
        with place.store.office() as session:
            version(session, 2).content_json = posted.content("Nog anders").to_json()
        with place.store.office() as session:
            session.delete(version(session, 2))
            row = session.get(Update, update)
            assert row is not None
            row.withdrawn, row.withdrawn_why, row.withdrawn_at = True, "het klopte niet", NOW
        with pytest.raises(DBAPIError), place.store.office() as session:
            session.execute(text("UPDATE board_update SET withdrawn = (1 = 0)"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_signal_report_stays_as_it_is(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store = app.extensions["store"]
        organisation = an_organisation(store)
        row = SignalReport(
            organisation_id=organisation, digest="d" * 64, kind="yearly", window="2025-Q1--2025-Q4", language="nl",
            document="{}", released_on=date(2026, 1, 5), next_due=date(2027, 1, 31),
        )  # fmt: skip
        with store.office() as session:
            signal_reports.add(session, row)

        def change(session: Session, digest: str) -> None:
            found = signal_reports.by_digest(session, organisation, digest)
            assert found is not None
            found.document = "{1}"

        def drop(session: Session, digest: str) -> None:
            session.delete(signal_reports.by_digest(session, organisation, digest))

        def bulk(session: Session, _digest: str) -> None:
            session.execute(update(SignalReport).values(document="{2}"))

        def bulk_drop(session: Session, _digest: str) -> None:
            session.execute(delete(SignalReport))

        def sql(session: Session, _digest: str) -> None:
            session.execute(text("UPDATE signal_report SET document = '{3}'"))

        def day_in_sql(session: Session, _digest: str) -> None:
            session.execute(text("UPDATE signal_report SET next_due = '2099-01-01'"))

        def drop_in_sql(session: Session, _digest: str) -> None:
            session.execute(text("DELETE FROM signal_report"))

        for attempt in (change, drop, bulk, bulk_drop, sql, day_in_sql, drop_in_sql):
            check_refused(store.office, attempt, "d" * 64)
        with store.reading() as session:
            found = signal_reports.by_digest(session, organisation, "d" * 64)
            assert found is not None and (found.document, found.next_due) == ("{}", date(2027, 1, 31))
